"""A run as it is watched: where it stands, its curves, and what it scored."""

import streamlit as st

from mnist_dash.errors import RunError
from mnist_dash.figures import training
from mnist_dash.methods.registry import method_named
from mnist_dash.runs import history, queue, supervisor
from mnist_dash.runs.progress import Progress, progress_of
from mnist_dash.runs.records import Batches, Epoch, Run, State
from mnist_dash.ui import resources
from mnist_dash.ui.chart import chart
from mnist_dash.ui.theme import colours
from mnist_dash.words import duration, interval, percent

GLANCE = 1.0
"""Seconds between two looks at a run that is going on."""

_BADGES = {
    State.QUEUED: ("gray", ":material/hourglass_empty:"),
    State.RUNNING: ("blue", ":material/play_arrow:"),
    State.DONE: ("green", ":material/check:"),
    State.FAILED: ("red", ":material/close:"),
    State.STOPPED: ("gray", ":material/stop:"),
}


def show(run_id: int) -> Run:
    """Show the run as it is now; returns it."""
    database = resources.database()
    run = history.run_of(database, run_id)
    if run.state.active:
        supervisor.ensure(resources.settings())
    batches, epochs = history.batches_of(database, run_id), history.epochs_of(database, run_id)
    _head(run)
    _progress(run, progress_of(run, batches))
    _outcome(run, epochs)
    if method_named(run.spec.method).layers is not None:
        _curves(run, batches, epochs)
    return run


def _head(run: Run) -> None:
    colour, icon = _BADGES[run.state]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(f"Run {run.id}: {run.name}", anchor=False, width="content")
        st.badge(run.state.capitalize(), color=colour, icon=icon)  # type: ignore[arg-type]
        st.space("stretch")
        if run.state.active:
            st.button("Stop", icon=":material/stop:", key="stop", on_click=_stop, args=(run.id,), help=_STOP)


_STOP = "Ends the run after the batches at work. Finished epochs are kept, and their model can be used."


def _stop(run_id: int) -> None:
    try:
        queue.request_stop(resources.database(), run_id)
    except RunError as e:
        st.toast(str(e), icon=":material/info:")


def _progress(run: Run, progress: Progress) -> None:
    if run.state is State.QUEUED:
        ahead = history.place_in_queue(resources.database(), run.id)
        st.progress(0.0, f"Waiting for {ahead} {'run' if ahead == 1 else 'runs'} before it" if ahead else "Starting")
    elif run.state is State.RUNNING:
        st.progress(progress.share, _now(run, progress))
    if run.reason:
        report = st.error if run.state is State.FAILED else st.info
        report(run.reason, icon=":material/info:")


def _now(run: Run, progress: Progress) -> str:
    if run.stop_requested:
        return "Stopping"
    if run.phase != "training":
        return run.phase[:1].upper() + run.phase[1:]
    left = f", {duration(progress.left)} left" if progress.left is not None else ""
    return f"Epoch {min(run.epoch + 1, run.spec.epochs)} of {run.spec.epochs}{left}"


def _outcome(run: Run, epochs: list[Epoch]) -> None:
    last, figures = epochs[-1] if epochs else None, run.figures
    with st.container(horizontal=True, gap="large"):
        st.metric("Training images", f"{run.train_images:,}" if run.train_images else "–", help=_IMAGES)
        if method_named(run.spec.method).layers is not None:
            st.metric("Training accuracy", percent(last.accuracy if last else None), help=_LEARNT)
            st.metric("Held-out accuracy", percent(last.validation_accuracy if last else None), help=_HELD_OUT)
        st.metric("Test accuracy", percent(figures.accuracy if figures else None), help=_TEST)
    if figures:
        trained = f" Trained in {duration(run.seconds)}." if epochs else ""
        st.caption(f"Test: {figures.images:,} images, {interval(figures.low, figures.high)}.{trained}")


_IMAGES = "How many images the network learns from, without those held out."
_LEARNT = "The share of training images read right during the last finished epoch, while the network was changing."
_HELD_OUT = "The share of held-out training images read right after the last finished epoch. Choose settings by this."
_TEST = "The share of test images read right by the finished model. Measured once, at the end; nothing is chosen by it."


def _curves(run: Run, batches: list[Batches], epochs: list[Epoch]) -> None:
    curves = training.curves_of(run.steps or 1, batches, epochs)
    planned, palette = run.spec.epochs, colours()
    chart(training.loss(curves, planned, palette), key="loss", height=training.HEIGHT, alt="Loss by epoch")
    chart(training.accuracy(curves, planned, palette), key="accuracy", height=training.HEIGHT, alt="Accuracy by epoch")
