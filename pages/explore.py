"""Explore: what the data set holds, from the whole to the single pixel."""

from mnist_dash.ui.shell import frame

frame.head(
    "Explore", "See what the networks learn from, from the whole set to the single pixel, and what is odd in it."
)

# What follows is loaded with the head of the page on the screen already.
import streamlit as st

from mnist_dash.ui import explore
from mnist_dash.ui.components import dataset_picker
from mnist_dash.ui.shell import messages

with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
    view = explore.choose()
    name = dataset_picker.choose()
data = messages.open_with_progress(name)


@st.fragment
def show() -> None:
    """The chosen view; what is done in it reruns nothing else."""
    with messages.explain_errors():
        explore.show(view, data)


show()
