"""Which images a model is asked about, and what its answers to them come to in a few figures."""

import streamlit as st

from mnist_dash.analysis.answers import evaluate_corrected
from mnist_dash.analysis.evaluated_images import Part, list_parts
from mnist_dash.data.dataset import Dataset
from mnist_dash.errors import DataError
from mnist_dash.models.registry.answering import AnsweringModel
from mnist_dash.ui.components import linked_choice
from mnist_dash.ui.models.answered import Answered, spec_of
from mnist_dash.ui.shell.keys import Key
from mnist_dash.words import interval, percent

_PARTS = {Part.TEST: "Test", Part.VALIDATION: "Validation", Part.TRAIN: "Training"}
_PART = (
    "Test images alone say how well a model reads what it has never seen. Validation images are those that a run held "
    "out; on what it has learnt from, every model looks better than it is."
)
_ACCURACY = "The share of images that are read right."
_LOSS = "Mean cross-entropy in nats: it also tells unsure right answers from sure ones, and punishes sure mistakes."
_TOP2 = "The share of images whose label is one of the two likeliest digits."
_CALIBRATION = "How far certainty and accuracy lie apart, over groups of equally sure answers (ECE)."


def choose_part(who: AnsweringModel, data: Dataset) -> Part:
    """The images that a model is to read."""
    parts = list_parts(data, spec_of(who))
    if not parts:
        raise DataError(f"{data.name} has no image. Choose another data set.")
    # What another model's run has held out is no choice here.
    if st.session_state.get(Key.PART) not in (None, *parts):
        del st.session_state[Key.PART]
    return linked_choice.choose("Images", {part: _PARTS[part] for part in parts}, Key.PART, help=_PART)


def show(answered: Answered) -> None:
    """Accuracy with its interval, and what else there is to say in a figure."""
    result = answered.result
    wrong = result.images - sum(row[digit] for digit, row in enumerate(result.confusion))
    with st.container(horizontal=True, gap="medium", key="model_figures"):
        st.metric("Read right", percent(result.accuracy), help=_ACCURACY)
        st.metric("Wrong", f"{wrong:,} of {result.images:,}")
        st.metric("Label in first two", percent(result.top2), help=_TOP2)
        st.metric("Loss", f"{result.loss:.4f}", help=_LOSS)
        st.metric("Calibration error", percent(result.calibration_error), help=_CALIBRATION)
    told = [f"{interval(*result.interval)}."]
    corrected = evaluate_corrected(answered.data, answered.asked.split, answered.answers)
    if corrected:
        told.append(
            f"By the labels that people corrected (10 changed, 5 that nobody can tell left out): "
            f"{percent(corrected.accuracy)} of {corrected.images:,}."
        )
    st.caption(" ".join(told))
