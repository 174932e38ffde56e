"""The buttons that steer a sweep."""

from collections.abc import Callable, Sequence

import streamlit as st

from mnist_dash.escaping import escape_markdown
from mnist_dash.sweeps.control import delete_sweep, explain_busy, restore_sweep, resume_sweep, stop_sweep
from mnist_dash.sweeps.queries import sweeps_of
from mnist_dash.sweeps.records import TRIALS, Sweep, Trial, count_wanted
from mnist_dash.ui.shell import link, resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.messages import do_or_tell, redraw_after
from mnist_dash.users import refuse_change

_STOP = "Takes waiting trials out of the queue and stops those at work. Finished ones are kept, and it can go on later."
_RESUME = "Lets the sweep go on until all trials that were wanted are done. Stopped ones do not count."
_DELETE = (
    "Puts the sweep and all its trials out of sight. You can take it back; after a day they are gone for good, with "
    "their models."
)
_MORE = "Asks for more trials; what was found so far is built upon."


def show(sweep: Sweep, trials: Sequence[Trial]) -> None:
    """What can be done to the sweep in its state; the row keeps its places while it goes on."""
    refused = refuse_change(resources.database().user, f"Sweep {sweep.id}", sweep.account, sweep.owner)
    if refused:
        st.caption(f":material/lock: {escape_markdown(refused)}")
        return
    if sweep.active:
        _button("Stop", "sweep_stop", ":material/stop:", lambda: stop_sweep(resources.database(), sweep.id), _STOP)
    elif count_wanted(sweep, trials):
        _button("Resume", "sweep_resume", ":material/play_arrow:", lambda: _resume(sweep, 0), _RESUME)
    if sweep.trials < TRIALS.high:
        _more(sweep)
    busy = explain_busy(sweep, trials)
    words = escape_markdown(busy or _DELETE)
    if st.button("Delete", icon=":material/delete:", disabled=bool(busy), help=words, key="sweep_delete"):
        # Nobody looks by itself at a sweep that has ended: no press is lost.
        redraw_after(lambda: _delete(sweep.id))


def _more(sweep: Sweep) -> None:
    key = f"sweep_more_{sweep.id}"
    with st.popover("More trials", icon=":material/add:", help=_MORE):
        st.number_input(
            "More trials", 1, int(TRIALS.high - sweep.trials), min(10, int(TRIALS.high - sweep.trials)), key=key
        )
        # Asked for when it is pressed: the callback was made before the number was typed.
        _button("Add", "sweep_add", ":material/check:", lambda: _resume(sweep, int(st.session_state[key])), _MORE)


def offer_undo() -> None:
    """The deletion that can be taken back, where there is one."""
    sweep_id: int | None = st.session_state.get(Key.DELETED_SWEEP)
    if sweep_id is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":gray[Sweep {sweep_id} deleted, with its trials.]", width="content")
        if st.button("Undo", icon=":material/undo:", key="sweep_undo"):
            redraw_after(lambda: _restore(sweep_id))


def _delete(sweep_id: int) -> None:
    delete_sweep(resources.database(), sweep_id)
    st.session_state[Key.DELETED_SWEEP] = sweep_id
    left = sweeps_of(resources.database())
    if left:
        link.SWEEP.keep(left[0].id)


def _restore(sweep_id: int) -> None:
    restore_sweep(resources.database(), sweep_id)
    del st.session_state[Key.DELETED_SWEEP]
    link.SWEEP.keep(sweep_id)


def _resume(sweep: Sweep, more: int) -> object:
    return resume_sweep(resources.settings(), resources.database(), sweep.id, more)


def _button(label: str, key: str, icon: str, action: Callable[[], object], words: str) -> None:
    # A callback runs before all else: a press is never lost to a look at the sweep that comes between.
    st.button(label, key=key, icon=icon, help=words, on_click=do_or_tell, args=(action,))
