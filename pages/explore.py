"""Explore: what the data set holds, from the whole to the single pixel."""

from mnist_dash.ui import frame

frame.head(
    "Explore", "See what the networks learn from, from the whole set to the single pixel, and what is odd in it."
)

# What follows is loaded with the head of the page on the screen already.
import streamlit as st

from mnist_dash.ui import datasets, exploring, messages

with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
    view = exploring.choose()
    name = datasets.choose()
data = messages.dataset(name)


@st.fragment
def show() -> None:
    """The chosen view; what is done in it reruns nothing else."""
    with messages.explained():
        exploring.show(view, data)


show()
