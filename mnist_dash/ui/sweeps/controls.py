"""The buttons that steer a sweep."""

from collections.abc import Callable, Sequence

import streamlit as st

from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.sweeps.control import resume_sweep, stop_sweep
from mnist_dash.sweeps.records import TRIALS, Sweep, Trial, count_wanted
from mnist_dash.ui.shell import resources
from mnist_dash.users import refuse_change

_STOP = "Takes waiting trials out of the queue and stops those at work. Finished ones are kept, and it can go on later."
_RESUME = "Lets the sweep go on until all trials that were wanted are done. Stopped ones do not count."
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


def _more(sweep: Sweep) -> None:
    key = f"sweep_more_{sweep.id}"
    with st.popover("More trials", icon=":material/add:", help=_MORE):
        st.number_input(
            "More trials", 1, int(TRIALS.high - sweep.trials), min(10, int(TRIALS.high - sweep.trials)), key=key
        )
        # Asked for when it is pressed: the callback was made before the number was typed.
        _button("Add", "sweep_add", ":material/check:", lambda: _resume(sweep, int(st.session_state[key])), _MORE)


def _resume(sweep: Sweep, more: int) -> object:
    return resume_sweep(resources.settings(), resources.database(), sweep.id, more)


def _button(label: str, key: str, icon: str, action: Callable[[], object], words: str) -> None:
    # A callback runs before all else: a press is never lost to a look at the sweep that comes between.
    st.button(label, key=key, icon=icon, help=words, on_click=_do, args=(action,))


def _do(action: Callable[[], object]) -> None:
    try:
        action()
    except MnistDashError as e:
        st.toast(escape_markdown(e), icon=":material/info:")
