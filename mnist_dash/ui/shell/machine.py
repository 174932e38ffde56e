"""How quick this machine is, for pages that say how long something will take on it."""

from mnist_dash.runs.pace import read_first_pace
from mnist_dash.ui.shell import resources


def find_pace() -> float | None:
    """How much longer than calculated runs take here, as `pace.find_pace`; None where nothing was timed yet."""
    # What is noted while somebody waits for it is looked at each time, the runs once in a while.
    return resources.pace_of_runs() or read_first_pace(resources.settings())
