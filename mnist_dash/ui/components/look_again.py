"""Parts of pages that are drawn anew by themselves, as long as something changes."""

import time
from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec

import streamlit as st

from mnist_dash.ui.shell import resources

P = ParamSpec("P")


def look_again(seconds: float | None, *, says_pace: bool = True) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """A part of the page that is drawn anew every so many seconds, if any, and more rarely where many people watch.

    It says so then, where it `says_pace`, and the page is drawn once more when that changes.
    """
    glances = resources.glances()
    pace = 1 if seconds is None else glances.choose_pace()

    def decorate(show: Callable[P, None]) -> Callable[P, None]:
        shown = 0

        @st.fragment(run_every=None if seconds is None else seconds * pace)
        @wraps(show)
        def look(*args: P.args, **kwargs: P.kwargs) -> None:
            nonlocal shown
            shown += 1
            begun = time.perf_counter()
            try:
                show(*args, **kwargs)
            finally:
                if seconds is not None:
                    glances.note(time.perf_counter() - begun, pace)
            if seconds is None:
                return
            if pace > 1 and says_pace:
                st.caption(f":material/groups: Many people watch now: this looks again every {seconds * pace:.0f} s.")
            # Not while the page is drawn: what it is drawn with stands above.
            if shown > 1 and glances.choose_pace(pace) != pace:
                redraw_page()

        return look

    return decorate


def redraw_page() -> NoReturn:
    """Draw the whole page once more, unless somebody has asked for another one since this was last written to.

    `st.rerun()` alone would put this page in place of that one, and a press on a link would do nothing.
    """
    # Streamlit takes up what was asked for whenever something is written.
    st.empty()
    st.rerun()
