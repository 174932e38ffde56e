"""What the test accuracies of several runs allow to say, in words."""

from collections.abc import Sequence

from mnist_dash.analysis.comparison import are_comparable, find_close_to_best
from mnist_dash.analysis.run_titles import list_numbers
from mnist_dash.analysis.seeds import SeedGroup
from mnist_dash.runs.records import Run
from mnist_dash.words import interval, percent


def write_verdict(runs: Sequence[Run]) -> str:
    """What the intervals of tested `runs` allow to say; nothing where there are fewer than two."""
    best, close = find_close_to_best(runs)
    if best is None or len(runs) < 2:
        return ""
    if not are_comparable(runs):
        return "These runs were tested on different images: their accuracies cannot be compared."
    equal = [run for run in runs if run.score and best.score and run.score.accuracy == best.score.accuracy]
    if len(equal) > 1:
        return f"Runs {list_numbers(equal)} are best, with the same number of test images right."
    if close:
        overlap = "interval of run {} overlaps" if len(close) == 1 else "intervals of runs {} overlap"
        return f"Run {best.id} is best, but the {overlap.format(list_numbers(close))} its own: that may be chance."
    return (
        f"Run {best.id} is best, and no other interval overlaps its own: the choice of test images alone hardly "
        "explains the difference."
    )


def write_over_seeds(group: SeedGroup) -> str:
    """The mean of runs that differ in their seed alone, in words."""
    mean, low, high = group.interval
    return (
        f"Runs {list_numbers(group.tested)} differ in their seed alone. Mean over the {len(group.tested)} seeds: "
        f"**{percent(mean)}**, {interval(low, high)}."
    )
