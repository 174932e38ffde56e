"""What a person is told when something is missing, wrong or unusual."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError, MnistDashError
from mnist_dash.ui import resources

if TYPE_CHECKING:
    from mnist_dash.data.dataset import Dataset


@contextmanager
def explained() -> Iterator[None]:
    """Show an error that is meant for people in place of what could not be shown, and end the page there."""
    try:
        yield
    except MnistDashError as e:
        st.error(str(e), icon=":material/error:")
        st.stop()


def dataset() -> "Dataset":
    """The data set, with progress while it is opened for the first time and a banner where it is not MNIST."""
    # One place for all of it, so that nothing below moves when the progress bar goes.
    with st.container():
        found = resources.shelf().dataset(silent) if resources.shelf().is_filled else _opened()
        if found.notice:
            _banner(found)
    return found


def _opened() -> "Dataset":
    bar = st.progress(0.0, "Looking for MNIST")
    try:
        return resources.shelf().dataset(lambda text, share: _advance(bar, text, share))
    except DataError:
        st.button("Look again", icon=":material/refresh:", key="retry_data")
        raise
    finally:
        bar.empty()


def _advance(bar: "st.delta_generator.DeltaGenerator", text: str, share: float) -> None:
    bar.progress(min(1.0, max(0.0, share)), text)


def _banner(found: "Dataset") -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if found.name == "mnist":
            st.caption(f":material/info: {found.notice}")
            return
        st.warning(found.notice or "", icon=":material/info:")
        st.button("Look again", icon=":material/refresh:", on_click=resources.shelf().empty, key="retry_data")
