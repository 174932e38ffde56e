"""Sketch: draw a digit; the bundled model or any finished run answers."""

from mnist_dash.ui import frame

frame.head("Sketch", "Draw a digit, anywhere and at any size. The model that you choose answers after each stroke.")

# What follows is loaded with the head of the page on the screen already.
from functools import partial

import streamlit as st

from mnist_dash.models.bundled import DEFAULT, card_of
from mnist_dash.models.classifier import Classifier
from mnist_dash.runs.history import runs_of
from mnist_dash.ui import pad, reading, resources, state
from mnist_dash.ui.messages import explained
from mnist_dash.ui.state import Key
from mnist_dash.words import percent

_MODEL = "Which model answers. In brackets: the share of test images that it reads right."
_PEN = "How wide the pen draws, in pixels of the sheet, which is 280 pixels wide."
finished = {str(run.id): run for run in runs_of(resources.database()) if run.figures}


def titled(model: str) -> str:
    """The name of a model as people know it, with how well it reads."""
    if model == DEFAULT:
        return f"Bundled: {card_of(DEFAULT).title} ({percent(card_of(DEFAULT).test_accuracy)})"
    run = finished[model]
    return f"Run {run.id}: {run.name} ({percent(run.figures.accuracy if run.figures else None)})"


def opened(model: str) -> Classifier:
    """The model, ready to answer."""
    return resources.bundled_model(model) if model == DEFAULT else resources.model_of_run(int(model))


def choose() -> str:
    """The model that is to answer: a bundled one's name or a run's number."""
    models = [DEFAULT, *finished]
    state.from_link(Key.MODEL, models)
    return st.selectbox(
        "Model",
        models,
        format_func=titled,
        key=Key.MODEL,
        persist_state="session",
        on_change=state.to_link,
        args=(Key.MODEL,),
        help=_MODEL,
    )


@st.fragment
def read() -> None:
    """The canvas, the model and its answer; a stroke reruns nothing else."""
    with explained():
        row = st.container(horizontal=True, gap="large")
        with row.container(width=pad.SIDE + 2):
            sketch = pad.sketched(st.session_state.get(Key.PEN, pad.PEN))
            st.slider("Pen width", 10, 28, pad.PEN, key=Key.PEN, persist_state="session", help=_PEN)
        with row.container(width="stretch"):
            model = choose()
            reading.show(partial(opened, model), sketch)


with st.container(border=True):
    read()

if not finished:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Only the bundled model can answer so far. Train a network, and it appears in the list.")
        st.page_link("pages/train.py", label="Train a network", icon=":material/show_chart:")
