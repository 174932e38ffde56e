"""Stress: change digits by degrees and see when models fail, or damage a model and see what it can do without."""

from mnist_dash.ui.shell import frame

frame.head("Stress", "Turn, blur and cover digits until a model fails, or damage the model itself, and see what holds.")

# What follows is loaded with the head of the page on the screen already.
import streamlit as st

from mnist_dash.ui import stress
from mnist_dash.ui.components import dataset_picker
from mnist_dash.ui.shell import messages

with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
    view = stress.choose()
    name = dataset_picker.choose()
data = messages.open_with_progress(name)


@st.fragment
def show() -> None:
    """The chosen view; what is done in it reruns nothing else."""
    with messages.explain_errors():
        stress.show(view, data)


show()
