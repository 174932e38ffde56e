"""Own digits: write digits one after another, look through them, and make a data set of them."""

from mnist_dash.ui.shell import frame

frame.head(
    "Own digits",
    "Write digits of your own, one after another, look through them, and train on them.",
)

# What follows is loaded with the head of the page on the screen already.
import streamlit as st

from mnist_dash.ui import own_digits
from mnist_dash.ui.own_digits import set_choice
from mnist_dash.ui.shell import messages

with messages.explain_errors():
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = set_choice.choose()
    view = own_digits.choose()


@st.fragment
def show() -> None:
    """The chosen view of the set; what is done in it reruns nothing else."""
    with messages.explain_errors():
        own_digits.show(view, chosen)


show()
