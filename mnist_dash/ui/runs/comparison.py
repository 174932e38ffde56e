"""Runs side by side: their curves, what they scored and how sure that is, and where their settings differ."""

from collections.abc import Sequence

import streamlit as st

from mnist_dash.analysis import comparison
from mnist_dash.analysis.comparison import Repeats, Setting, Settings
from mnist_dash.figures import intervals, overlay
from mnist_dash.figures.intervals import Interval
from mnist_dash.figures.overlay import Clock, Metric, Track
from mnist_dash.methods.registry import HYPERPARAMETERS, get_method
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.records import Run, State
from mnist_dash.ui.components.chart import chart
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import interval, percent

NEWEST = 5
"""Runs that are compared where none is selected."""
_MOST = 20
"""Runs beyond this many would only cover each other."""
_METRICS = tuple(Metric)
_CLOCKS = {Clock.EPOCHS: "By epoch", Clock.SECONDS: "By seconds of training"}
_OVERLAP = (
    "Each interval says how far the accuracy may lie off because the test images are only some of all possible ones. "
    "It says nothing of other seeds: repeat a run with several to see how much they matter."
)
_SEEDS = "By Student's t over these runs' test accuracies: it covers the luck of the seed, not that of the test images."


def newest_of(runs: Sequence[Run]) -> list[Run]:
    """The newest of `runs` that have something to show."""
    return [run for run in runs if run.epoch and not run.spec.folds][:NEWEST]


def show(runs: Sequence[Run]) -> None:
    """Everything that can be compared of `runs`, among which audits are none."""
    audits = [run for run in runs if run.spec.folds]
    if audits:
        st.caption(f"Run {list_numbers(audits)}: an audit trains a network for each fold and keeps none to compare.")
        runs = [run for run in runs if not run.spec.folds]
    if not runs and not audits:
        st.caption("No run has finished an epoch yet. As soon as one has, its curve appears here.")
    if not runs:
        return
    if len(runs) > _MOST:
        st.caption(f"Of the {len(runs)} selected runs, the first {_MOST} are compared.")
    _compare(runs[:_MOST])


def _compare(runs: Sequence[Run]) -> None:
    learning, scored = st.columns([3, 2], gap="large")
    with learning:
        if any(run.spec.has_epochs for run in runs):
            _curves([run for run in runs if run.epoch and run.spec.has_epochs])
        _tell_without_epochs([run for run in runs if not run.spec.has_epochs])
    with scored:
        _accuracies([run for run in runs if run.score])
        _tell_untested([run for run in runs if run.state is State.DONE and not run.score])
    _settings(runs)


def _curves(runs: Sequence[Run]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        metric = st.selectbox(
            "Curve",
            _METRICS,
            format_func=str.capitalize,
            key=Key.METRIC,
            label_visibility="collapsed",
            persist_state="session",
            width=220,
        )
        clock = st.segmented_control(
            "Against",
            _CLOCKS,
            default=Clock.EPOCHS,
            format_func=_CLOCKS.__getitem__,
            required=True,
            key=Key.CLOCK,
            label_visibility="collapsed",
            persist_state="session",
        )
    tracks = [Track(title_of(run), resources.epochs_of(run.id, run.epoch)) for run in runs]
    figure = overlay.plot_overlay(tracks, metric, colours(), clock)
    chart(figure, key="overlay", height=overlay.HEIGHT, alt=f"{metric.capitalize()} by run: {len(tracks)}")
    if not tracks:
        st.caption("None of these runs has finished an epoch.")


def _tell_without_epochs(runs: Sequence[Run]) -> None:
    """Which runs have no curve, and why."""
    if runs:
        st.caption(f"Without a curve, since their methods have no epochs: {list_numbers(runs)}.")


def title_of(run: Run) -> str:
    """A run as it is called beside others."""
    return f"{run.id} {run.name}"


def _accuracies(runs: Sequence[Run]) -> None:
    repeats = comparison.group_repeats(runs)
    rows = [*map(_interval, runs), *map(_mean, repeats)]
    st.markdown("**Test accuracy with 95 % interval**", help=_OVERLAP)
    if not rows:
        st.caption("None of these runs has been tested yet: that is done once, at the end.")
        return
    figure = intervals.plot_intervals(rows, colours())
    chart(figure, key="intervals", height=intervals.height(len(rows)), alt=f"Test accuracy by run: {len(runs)}")
    st.markdown(write_verdict(runs))
    for group in repeats:
        st.markdown(write_over_seeds(group), help=_SEEDS)


def _tell_untested(runs: Sequence[Run]) -> None:
    """Which ended runs have no accuracy here, and why."""
    if runs:
        st.caption(f"Not tested, since the data set has no test images: {list_numbers(runs)}.")


def _interval(run: Run) -> Interval:
    assert run.score is not None  # noqa: S101 - the caller has looked
    score = run.score
    return Interval(title_of(run), score.accuracy, score.low, score.high, f"{score.images:,} test images")


def _mean(repeats: Repeats) -> Interval:
    name = f"Mean of {len(repeats.runs)} seeds"
    return Interval(name, repeats.mean, repeats.low, repeats.high, f"runs {list_numbers(repeats.runs)}")


def write_verdict(runs: Sequence[Run]) -> str:
    """What the intervals of tested `runs` allow to say; nothing where there are fewer than two."""
    best, close = comparison.find_close_to_best(runs)
    if best is None or len(runs) < 2:
        return ""
    if not comparison.are_comparable(runs):
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


def write_over_seeds(repeats: Repeats) -> str:
    """The mean of runs that differ in their seed alone, in words."""
    return (
        f"Runs {list_numbers(repeats.runs)} differ in their seed alone. Mean over the {len(repeats.runs)} seeds: "
        f"**{percent(repeats.mean)}**, {interval(repeats.low, repeats.high)}."
    )


def list_numbers(runs: Sequence[Run]) -> str:
    """The numbers of runs as 1, 2 and 3."""
    *others, last = sorted(run.id for run in runs)
    return f"{', '.join(map(str, others))} and {last}" if others else str(last)


def _settings(runs: Sequence[Run]) -> None:
    specs = {f"Run {run.id}": run.spec for run in runs}
    title = "Where the settings differ"
    if len(runs) == 1:
        # A run alone is compared with what its method starts from.
        specs["Default"] = RunSpec.of(runs[0].spec.method, runs[0].spec.data)
        title = "Where the settings differ from the method's own"
    differing, same = comparison.compare_settings(list(specs.values()))
    st.markdown(f"**{title}**")
    if differing:
        st.dataframe(_table(differing, list(specs)), hide_index=True, alt=title)
    else:
        st.caption("Nowhere.")
    with st.expander(f"Everything else is the same: {len(same)} settings"):
        first = {name: values[:1] for name, values in same.items()}
        st.dataframe(_table(first, ["All"]), hide_index=True, height="content", alt="Settings that are the same")


def _table(settings: Settings, columns: Sequence[str]) -> list[dict[str, str]]:
    return [
        {"Setting": label_of(name)}
        | {c: write_difference(name, value) for c, value in zip(columns, values, strict=True)}
        for name, values in settings.items()
    ]


def label_of(name: str) -> str:
    """A field of a spec as people know it."""
    if name in HYPERPARAMETERS:
        return HYPERPARAMETERS[name].label
    return {"method": "Method", "data": "Data set", "continued": "Trained further after epoch"}[name]


def write_difference(name: str, value: Setting) -> str:
    """The value of a field as people read it."""
    match value:
        case None:
            return "all" if name == "train_size" else "the method's own"
        case tuple():
            return ", ".join(map(str, value)) or "–"
        case float():
            return f"{value:g}"
        case int():
            return str(value) if name == "seed" else f"{value:,}"
        case _:
            return get_method(value).title if name == "method" else value or "–"
