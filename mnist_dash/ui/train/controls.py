"""The buttons that steer a run, and its place in the queue."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from mnist_dash.escaping import escape_markdown
from mnist_dash.runs import control, queries, queue
from mnist_dash.runs.estimate import estimate_wait
from mnist_dash.runs.kind import AUDIT, TRIAL
from mnist_dash.runs.records import Run, State
from mnist_dash.store.database import Database
from mnist_dash.ui.components import dataset_picker
from mnist_dash.ui.shell import machine, messages, resources
from mnist_dash.ui.train import form
from mnist_dash.users import refuse_change, refuse_training
from mnist_dash.words import duration

_HELP = {
    "pause": "Holds the run after the batches at work. It keeps its place and goes on whenever you like.",
    "resume": "Lets the run go on where it was.",
    "step": "Trains to the end of the next epoch, then pauses.",
    "stop": "Ends the run after the batches at work. The last finished epoch and the best one can be used.",
    "end": "Ends the audit after the batches at work. Labels are doubted only when all folds have been read.",
    "break": "Ends the run at once. What is fitted by half cannot answer, and is not kept.",
    "cancel": "Takes the run out of the queue.",
    "further": "Trains the finished network for more epochs; a schedule of the learning rate starts anew.",
    "copy": "Puts the settings of this run into the form, for you to change.",
}


def show_controls(run: Run) -> None:
    """What can be done to the run in its state.

    The row keeps its buttons while the run goes on, and a key stands for a place in it: where one button took
    another's, both would be there for a moment, and what somebody is about to press would move from under the pointer.
    """
    user = resources.database().user
    refused = refuse_change(user, f"Run {run.id}", run.account, run.owner)
    if refused:
        # What a role does not allow at all, the form beside it says.
        if not refuse_training(user):
            st.caption(f":material/lock: {escape_markdown(refused)}")
    elif run.state.active:
        if not run.spec.is_fitted:
            _hold(run)
        if run.kind.keeps_model and not run.spec.is_fitted:
            waits = run.state is State.QUEUED
            _button("One epoch", "step", ":material/skip_next:", partial(_resume(run), step=True), disabled=waits)
        _end(run)
    elif run.spec.has_epochs and run.kind.can_continue:
        _further(run)
    if run.kind.keeps_model:
        _copy(run)
    if run.kind is TRIAL:
        query = {"sweep": str(run.sweep)}
        st.page_link("pages/sweeps.py", label="Its sweep", icon=":material/tune:", query_params=query)


def _hold(run: Run) -> None:
    if run.state is State.PAUSED or run.pause_at is not None:
        _button("Resume", "hold", ":material/play_arrow:", _resume(run), "resume")
    else:
        _button("Pause", "hold", ":material/pause:", partial(control.pause, run_id=run.id), "pause")


def _resume(run: Run) -> Callable[..., object]:
    return partial(control.resume, run_id=run.id, slots=resources.settings().slots)


def _end(run: Run) -> None:
    stop = partial(control.stop, run_id=run.id)
    if run.state is State.QUEUED:
        _button("Cancel", "stop", ":material/close:", stop, "cancel")
    else:
        words = "end" if run.kind is AUDIT else "break" if run.spec.is_fitted else "stop"
        _button("Stop", "stop", ":material/stop:", stop, words, disabled=run.stop_requested)


def _further(run: Run) -> None:
    key = f"further_{run.id}"

    def go_on(database: Database) -> object:
        # Asked for now: the callback was made before the number was typed.
        return control.train_further(database, run.id, st.session_state[key])

    with st.popover("Train further", icon=":material/fast_forward:", help=_HELP["further"]):
        st.number_input("More epochs", 1, 1_000, run.spec.epochs, key=key)
        _button("Go on", "further", ":material/play_arrow:", go_on)


def _copy(run: Run) -> None:
    def adopt() -> None:
        form.adopt(run.spec)
        dataset_picker.adopt(run.spec.data)

    if st.button("Copy", icon=":material/content_copy:", key="copy", on_click=adopt, help=_HELP["copy"]):
        st.rerun()


def _button(
    label: str,
    key: str,
    icon: str,
    action: Callable[[Database], object],
    words: str = "",
    *,
    disabled: bool = False,
) -> None:
    # A callback runs before all else: a press is never lost to a look at the run that comes between.
    st.button(label, key=key, icon=icon, help=_HELP[words or key], disabled=disabled, on_click=_do, args=(action,))


def _do(action: Callable[[Database], object]) -> None:
    messages.do_or_tell(lambda: action(resources.database()))


def show_place(run: Run, images: int) -> None:
    """Where a run waits: how many are before it, and how long that may take."""
    database = resources.database()
    before = [*queries.runs_of(database, State.RUNNING), *queries.waiting_before(database, run)]
    if not before:
        st.progress(0.0, "Starting")
        return
    left = estimate_wait(before, images, machine.find_pace(), resources.settings().slots)
    st.progress(0.0, f"Waiting behind {_runs(len(before))}, starts in about {duration(left)}")


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count} runs"


def show_order(run: Run) -> None:
    """The queue that a waiting run stands in, with what changes its order; nothing where it waits alone."""
    waiting = queries.waiting_runs_of(resources.database())
    if len(waiting) < 2:
        return
    with st.expander(f"Queue of {len(waiting)}", icon=":material/queue:"):
        for place, other in enumerate(waiting):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                name = f"{place + 1}. Run {other.id}: {escape_markdown(other.name)}"
                st.markdown(f"**{name}**" if other.id == run.id else name, width="stretch")
                # Whoever shares the queue moves their own among themselves: people take turns.
                theirs = [one.id for one in waiting if one.account == other.account]
                _move(other, -1, ":material/arrow_upward:", other.id == theirs[0])
                _move(other, 1, ":material/arrow_downward:", other.id == theirs[-1])


def _move(run: Run, places: int, icon: str, disabled: bool) -> None:
    words = "Move up" if places < 0 else "Move down"
    action = partial(queue.move, run_id=run.id, places=places)
    others = refuse_change(resources.database().user, f"Run {run.id}", run.account, run.owner) is not None
    disabled = disabled or others
    key = f"move_{run.id}_{places}"
    st.button(words, key=key, icon=icon, type="tertiary", disabled=disabled, on_click=_do, args=(action,))
