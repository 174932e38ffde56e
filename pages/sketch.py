"""Sketch: draw a digit; the bundled model or that of any run answers, even while it learns."""

from mnist_dash.ui.shell import frame

frame.head(
    "Sketch",
    "Draw a digit, or several side by side, or bring a photo of digits on paper. The model that you choose reads them.",
)

# What follows is loaded with the head of the page on the screen already.
import streamlit as st

from mnist_dash.models.registry.run_names import is_run
from mnist_dash.ui.components import model_picker
from mnist_dash.ui.shell import offered_models, state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.messages import explain_errors
from mnist_dash.ui.sketch import imported_models, live_answer, pad, stages, strictness, views, ways
from mnist_dash.ui.sketch.ways import Way

_MODEL = (
    "Which model answers. In brackets: the share of test images that it reads right. A run's best epoch is the one "
    "that did best on validation images."
)
models = offered_models.model_options()


def choose() -> str:
    """The model that is to answer, by its name."""
    return model_picker.choose("Model", models, Key.MODEL, _MODEL)


@st.fragment
def read() -> None:
    """The canvas, a photo or an image, the model and its answer; a stroke reruns nothing else."""
    state.arrive()
    with explain_errors():
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = choose()
            strictness.show_choice()
            # Last, so that with Tab the sheet follows on the choice of it.
            way = ways.choose()
            if way is Way.DRAW:
                pad.choose_paper()
        row = st.container(horizontal=True, gap="medium")
        with row.container(width=ways.find_width(way)):
            sketches, source = ways.show(way, name, stages.recall_left_out())
        with row.container(width="stretch", key="reading"):
            # A place of its own, so that the answer stays where it is when the choice comes and goes.
            with st.container(key="which_digit"):
                chosen = pad.choose(sketches)
            live_answer.show(name, sketches, chosen, source)
        views.show(name, sketches, chosen, source)


with st.container(border=True):
    read()

with explain_errors():
    imported_models.show()

if not any(map(is_run, models)):
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("No run of yours can answer so far. Train a network, and it appears in the list.")
        st.page_link("pages/train.py", label="Train a network", icon=":material/show_chart:")
