"""Models: how well any model reads, where it fails, how sure it may be, and whether another one is better."""

from mnist_dash.ui.shell import frame

frame.head(
    "Models", "See how well a model reads, where it fails, how sure it may be, and whether another one is better."
)

# What follows is loaded with the head of the page on the screen already.
import streamlit as st

from mnist_dash.models.registry.answering import find_answering
from mnist_dash.ui import models
from mnist_dash.ui.components import dataset_picker, model_picker
from mnist_dash.ui.models import answered, headline
from mnist_dash.ui.shell import messages, offered_models, resources, state
from mnist_dash.ui.shell.keys import Key

_MODEL = "Those that come with the program, those of your runs, and those that you brought on Sketch."
state.arrive()
choices = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
with choices:
    name = model_picker.choose("Model", offered_models.model_options(), Key.MODEL, _MODEL, width=420)
    data_name = dataset_picker.choose()
# Below them: a bar that was shown while a set was opened would keep its place among them.
data = messages.open_with_progress(data_name)
with choices, messages.explain_errors():
    who = find_answering(resources.database(), name)
    part = headline.choose_part(who, data)


@st.fragment
def show() -> None:
    """The model's figures and one view of them; what is done in it reruns nothing else."""
    with messages.explain_errors():
        found = answered.ask(name, data, part, who)
        if found is not None:
            headline.show(found)
            models.show(models.choose(), found)


show()
