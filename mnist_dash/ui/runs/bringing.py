"""A run that was taken along elsewhere comes back: its settings, its history and its models."""

import streamlit as st

from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.models.registry.run_archive import SUFFIX, unpack_run
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key

_MOST_MB = 500
_WIDE = 360
_WORDS = f"A run from elsewhere: the file that *Download*, *Whole run (ZIP)* wrote there, run-…{SUFFIX}."
_TRUST = (
    "Nothing of the file is run: models are looked at before they are opened, as those of others are. Its figures were "
    "measured where it was trained, and it gets a tag that says so."
)


def offer() -> None:
    """A button that asks for the file, and why the last one was refused."""
    with st.popover("Bring a run", icon=":material/upload:"):
        st.caption(_WORDS, help=_TRUST, width=_WIDE)
        key = f"bring_run_{st.session_state.get(Key.BROUGHT, 0)}"
        st.file_uploader("Run", ["zip"], key=key, max_upload_size=_MOST_MB, width=_WIDE, on_change=_bring, args=(key,))
        if refused := st.session_state.get(Key.BROUGHT_REFUSED):
            st.error(escape_markdown(refused), icon=":material/error:")


def tell() -> None:
    """Which run has just come: on the page, since the button closes where it was the first of all runs."""
    if said := st.session_state.pop(Key.BROUGHT_TOLD, None):
        st.success(escape_markdown(said), icon=":material/check:")


def _bring(key: str) -> None:
    """Keep the run of the file, before the page is drawn with it; say what came of it."""
    file = st.session_state[key]
    st.session_state[Key.BROUGHT_REFUSED] = None
    if file is None:
        return
    try:
        run = unpack_run(resources.database(), file.getvalue())
    except MnistDashError as e:
        st.session_state[Key.BROUGHT_REFUSED] = f"{file.name}: {e}"
        return
    st.session_state[Key.BROUGHT_TOLD] = f"{run.name} is here now, as run {run.id}."
    # An empty uploader for the next one.
    st.session_state[Key.BROUGHT] = st.session_state.get(Key.BROUGHT, 0) + 1
