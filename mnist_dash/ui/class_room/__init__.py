"""The room of the page Class room: what a phone sees that follows the link of a class."""

import streamlit as st

from mnist_dash.errors import DataError
from mnist_dash.escaping import escape_markdown
from mnist_dash.own_digits.class_room import ClassRoom, read_room
from mnist_dash.ui.shell import link, resources

_TITLE = "Class room"


def show() -> None:
    """The class of the link, or the question for its code."""
    code = link.CLASS.recall()
    if not code:
        _ask_for_code()
        return
    try:
        room = read_room(resources.database(), code)
    except DataError as e:
        _ask_for_code(str(e))
        return
    _show_class(room)


def _show_class(room: ClassRoom) -> None:
    from mnist_dash.ui.class_room import writing  # with the model that reads

    writing.show(room)


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
