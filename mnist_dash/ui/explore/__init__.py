"""The views of the Explore page: one module each, imported when it is first looked at."""

from importlib import import_module
from typing import TYPE_CHECKING

import streamlit as st

from mnist_dash.ui.shell import state
from mnist_dash.ui.shell.keys import Key

if TYPE_CHECKING:
    from mnist_dash.data.dataset import Dataset

VIEWS = {
    "overview": "Overview",
    "samples": "Samples",
    "pixels": "Pixels",
    "classes": "Classes",
    "shapes": "Shapes",
    "map": "Map",
    "quality": "Quality",
}


def choose() -> str:
    """The view that is chosen here, which the page's link then holds."""
    state.arrive()
    view = state.remembered(Key.VIEW, list(VIEWS))
    st.session_state[Key.VIEW_LIST] = view
    st.segmented_control(
        "View",
        list(VIEWS),
        format_func=VIEWS.__getitem__,
        required=True,
        key=Key.VIEW_LIST,
        on_change=_take,
        label_visibility="collapsed",
    )
    return view


def _take() -> None:
    state.remember(Key.VIEW, st.session_state[Key.VIEW_LIST])


def show(view: str, data: "Dataset") -> None:
    """Show the view of a data set."""
    import_module(f"mnist_dash.ui.explore.{view}").show(data)
