"""The configuration of the Train page in its link: what differs from the method's own defaults."""

from collections.abc import Callable

import streamlit as st

from mnist_dash.errors import SpecError
from mnist_dash.escaping import escape_markdown
from mnist_dash.methods.spec import RunSpec
from mnist_dash.methods.spec_text import METHOD, NAMES, read_settings, write_settings
from mnist_dash.ui.shell import link
from mnist_dash.ui.shell.keys import Key


def enter(adopt: Callable[[RunSpec], None]) -> None:
    """Adopt the settings of a link that a person has opened; says so where they are not allowed."""
    asked = link.read_settings(NAMES)
    if METHOD not in asked or asked == st.session_state.get(Key.LINK):
        return
    st.session_state[Key.LINK] = asked
    try:
        adopt(read_settings(asked))
    except SpecError as e:
        st.warning(f"The link's settings were not taken. {escape_markdown(e)}", icon=":material/link_off:")


def leave(spec: RunSpec) -> None:
    """Put the settings into the link."""
    settings = write_settings(spec)
    if settings == st.session_state.get(Key.LINK):
        return
    st.session_state[Key.LINK] = settings
    link.write_settings(settings, NAMES)
