"""The names of runs' models: a number, or a number with what tells its best epoch."""

BEST = ":best"
"""Behind a run's number: its best epoch on validation images, instead of the last one."""


def is_run(name: str) -> bool:
    """Whether a name is that of a run's model."""
    return name.removesuffix(BEST).isdecimal()


def number_of(name: str) -> int:
    """The number of the run whose name it is, where `is_run` holds."""
    return int(name.removesuffix(BEST))
