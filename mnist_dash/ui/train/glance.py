"""How often a page looks at a run that somebody watches."""

import time

from mnist_dash.runs.records import Run
from mnist_dash.ui.shell import resources

GLANCE = 1.0
"""Seconds between two looks at a run that is going on."""
SOON, FRESH = 0.3, 20.0
"""Seconds between two looks while the first batches are waited for, and after its start in which they may come soon."""


def choose_glance(run: Run) -> float | None:
    """Seconds between two looks at the run, None where nothing changes any more."""
    if not run.changing:
        return None
    begun = run.epoch or time.time() - run.created > FRESH or resources.run_feed(run.id).look().recent
    return GLANCE if begun else SOON
