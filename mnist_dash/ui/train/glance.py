"""How often a page looks at a run that somebody watches."""

import time

from mnist_dash.runs.records import Run
from mnist_dash.ui.shell import resources

GLANCE = 1.0
"""Seconds between two looks at a run that is going on."""
SOON, FRESH = 0.3, 20.0
"""Seconds between two looks while the first batches are waited for, and after its start in which they may come soon."""

FULL = 5.0
"""Seconds between two looks at one that has ended, while whoever looks may start no other."""


def choose_glance(run: Run, *, full: bool) -> float | None:
    """Seconds between two looks at the run, None where nothing changes any more; `full`: no other may be started."""
    if not run.changing:
        return FULL if full else None
    begun = run.epoch or time.time() - run.created > FRESH or resources.run_feed(run.id).look().recent
    return GLANCE if begun else SOON
