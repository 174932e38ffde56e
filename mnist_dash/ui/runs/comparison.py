"""Runs side by side: their curves, what they scored and how sure that is, and where their settings differ.

What is compared are seed groups: several runs that differ in their seed alone, or a run by itself.
"""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from mnist_dash.analysis import comparison
from mnist_dash.analysis.comparison import Setting, Settings
from mnist_dash.analysis.run_titles import call_group, list_numbers, title_of
from mnist_dash.analysis.seeds import SeedGroup, group_by_seed
from mnist_dash.analysis.setting_words import label_of, write_difference
from mnist_dash.figures import overlay
from mnist_dash.figures.overlay import Clock, Metric, Track
from mnist_dash.methods.spec import RunSpec
from mnist_dash.reports.runs import MOST
from mnist_dash.runs.records import Run
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.runs import accuracies, downloads, luck
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours

NEWEST = 5
"""Lines that are compared where no run is selected."""
_METRICS = tuple(Metric)
_CLOCKS = {Clock.EPOCHS: "By epoch", Clock.SECONDS: "By seconds of training"}
_AS_ONE = (
    "Runs with the same settings but for the seed are one line: the mean of their seeds, in a band from the lowest to "
    "the highest of them. Only runs that have ended with a test count."
)


def newest_of(runs: Sequence[Run], *, as_one: bool = False) -> list[Run]:
    """The newest of `runs` that have something to show; seeds that are shown `as_one` count once."""
    learnt = [run for run in runs if run.epoch and run.kind.keeps_model]
    return [run for group in gather(learnt, as_one=as_one)[:NEWEST] for run in group.runs]


def gather(runs: Sequence[Run], *, as_one: bool) -> list[SeedGroup]:
    """What is compared of `runs`: each by itself, or, `as_one`, those of a spec together whose seeds are several."""
    several = [group for group in group_by_seed(runs) if as_one and group.is_several]
    of_run = {run.id: group for group in several for run in group.runs}
    return list(dict.fromkeys(of_run.get(run.id) or SeedGroup.of_one(run) for run in runs))


def show(chosen: Sequence[Run], shown: Sequence[Run]) -> None:
    """Everything that can be compared of the runs `chosen`, or else of the newest that are `shown`."""
    audits = [run for run in chosen if not run.kind.keeps_model]
    if audits:
        st.caption(f"Run {list_numbers(audits)}: an audit trains a network for each fold and keeps none to compare.")
    runs = [run for run in chosen if run.kind.keeps_model] if chosen else newest_of(shown, as_one=True)
    if not runs and not audits:
        st.caption("No run has finished an epoch yet. As soon as one has, its curve appears here.")
    if runs:
        several = any(group.is_several for group in group_by_seed(runs))
        metric, clock, as_one = _controls(several, curved=any(run.spec.has_epochs for run in runs))
        _compare(gather(runs if chosen else newest_of(shown, as_one=as_one), as_one=as_one), metric, clock)


def _controls(several: bool, *, curved: bool) -> tuple[Metric, Clock, bool]:
    """Which curve, against what, and whether seeds are one, each asked where that makes a difference."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        metric, clock = _choose_curve() if curved else (_METRICS[0], Clock.EPOCHS)
        as_one = several and st.toggle("Seeds as one", True, key=Key.SEEDS_AS_ONE, bind="query-params", help=_AS_ONE)
    return metric, clock, as_one


def _choose_curve() -> tuple[Metric, Clock]:
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
    return metric, clock


def _compare(groups: Sequence[SeedGroup], metric: Metric, clock: Clock) -> None:
    if len(groups) > MOST:
        st.caption(f"Of the {len(groups)} selected runs, the first {MOST} are compared.")
    groups = groups[:MOST]
    curved = [group for group in groups if _has_epochs(group)]
    left, right = st.columns([3, 2] if curved else 2, gap="large")
    with left:
        if curved:
            _curves([group for group in curved if group.runs[0].epoch], metric, clock)
        else:
            accuracies.show(groups)
        _tell_without_epochs([group for group in groups if group not in curved])
    with right:
        if curved:
            accuracies.show(groups)
        luck.show(gather([run for group in groups for run in group.runs], as_one=True))
    _settings(groups)
    accuracies.show_table(groups)
    learnt = [run for group in groups for run in group.runs if run.epoch]
    if len(learnt) > 1:
        downloads.offer_report(learnt[:MOST])


def _curves(groups: Sequence[SeedGroup], metric: Metric, clock: Clock) -> None:
    tracks = [_track(group) for group in groups]
    figure = plot_shared(overlay.plot_overlay, tracks, metric, colours(), clock)
    chart(figure, key="overlay", height=overlay.HEIGHT, alt=f"{metric.capitalize()} by run: {len(tracks)}")
    if not tracks:
        st.caption("None of these runs has finished an epoch.")
    if any(group.is_several for group in groups):
        st.caption("A line with a band is the mean of several seeds; the band reaches from the lowest to the highest.")


def _has_epochs(group: SeedGroup) -> bool:
    return group.runs[0].spec.has_epochs


def _track(group: SeedGroup) -> Track:
    # Without what each epoch has taught, which no curve shows: what a figure is drawn of tells it from others.
    first, *repeats = [
        [replace(epoch, details=None) for epoch in resources.epochs_of(run.id, run.epoch)] for run in group.counted
    ]
    return Track(title_of(group), first, repeats)


def _tell_without_epochs(groups: Sequence[SeedGroup]) -> None:
    """Which runs have no curve, and why."""
    runs = [run for group in groups for run in group.runs]
    if runs:
        st.caption(f"Without a curve, since their methods have no epochs: {list_numbers(runs)}.")


def _settings(groups: Sequence[SeedGroup]) -> None:
    specs = {call_group(group): group.runs[0].spec for group in groups}
    title = "Where the settings differ"
    if len(groups) == 1:
        # A run alone is compared with what its method starts from.
        spec = groups[0].runs[0].spec
        specs["Default"] = RunSpec.of(spec.method, spec.data)
        title = "Where the settings differ from the method's own"
    differing, same = comparison.compare_settings(list(specs.values()), [_seed_of(group) for group in groups])
    st.markdown(f"**{title}**")
    if differing:
        st.dataframe(_table(differing, list(specs)), hide_index=True, alt=title)
    else:
        st.caption("Nowhere.")
    with st.expander(f"Everything else is the same: {len(same)} settings"):
        first = {name: values[:1] for name, values in same.items()}
        st.dataframe(_table(first, ["All"]), hide_index=True, height="content", alt="Settings that are the same")


def _seed_of(group: SeedGroup) -> Setting:
    """The seed of a run, or those of several."""
    return tuple(run.spec.seed for run in group.tested) if group.is_several else group.runs[0].spec.seed


def _table(settings: Settings, columns: Sequence[str]) -> list[dict[str, str]]:
    return [
        {"Setting": label_of(name)}
        | {c: write_difference(name, value) for c, value in zip(columns, values, strict=True)}
        for name, values in settings.items()
    ]
