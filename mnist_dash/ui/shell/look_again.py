"""Parts of pages that are drawn anew by themselves, as long as something changes."""

import time
from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from mnist_dash.ui.shell import resources

P = ParamSpec("P")


def look_again(seconds: float | None, *, silent: bool = False) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """A part of the page that is drawn anew every so many seconds, if any, and more rarely where many are at work.

    It says so then. One that is `silent` says nothing of it, shows nothing, and is left out while the page is drawn:
    all that it may do is to ask for the page once more.
    """
    glances = resources.glances()
    pace = 1 if seconds is None else glances.choose_pace()

    def decorate(show: Callable[P, None]) -> Callable[P, None]:
        latest: float | None = None

        @st.fragment(run_every=None if seconds is None else seconds * pace)
        @wraps(show)
        def look(*args: P.args, **kwargs: P.kwargs) -> None:
            nonlocal latest, pace
            before, latest = latest, time.perf_counter()
            try:
                if before is not None or not silent:
                    show(*args, **kwargs)
            finally:
                # What is drawn with its page is part of what that takes. Where something is pressed in it between two
                # looks, all of them stand for the same time.
                if seconds is not None and before is not None:
                    glances.note_look(time.perf_counter() - latest, min(pace, (latest - before) / seconds))
            if seconds is None:
                return
            if before is not None and (wanted := glances.choose_pace(pace)) != pace:
                pace = wanted
                _look_every(seconds * pace)
            if pace > 1 and not silent:
                st.caption(f":material/groups: Many people are at work: this looks again every {seconds * pace:.0f} s.")

        return look

    return decorate


def _look_every(seconds: float) -> None:
    """Have the browser draw the part that is being drawn anew every so many seconds from now on.

    As Streamlit 1.67 does where a page is drawn: to draw all pages once more would take most where least is left.
    """
    context, message = get_script_run_ctx(), ForwardMsg()
    assert context is not None  # noqa: S101 - a page is drawn
    message.auto_rerun.fragment_id, message.auto_rerun.interval = ThreadState.get().fragment_id or "", seconds
    context.enqueue(message)


def redraw_page() -> NoReturn:
    """Draw the whole page once more, unless somebody has asked for another one since this was last written to.

    `st.rerun()` alone would put this page in place of that one, and a press on a link would do nothing.
    """
    # Streamlit takes up what was asked for whenever something is written.
    st.empty()
    st.rerun()
