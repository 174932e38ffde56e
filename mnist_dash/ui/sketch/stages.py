"""What the model sees: the stages of the drawing side by side, with a switch for each step."""

import streamlit as st

from mnist_dash.figures import numbers
from mnist_dash.figures.stages import TILE, draw_stages
from mnist_dash.sketch.mnist_preprocessing import Stages, Step
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.shell.theme import colours

_STEPS = {
    Step.CUT: ("Cut out", "Only the ink counts, wherever on the sheet it is. Off: the whole sheet is taken."),
    Step.SQUARE: ("Keep the shape", "The box grows to a square. Off: it is stretched, and a 1 becomes a bar."),
    Step.MARGIN: (
        "Leave a margin",
        "The digit shrinks to 20×20 in a margin, as MNIST's digits did. Off: the ink fills all 28×28 pixels.",
    ),
    Step.CENTRE: ("Centre by mass", "The centre of the ink lies in the middle. Off: the middle of the box does."),
}
_STAGES = ("Your ink", "Its box", "Square", "Small", "What it sees")
_OFF = "The networks learnt from digits that went through every step: watch how the answer suffers without one."
_READY = "The image as it stands in the data set: nothing is cut out or moved. These are its 784 values."
_VALUES = "The 784 values of the image"
_ON = "The procedure that made MNIST. Turn a step off to see what it is good for."


def recall_left_out() -> frozenset[Step]:
    """The steps of the procedure that are turned off in this session."""
    return frozenset(step for step in Step if not st.session_state.get(_key(step), True))


def show(sketch: Stages | None) -> None:
    """Five stages, the first as it was drawn, each of the others with the switch of the step that makes it."""
    st.header("What the model sees", anchor=False)
    steps = (None, *Step)
    with st.container(horizontal=True, gap="small"):
        for title, step, content in zip(_STAGES, steps, draw_stages(sketch, colours()), strict=True):
            with st.container(width=TILE // 2 + 40, gap="small"):
                st.caption(title)
                show_picture(content, f"{title}, as a picture", TILE // 2)
                if step is not None:
                    _switch(step)
    st.caption(_OFF if recall_left_out() else _ON)


def show_ready(sketch: Stages) -> None:
    """The 784 values of an image that a data set holds, of which no step is asked any more."""
    st.header("What the model sees", anchor=False)
    st.caption(_READY)
    chart(plot_shared(numbers.plot_numbers, sketch.image, colours()), key="ready", height=620, least=560, alt=_VALUES)


def _switch(step: Step) -> None:
    label, words = _STEPS[step]
    st.toggle(label, value=True, key=_key(step), persist_state="session", help=words)


def _key(step: Step) -> str:
    return f"step_{step}"
