"""What can honestly be said of several runs: where their settings differ, and whether their accuracies do."""

from collections.abc import Mapping, Sequence

from mnist_dash.methods.kinds import Value
from mnist_dash.methods.registry import HYPERPARAMETERS
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.records import Run, RunScore

Setting = Value | tuple[int, ...]
Settings = Mapping[str, tuple[Setting, ...]]
"""What each of several specs has for each field, by the field's name."""


def compare_settings(specs: Sequence[RunSpec], seeds: Sequence[Setting] = ()) -> tuple[Settings, Settings]:
    """The fields in which `specs` differ, and those in which all agree, each with the value of every spec.

    `seeds` stand for the seeds of the first specs, where these are not one alone.
    """
    names = ("method", "data", *_list_hyperparameters(specs), "continued")
    fields = {name: tuple(_find_value(spec, name) for spec in specs) for name in names}
    fields["seed"] = (*seeds, *fields["seed"][len(seeds) :])
    differing = {name: values for name, values in fields.items() if len(set(values)) > 1}
    return differing, {name: values for name, values in fields.items() if name not in differing}


def _list_hyperparameters(specs: Sequence[RunSpec]) -> list[str]:
    had = {name for spec in specs for name in spec.parameters}
    return [name for name in HYPERPARAMETERS if name in had]


def _find_value(spec: RunSpec, name: str) -> Setting:
    """The value of a field; an empty text where the method has none of that name."""
    if name in HYPERPARAMETERS:
        return spec.parameters.get(name, "")
    value: Setting = getattr(spec, name)
    return value


def are_comparable(runs: Sequence[Run]) -> bool:
    """Whether the accuracies of `runs` were measured on the same test images, as far as is known."""
    return len({(run.spec.data, run.score.images) for run in runs if run.score}) <= 1


def find_close_to_best(runs: Sequence[Run]) -> tuple[Run | None, list[Run]]:
    """The run with the best test accuracy, and those whose intervals overlap its own.

    Intervals that do not overlap speak for a difference; such that do leave it open, and prove no equality: the runs
    share their test images, of which only a paired test could make use.
    """
    tested = [(run, run.score) for run in runs if run.score]
    if not tested:
        return None, []
    best, highest = max(tested, key=lambda pair: pair[1].accuracy)
    return best, [run for run, other in tested if run is not best and _overlap(highest, other)]


def _overlap(one: RunScore, other: RunScore) -> bool:
    return one.low <= other.high and other.low <= one.high
