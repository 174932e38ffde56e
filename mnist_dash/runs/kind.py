"""What a run is for, and what follows from that: a table of kinds, so that no page asks how a run came to be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunKind:
    """A kind of run, and what can be done with one.

    `keeps_model`: it trains one model, which is kept, so that it can be opened, compared, reported, copied and taken
    home; `is_tested`: the data set's test images are read when it ends; `is_offered`: its model can be chosen wherever
    one answers; `can_continue`: it can be trained further once it has ended, where its method has epochs.
    """

    name: str
    keeps_model: bool
    is_tested: bool
    is_offered: bool
    can_continue: bool


TRAINING = RunKind("training", keeps_model=True, is_tested=True, is_offered=True, can_continue=True)
"""A run that somebody starts for its model."""
TRIAL = RunKind("trial", keeps_model=True, is_tested=False, is_offered=False, can_continue=False)
"""One of the runs of a sweep, which compares them as they are, on validation images alone."""
AUDIT = RunKind("audit", keeps_model=False, is_tested=True, is_offered=False, can_continue=False)
"""A network for each fold of a data set, which doubts its labels; none of them is kept."""
