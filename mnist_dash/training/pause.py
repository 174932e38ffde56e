"""How the process of a paused run waits: with everything in memory for a while, so that it goes on at once."""

import time

from mnist_dash.runs.recorder import Command, RunRecorder

LINGER = 600.0
"""Seconds that a paused process keeps its memory; then it ends, and the run goes on from its last finished epoch."""
GLANCE = 0.2
"""Seconds between two looks at what is wanted."""


def wait(recorder: RunRecorder, linger: float = LINGER) -> Command:
    """Pause until something else is wanted; PAUSE where the run was left to a later process."""
    command = recorder.pause(attached=True)
    deadline = time.monotonic() + linger
    while command is Command.PAUSE:
        if time.monotonic() >= deadline and recorder.leave():
            return Command.PAUSE
        time.sleep(GLANCE)
        command = recorder.read_command()
    return command
