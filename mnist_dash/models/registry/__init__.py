"""Models by the name that a person gives: bundled, of a run in the database, or a file."""
