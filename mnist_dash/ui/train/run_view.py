"""A run as it is watched: where it stands, what can be done, its curves, its answers, and what it scored."""

from enum import StrEnum

import streamlit as st
from plotly import graph_objects as go

from mnist_dash.data.dataset import Dataset
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import pace, training
from mnist_dash.runs import supervisor
from mnist_dash.runs.kind import AUDIT, TRIAL
from mnist_dash.runs.outputs import output_of
from mnist_dash.runs.progress import measure_progress
from mnist_dash.runs.queries import kept_bytes_of
from mnist_dash.runs.records import Epoch, ModelFormat, Run, State
from mnist_dash.ui.components import several_seeds
from mnist_dash.ui.components.chart import chart
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.run_feed import RunSnapshot
from mnist_dash.ui.shell.theme import colours
from mnist_dash.ui.train import audit_view, coach, controls, validation_answers
from mnist_dash.ui.train.drawn import draw_once
from mnist_dash.words import duration, interval, percent, size


class Scale(StrEnum):
    """How the curves are drawn."""

    ERROR = "error"
    ACCURACY = "accuracy"


_SCALES = {Scale.ERROR: "Error, logarithmic", Scale.ACCURACY: "Accuracy"}
_BADGES = {
    State.QUEUED: ("gray", ":material/hourglass_empty:"),
    State.RUNNING: ("blue", ":material/play_arrow:"),
    State.PAUSED: ("gray", ":material/pause:"),
    State.DONE: ("green", ":material/check:"),
    State.FAILED: ("red", ":material/close:"),
    State.STOPPED: ("gray", ":material/stop:"),
}


def show(run_id: int, data: Dataset) -> Run:
    """Show the run as it is now; returns it."""
    seen: RunSnapshot = resources.run_feed(run_id).look()
    run = seen.run
    if run.state in (State.QUEUED, State.RUNNING):
        supervisor.ensure(resources.settings())
    _head(run)
    # What comes and goes has a place that stays: a chart that moves to another one is built anew, without its zoom.
    with st.container():
        _standing(seen, data)
    if run.kind is AUDIT:
        audit_view.show(seen)
        return run
    with st.container():
        coach.show(seen)
    _outcome(run, seen.epochs)
    several_seeds.tell_group(run)
    if run.spec.learns and not run.spec.has_epochs:
        validation_answers.show(seen, data)
        validation_answers.offer_mistakes(run)
    if run.spec.has_epochs:
        _curves(seen)
        validation_answers.show(seen, data)
        validation_answers.offer_mistakes(run)
        with st.expander("Learning rate and speed", icon=":material/speed:"):
            _explaining(seen)
        with st.expander("The figures of every epoch", icon=":material/table:"):
            st.dataframe(_table(seen.epochs), hide_index=True, alt="Loss and accuracy of every epoch")
    return run


def _head(run: Run) -> None:
    colour, icon = _BADGES[run.state]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(f"Run {run.id}: {escape_markdown(run.name)}", anchor=False, width="content")
        st.badge(run.state.capitalize(), color=colour, icon=icon)  # type: ignore[arg-type]


def _standing(seen: RunSnapshot, data: Dataset) -> None:
    """Where the run stands, with what can be done, in the same place whatever its state."""
    run = seen.run
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if run.state is State.QUEUED:
            controls.show_place(run, len(data.train))
        elif run.changing:
            progress = measure_progress(run, seen.recent)
            st.progress(progress.share if run.state.active else 1.0, _now(run, progress.left))
        else:
            st.caption(_tested(run), width="stretch")
        controls.show_controls(run)
    if run.state is State.QUEUED:
        controls.show_order(run)
    if run.reason:
        report = st.error if run.state is State.FAILED else st.info
        report(escape_markdown(run.reason), icon=":material/info:")
    if run.state is State.FAILED:
        _last_output(run)


def _tested(run: Run) -> str:
    """What an ended run scored, with its interval."""
    if run.kind is AUDIT:
        return audit_view.describe_end(run)
    if run.score is None:
        why = "the data set has no test images" if run.state is State.DONE else "it ended before there was a model"
        if run.kind is TRIAL:
            why = f"trial {run.trial} of sweep {run.sweep} is compared on validation images alone"
        if run.spec.is_fitted:
            return f"No test: {why}."
        return f"{run.epoch} of {run.spec.epochs} epochs. No test: {why}."
    trained = f" {'Fitted' if run.spec.is_fitted else 'Trained'} in {duration(run.seconds)}." if run.epoch else ""
    if run.epoch and run.spec.is_fitted:
        trained += f" Kept in {size(kept_bytes_of(resources.database(), run.id, ModelFormat.ARRAYS))}."
    return f"Test: {run.score.images:,} images, {interval(run.score.low, run.score.high)}.{trained}"


def _now(run: Run, left: float | None) -> str:
    if not run.state.active:
        return run.phase.capitalize()
    if run.spec.is_fitted and run.phase == "fitting" and not run.stop_requested:
        return "Fitting" + (f", about {duration(left)} left" if left is not None else "")
    at = f"{run.spec.round_name} {min(run.epoch + 1, run.spec.rounds)} of {run.spec.rounds}"
    if run.state is State.PAUSED:
        return f"Paused in {at}"
    if run.stop_requested:
        return "Stopping"
    if run.phase != "training":
        return run.phase[:1].upper() + run.phase[1:]
    if run.pause_at is not None:
        return f"{at.capitalize()}, then it pauses" if run.pause_at > run.epoch else "Pausing"
    return at.capitalize() + (f", {duration(left)} left" if left is not None else "")


def _last_output(run: Run) -> None:
    if said := output_of(resources.database(), run.id):
        with st.expander("Last output of its process"):
            st.code(said, language=None)


def _outcome(run: Run, epochs: list[Epoch]) -> None:
    last, score = epochs[-1] if epochs else None, run.score
    with st.container(horizontal=True, gap="large", key="figures"):
        st.metric("Training images", f"{run.train_images:,}" if run.train_images else "–", help=_IMAGES)
        if run.spec.learns:
            words = _LEARNT if run.spec.has_epochs else _FITTED
            st.metric("Training accuracy", percent(last.accuracy if last else None), help=words)
            st.metric("Validation accuracy", percent(last.validation_accuracy if last else None), help=_VALIDATION)
        st.metric("Test accuracy", percent(score.accuracy if score else None), help=_TEST)


_IMAGES = "How many images the network learns from, without those for validation."
_LEARNT = "The share of training images read right during the last finished epoch, while the network was changing."
_FITTED = "The share of 1,000 of the training images read right once all are fitted. Many methods read them all."
_VALIDATION = "The share of validation images read right after the last finished epoch. Choose settings by this."
_TEST = (
    "The share of test images read right by the model of the last epoch. Measured once, at the end; nothing is chosen "
    "by it."
)
_CURVES = (
    "The error is what is missing from an accuracy of 100 %. On a logarithmic scale each step down takes away a part "
    "of what is left, so that late progress is seen as well as early."
)
_SMOOTHING = (
    "The dark line through the batches is a mean over about so many of them; 1 shows each batch as it was. The points "
    "of the epochs are never smoothed."
)


def _curves(seen: RunSnapshot) -> None:
    """Error or accuracy, and loss: the largest on the page, one above the other."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        scale = _scale()
        span = _span()
    planned, palette, error = seen.run.spec.epochs, colours(), scale is Scale.ERROR
    plot = training.plot_error if error else training.plot_accuracy
    # One place for both, so that the choice builds nothing anew; another axis is another zoom.
    key = ("answers", scale, span)
    shown = draw_once(seen, key, lambda: plot(seen.curves, planned, palette, span).update_layout(uirevision=scale))
    chart(shown, key="answers", height=training.HEIGHT, alt="Error by epoch" if error else "Accuracy by epoch")

    def plot_loss() -> go.Figure:
        figure = training.plot_loss(seen.curves, planned, palette, span, logarithmic=error)
        return figure.update_layout(uirevision=scale)

    loss = draw_once(seen, ("loss", scale, span), plot_loss)
    chart(loss, key="loss", height=training.HEIGHT, alt="Loss by epoch")


def _scale() -> Scale:
    chosen = st.segmented_control(
        "Curves",
        tuple(Scale),
        format_func=_SCALES.__getitem__,
        default=None if Key.CURVES in st.session_state else Scale.ERROR,
        required=True,
        key=Key.CURVES,
        persist_state="session",
        help=_CURVES,
    )
    return Scale(chosen or Scale.ERROR)


def _span() -> int:
    return int(
        st.select_slider(
            "Smoothing, in batches",
            (1, 5, 10, 20, training.SPAN, 100, 200, 500),
            training.SPAN,
            key=Key.SMOOTHING,
            persist_state="session",
            help=_SMOOTHING,
            width=260,
        )
    )


def _explaining(seen: RunSnapshot) -> None:
    """What explains the curves: the learning rate and the speed."""
    planned, palette = seen.run.spec.epochs, colours()
    st.caption("Learning rate", help="How far each step goes; the schedule changes it in the course of the run.")
    figure = draw_once(seen, ("rate",), lambda: pace.plot_learning_rate(seen.curves, planned, palette))
    chart(figure, key="rate", height=pace.HEIGHT, alt="Learning rate by epoch")
    st.caption("Images a second", help="How many images the network learns from in a second; the line is the median.")
    figure = draw_once(seen, ("speed",), lambda: pace.plot_throughput(seen.curves, planned, palette))
    chart(figure, key="speed", height=pace.HEIGHT, alt="Images a second by epoch")


def _table(epochs: list[Epoch]) -> list[dict[str, object]]:
    return [
        {
            "Epoch": epoch.epoch,
            "Training loss": round(epoch.loss, 5),
            "Training accuracy": percent(epoch.accuracy),
            "Validation loss": None if epoch.validation_loss is None else round(epoch.validation_loss, 5),
            "Validation accuracy": percent(epoch.validation_accuracy),
            "Seconds": round(epoch.seconds, 1),
        }
        for epoch in epochs
    ]
