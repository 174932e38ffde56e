"""What compared runs scored on the test images, how sure that is, and what it allows to say."""

from collections.abc import Sequence

import streamlit as st

from mnist_dash.analysis.run_titles import list_numbers
from mnist_dash.analysis.run_verdicts import write_over_seeds, write_verdict
from mnist_dash.analysis.seeds import SeedGroup, group_by_seed
from mnist_dash.escaping import escape_cell
from mnist_dash.figures import intervals
from mnist_dash.figures.intervals import Interval, describe_group
from mnist_dash.runs.records import Run, State
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import percent

_OVERLAP = (
    "The interval of a run says how far the accuracy may lie off because the test images are only some of all possible "
    "ones. It says nothing of other seeds. The interval of several seeds says how far their mean may lie off because "
    "the seeds are only some of all possible ones, by Student's t."
)
_SEEDS = "By Student's t over these runs' test accuracies: it covers the luck of the seed, not that of the test images."


def show(groups: Sequence[SeedGroup]) -> None:
    """The test accuracies of `groups` with their intervals."""
    runs = [run for group in groups for run in group.counted]
    rows = [row for group in groups if (row := describe_group(group))]
    several = [group for group in groups if group.is_several]
    repeats = several or [group for group in group_by_seed(runs) if group.is_several]
    means = [
        row for group in repeats if not several and (row := describe_group(group, f"Mean of {len(group.tested)} seeds"))
    ]
    st.markdown("**Test accuracy with 95 % interval**", help=_OVERLAP)
    if rows:
        _plot([*rows, *means])
        _say_verdict([run for group in groups if not group.is_several for run in group.runs if run.score])
    else:
        st.caption("None of these runs has been tested yet: that is done once, at the end.")
    for group in repeats if len(groups) == 1 or not several else ():
        st.markdown(write_over_seeds(group), help=_SEEDS)
    _tell_uncounted(groups)


def _say_verdict(runs: Sequence[Run]) -> None:
    if words := write_verdict(runs):
        st.markdown(words)


def _plot(rows: Sequence[Interval]) -> None:
    figure = plot_shared(intervals.plot_intervals, rows, colours())
    chart(figure, key="intervals", height=intervals.height(len(rows)), alt=f"Test accuracy by run: {len(rows)}")


def show_table(groups: Sequence[SeedGroup]) -> None:
    """The figures of `groups` to read and copy; nothing where none has been tested."""
    rows = [row for group in groups if (row := describe_group(group))]
    if rows:
        with st.expander("The test accuracies as a table", icon=":material/table:"):
            st.dataframe([_cells(row) for row in rows], hide_index=True, alt="Test accuracies with their intervals")


def _cells(row: Interval) -> dict[str, str]:
    limits = {"95 % from": percent(row.low), "to": percent(row.high)}
    return {"Run": escape_cell(row.name), "Test accuracy": percent(row.accuracy), **limits, "Of": row.of}


def _tell_uncounted(groups: Sequence[SeedGroup]) -> None:
    """Which runs have no accuracy here, and why."""
    untested = [run for group in groups for run in group.runs if run.state is State.DONE and not run.score]
    for reason, runs in (
        ("the data set has no test images", [run for run in untested if run.kind.is_tested]),
        ("trials are compared on validation images alone", [run for run in untested if not run.kind.is_tested]),
    ):
        if runs:
            st.caption(f"Not tested, since {reason}: {list_numbers(runs)}.")
    for group in groups:
        if group.is_several and (uncounted := group.describe_uncounted()):
            st.caption(uncounted)
