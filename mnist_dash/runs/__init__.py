"""Runs that cannot be lost: the database, the queue, and the supervisor that starts one process a run."""
