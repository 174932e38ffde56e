"""Home: what this is, a digit read at once, and where to go next."""

from mnist_dash.ui.shell import frame

frame.head(
    "MNIST Dash", "A laboratory for handwritten digits. Draw one, and a small neural network reads it while you watch."
)

# What follows is loaded with the head of the page on the screen already.
from functools import partial

import streamlit as st

from mnist_dash.models.bundled import DEFAULT, read_card
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.messages import explain_errors
from mnist_dash.ui.sketch import answer, pad
from mnist_dash.words import interval, percent


@st.fragment
def try_it() -> None:
    """The canvas and the answer; a stroke reruns nothing else."""
    with explain_errors():
        pad.choose_paper()
        row = st.container(horizontal=True, gap="medium")
        left, right = row.container(width=pad.make_room()), row.container(width="stretch", key="reading")
        with left:
            pad.show(DEFAULT)
        with right:
            answer.show(partial(resources.bundled_model, DEFAULT), pad.read())


with st.container(border=True):
    try_it()

card = read_card(DEFAULT)
st.caption(
    f"The network that answers: {card.title.lower()}, {card.parameters:,} parameters, "
    f"{percent(card.test_accuracy)} of {card.test_images:,} test images right ({interval(*card.test_interval)}).",
    help=card.note,
)

st.header("Where to go next")
explore, train, sketch = st.columns(3, gap="medium")
with explore.container(border=True, height="stretch"):
    st.page_link("pages/explore.py", label="Explore the data", icon=":material/grid_view:")
    st.write("Look at 70,000 digits: samples by class, how many of each, how dark their pixels are.")
with train.container(border=True, height="stretch"):
    st.page_link("pages/train.py", label="Train a network", icon=":material/show_chart:")
    st.write(
        "Choose a method, start it, and watch loss and accuracy batch by batch. A first run takes about half a minute."
    )
with sketch.container(border=True, height="stretch"):
    st.page_link("pages/sketch.py", label="Sketch with your own model", icon=":material/draw:")
    st.write("Let any network that you trained read your handwriting, and see what it sees.")
