"""The buttons that steer a run, and its place in the queue."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from mnist_dash.errors import MnistDashError
from mnist_dash.runs import history, queue, steering
from mnist_dash.runs.estimate import until_start
from mnist_dash.runs.records import Run, State
from mnist_dash.ui import datasets, form, resources
from mnist_dash.words import duration

_HELP = {
    "pause": "Holds the run after the batches at work. It keeps its place and goes on whenever you like.",
    "resume": "Lets the run go on where it was.",
    "step": "Trains to the end of the next epoch, then pauses.",
    "stop": "Ends the run after the batches at work. The last finished epoch and the best one can be used.",
    "end": "Ends the audit after the batches at work. Labels are doubted only when all folds have been read.",
    "cancel": "Takes the run out of the queue.",
    "further": "Trains the finished network for more epochs; a schedule of the learning rate starts anew.",
    "copy": "Puts the settings of this run into the form, for you to change.",
}


def controls(run: Run) -> None:
    """What can be done to the run in its state."""
    if run.state is State.QUEUED:
        _button("Pause", "pause", ":material/pause:", partial(steering.pause, run_id=run.id))
        _button("Cancel", "cancel", ":material/close:", partial(steering.stop, run_id=run.id))
    elif run.state.active:
        _steering(run)
    elif run.spec.network is not None and not run.spec.folds:
        _further(run)
    if not run.spec.folds:
        _copy(run)


def _steering(run: Run) -> None:
    pausing = run.state is State.PAUSED or run.pause_at is not None
    resume = partial(steering.resume, run_id=run.id, slots=resources.settings().slots)
    if pausing:
        _button("Resume", "resume", ":material/play_arrow:", resume)
    else:
        _button("Pause", "pause", ":material/pause:", partial(steering.pause, run_id=run.id))
    if not run.spec.folds:
        _button("One epoch", "step", ":material/skip_next:", partial(resume, step=True))
    stopping, words = run.stop_requested, "end" if run.spec.folds else "stop"
    _button("Stop", "stop", ":material/stop:", partial(steering.stop, run_id=run.id), words, disabled=stopping)


def _further(run: Run) -> None:
    with st.popover("Train further", icon=":material/fast_forward:", help=_HELP["further"]):
        epochs = st.number_input("More epochs", 1, 1_000, run.spec.epochs, key=f"further_{run.id}")
        _button(
            "Go on", "further", ":material/play_arrow:", partial(steering.train_further, run_id=run.id, epochs=epochs)
        )


def _copy(run: Run) -> None:
    def adopt() -> None:
        form.adopt(run.spec)
        datasets.adopt(run.spec.data)

    if st.button("Copy", icon=":material/content_copy:", key="copy", on_click=adopt, help=_HELP["copy"]):
        st.rerun()


def _button(
    label: str, key: str, icon: str, action: Callable[..., object], words: str = "", *, disabled: bool = False
) -> None:
    # Not a callback: its arguments would be those of the last script run, without what was typed just before.
    if st.button(label, key=key, icon=icon, help=_HELP[words or key], disabled=disabled):
        try:
            action(resources.database())
        except MnistDashError as e:
            st.toast(str(e), icon=":material/info:")
        else:
            st.rerun()


def place(run: Run, images: int) -> None:
    """Where a run waits: how many are before it, and how long that may take."""
    database = resources.database()
    ahead = [other for other in history.line_of(database) if (other.position, other.id) < (run.position, run.id)]
    before = [*history.runs_of(database, State.RUNNING), *ahead]
    if not before:
        st.progress(0.0, "Starting")
        return
    left = until_start(before, images, resources.pace(), resources.settings().slots)
    st.progress(0.0, f"Waiting behind {_runs(len(before))}, starts in about {duration(left)}")


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count} runs"


def order(run: Run) -> None:
    """The queue that a waiting run stands in, with what changes its order; nothing where it waits alone."""
    waiting = history.line_of(resources.database())
    if len(waiting) < 2:
        return
    with st.expander(f"Queue of {len(waiting)}", icon=":material/queue:"):
        for place, other in enumerate(waiting):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                name = f"{place + 1}. Run {other.id}: {other.name}"
                st.markdown(f"**{name}**" if other.id == run.id else name, width="stretch")
                _move(other, -1, ":material/arrow_upward:", place == 0)
                _move(other, 1, ":material/arrow_downward:", place == len(waiting) - 1)


def _move(run: Run, places: int, icon: str, disabled: bool) -> None:
    words = "Move up" if places < 0 else "Move down"
    if st.button(words, key=f"move_{run.id}_{places}", icon=icon, type="tertiary", disabled=disabled):
        try:
            queue.move(resources.database(), run.id, places)
        except MnistDashError as e:
            st.toast(str(e), icon=":material/info:")
        else:
            st.rerun()
