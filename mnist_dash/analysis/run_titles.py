"""What runs, and several of them as one, are called beside others."""

from collections.abc import Sequence
from itertools import groupby

from mnist_dash.analysis.seeds import SeedGroup
from mnist_dash.methods.registry import get_method
from mnist_dash.runs.records import Run


def title_of(group: SeedGroup) -> str:
    """The title of a line or a row."""
    if group.is_several:
        return f"{list_spans(group.tested)} {name_of(group)}, {len(group.tested)} seeds"
    return f"{group.runs[0].id} {group.runs[0].name}"


def name_of(group: SeedGroup) -> str:
    """What all runs of a group are called, or else their method."""
    names = {run.name for run in group.runs}
    return names.pop() if len(names) == 1 else get_method(group.runs[0].spec.method).title


def call_group(group: SeedGroup) -> str:
    """A group by the numbers of its runs: Run 3, or Runs 1–4."""
    return f"{'Runs' if group.is_several else 'Run'} {list_spans(group.counted)}"


def list_spans(runs: Sequence[Run]) -> str:
    """The numbers of runs in little room: 1–3, 7."""
    numbers = sorted(run.id for run in runs)
    # What follows on from each other has the same distance to its place.
    spans = [[number for _, number in span] for _, span in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    return ", ".join(f"{span[0]}–{span[-1]}" if len(span) > 1 else f"{span[0]}" for span in spans)


def list_numbers(runs: Sequence[Run]) -> str:
    """The numbers of runs as 1, 2 and 3."""
    *others, last = sorted(run.id for run in runs)
    return f"{', '.join(map(str, others))} and {last}" if others else str(last)
