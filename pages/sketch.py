"""Sketch: draw a digit; the bundled model or any finished run answers."""

import streamlit as st

from mnist_dash.models.catalog import DEFAULT, card_of
from mnist_dash.models.classifier import Classifier
from mnist_dash.runs.history import runs_of
from mnist_dash.runs.records import Run, State
from mnist_dash.ui import pad, reading, resources
from mnist_dash.ui.messages import explained
from mnist_dash.ui.state import Key

st.title("Sketch")
st.write("Draw a digit, anywhere and at any size. The model that you choose answers after each stroke.")

finished = {run.id: run for run in runs_of(resources.database(), State.DONE, State.STOPPED) if run.figures}


def titled(model: str) -> str:
    """The name of a model as people know it, with how well it reads."""
    if model == DEFAULT:
        return f"Bundled: {card_of(DEFAULT).title} ({card_of(DEFAULT).test_accuracy:.1%})"
    run: Run = finished[int(model)]
    return f"Run {run.id}: {run.name} ({run.figures.accuracy:.1%})" if run.figures else f"Run {run.id}: {run.name}"


def opened(model: str) -> Classifier:
    """The model, ready to answer."""
    return resources.bundled_model(model) if model == DEFAULT else resources.model_of_run(int(model))


choice, width = st.columns([2, 1], gap="medium")
with choice:
    model = st.selectbox(
        "Model",
        [DEFAULT, *map(str, finished)],
        format_func=titled,
        key=Key.MODEL,
        bind="query-params",
        help="Which model answers. In brackets: the share of test images that it reads right.",
    )
with width:
    pen = st.slider("Pen width", 10, 28, pad.PEN, key=Key.PEN, persist_state="session", help="In pixels of the canvas.")


@st.fragment
def read(model: str, pen: int) -> None:
    """The canvas and the answer; a stroke reruns nothing else."""
    with explained():
        sheet, answer = st.columns([300, 800], gap="large")
        with sheet:
            sketch = pad.sketched(pen)
        with answer:
            reading.show(opened(model), sketch)


with st.container(border=True):
    read(model, pen)

if not finished:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Only the bundled model can answer so far. Train a network, and it appears in the list.")
        st.page_link("pages/train.py", label="Train a network", icon=":material/show_chart:")
