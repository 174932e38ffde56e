"""A sweep as it is searched: where it stands, what can be done, the best so far, and what the trials show together."""

from collections.abc import Sequence

import streamlit as st

from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import sweep as figures
from mnist_dash.methods.registry import get_method
from mnist_dash.runs import supervisor
from mnist_dash.runs.records import State
from mnist_dash.sweeps.queries import sweep_of, trials_of
from mnist_dash.sweeps.records import Outcome, Sweep, Trial, find_best
from mnist_dash.ui.components.chart import chart
from mnist_dash.ui.components.dataset_picker import title
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.theme import colours
from mnist_dash.ui.sweeps import controls, trial_table
from mnist_dash.words import join_words, percent

GLANCE = 1.5
"""Seconds between two looks at a sweep that goes on."""
_BADGES = {
    State.RUNNING: ("blue", ":material/play_arrow:", "Going on"),
    State.DONE: ("green", ":material/check:", "Done"),
    State.FAILED: ("red", ":material/close:", "Failed"),
    State.STOPPED: ("gray", ":material/stop:", "Stopped"),
}
_BEST = (
    "The error on validation images after a trial's last epoch: what is missing from an accuracy of 100 %. A hollow "
    "dot was pruned, given up on its way; the line is the least error of the finished trials so far."
)
_PARALLEL = (
    "Each line is a trial that has ended: it runs through the values that it tried to the share of validation images "
    "that it read after its last epoch. Drag along an axis to see only the trials in that stretch; click it to see all."
)
_IMPORTANCE = (
    "How much of what sets the best finished trials apart from the others each setting explains, by PED-ANOVA "
    "(Watanabe et al., 2023); all together 100 %. It speaks of the ranges that were tried alone, and of few trials it "
    "is no more than a hint."
)
_FEW = "After five finished trials that do not all read the same."


def show(sweep_id: int) -> Sweep:
    """Show the sweep as it is now; returns it."""
    sweep, trials = sweep_of(resources.database(), sweep_id), trials_of(resources.database(), sweep_id)
    if sweep.active:
        supervisor.ensure(resources.settings())
    _head(sweep)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _standing(sweep, trials)
        controls.show(sweep, trials)
    if sweep.reason:
        report = st.error if sweep.state is State.FAILED else st.info
        report(escape_markdown(sweep.reason), icon=":material/info:")
    with st.container():
        _show_best(sweep, trials)
    if not figures.list_read(trials):
        st.caption("What the trials show stands here as soon as the first has ended.")
    else:
        _show_figures(sweep, trials)
    trial_table.show(sweep, trials)
    return sweep


def _head(sweep: Sweep) -> None:
    colour, icon, words = _BADGES[sweep.state]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(f"Sweep {sweep.id}: {escape_markdown(sweep.name)}", anchor=False, width="content")
        st.badge(words, color=colour, icon=icon)  # type: ignore[arg-type]
    method = get_method(sweep.base.method).title
    varied = join_words([figures.title_of(one.name).lower() for one in sweep.space], 20)
    st.caption(
        f"Varies {escape_markdown(varied)} of {escape_markdown(method)} on {title(escape_markdown(sweep.base.data))}.",
        help="  \n".join(escape_markdown(one.describe()) for one in sweep.space),
    )


def _standing(sweep: Sweep, trials: Sequence[Trial]) -> None:
    ended = len([one for one in trials if not one.outcome.active and one.outcome is not Outcome.STOPPED])
    counted = [
        f"{count} {outcome}"
        for outcome in (Outcome.GOING_ON, Outcome.WAITING, Outcome.PRUNED, Outcome.FAILED, Outcome.STOPPED)
        if (count := len([one for one in trials if one.outcome is outcome]))
    ]
    st.progress(min(1.0, ended / sweep.trials), ", ".join([f"{ended} of {sweep.trials} trials", *counted]))


def _show_best(sweep: Sweep, trials: Sequence[Trial]) -> None:
    best = find_best(trials)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large", key="sweep_best"):
        words = (
            "The share of validation images that the best trial read right after its last epoch. No test image is read."
        )
        st.metric("Best so far", percent(best.accuracy if best else None), help=words, width="content")
        if best is None:
            return
        with st.container(gap="xsmall"):
            values = [
                f"{figures.title_of(name)} **{_write(value)}**" for name, value in best.read_values(sweep.space).items()
            ]
            st.markdown(f"Trial {best.number}: {', '.join(values)}")
            trial_table.offer(best)


def _write(value: object) -> str:
    return escape_markdown(f"{value:g}" if isinstance(value, float) else str(value).replace("_", " "))


def _show_figures(sweep: Sweep, trials: Sequence[Trial]) -> None:
    left, right = st.columns([3, 2], gap="large")
    palette = colours()
    with left:
        st.markdown("**Validation error**", help=_BEST)
        figure = figures.plot_best(trials, sweep.space, sweep.trials, palette)
        chart(figure, key="sweep_error", height=figures.HEIGHT, alt="Validation error by trial", of=str(sweep.id))
    with right:
        st.markdown("**What matters**", help=_IMPORTANCE)
        if sweep.importance:
            figure, height = figures.plot_importance(sweep.importance, palette), len(sweep.importance)
            alt = "Importance of the settings: " + ", ".join(
                f"{figures.title_of(name)} {percent(share, 0)}" for name, share in sweep.importance.items()
            )
            chart(figure, key="sweep_importance", height=figures.height_of_importance(height), alt=alt)
        else:
            st.caption(_FEW)
    st.markdown("**Trials as lines**", help=_PARALLEL)
    figure = figures.plot_parallel(trials, sweep.space, palette)
    least = 130 * (len(sweep.space) + 1)
    chart(
        figure,
        key="sweep_lines",
        height=figures.PARALLEL_HEIGHT,
        alt="Trials as lines through what they tried",
        least=least,
        of=str(sweep.id),
    )
