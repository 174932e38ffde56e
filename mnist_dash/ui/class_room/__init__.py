"""The room of the page Class room: what a phone sees that follows the link of a class."""

import streamlit as st

from mnist_dash.errors import DataError, StoreError
from mnist_dash.escaping import escape_markdown
from mnist_dash.own_digits.class_room import ClassRoom, read_room
from mnist_dash.ui.shell import link, messages, resources
from mnist_dash.ui.shell.look_again import look_again, redraw_page

_TITLE = "Class room"
_GLANCE = 10.0
"""Seconds between two looks at the class: rarely, since hundreds of phones do it all the time."""


def show() -> None:
    """The class of the link, or the question for its code."""
    code = link.CLASS.recall()
    if not code:
        _ask_for_code()
        return
    try:
        room = read_room(resources.database(), code)
        _show_class(room)
    except DataError as e:
        _ask_for_code(str(e))
    else:
        _watch(room)


def _show_class(room: ClassRoom) -> None:
    from mnist_dash.ui.class_room import writing  # with the model that reads

    writing.show(room)


def _watch(shown: ClassRoom) -> None:
    """Draw the page anew when the class is another than is shown: closed, opened, or with other limits.

    What a phone has drawn is in its browser, and stays there.
    """

    @look_again(_GLANCE, silent=True)
    def look() -> None:
        with messages.explain_errors():
            if _has_changed(shown):
                redraw_page()

    look()


def _has_changed(shown: ClassRoom) -> bool:
    try:
        return read_room(resources.database(), shown.code) != shown
    except DataError:
        return True
    except StoreError:
        # Nothing is known of it now, and the page could not be drawn once more: whoever writes goes on.
        return False


def _ask_for_code(told: str = "") -> None:
    st.title(_TITLE, anchor=False)
    st.write("Write digits for a class, on a phone. Its code stands beside the picture that phones scan.")
    if told:
        st.error(escape_markdown(told), icon=":material/error:")
    with st.form("class_code", border=False, width=320):
        code = st.text_input("Code of the class", max_chars=20, key="class_code_typed")
        if st.form_submit_button("Join", icon=":material/login:", type="primary") and code.strip():
            link.CLASS.keep(code.strip().upper())
            st.rerun()
