"""What a model answers to the sketch, as it is shown on every page with a canvas."""

import numpy as np
import numpy.typing as npt
import streamlit as st

from mnist_dash.figures import answer, digits
from mnist_dash.models.classifier import Classifier
from mnist_dash.sketch.procedure import Stages
from mnist_dash.ui.chart import chart
from mnist_dash.ui.pad import colours

_HINT = "Draw a digit from 0 to 9 on the sheet. The answer appears as soon as you lift the pen."
_SEES = (
    "Your drawing is cut out, shrunk to 20×20 pixels and placed by its centre of mass in 28×28 pixels: the procedure "
    "that made MNIST. So it does not matter where and how large you draw."
)
_SURE = "The model's own probability for this digit. It is not a promise: a model can be sure and wrong."


def show(model: Classifier, sketch: Stages | None) -> None:
    """The digit that is read, what the network sees, and the ten probabilities; a hint where nothing is drawn."""
    probabilities = None if sketch is None else model.probabilities(sketch.image[np.newaxis])[0]
    words, bars = st.columns([2, 5], gap="medium")
    with words:
        _words(probabilities)
        _seen(sketch)
    with bars:
        figure = answer.probabilities(probabilities, colours())
        chart(figure, key="probabilities", height=300, alt=_described(probabilities))


def _words(probabilities: npt.NDArray[np.float32] | None) -> None:
    if probabilities is None:
        st.metric("It reads", "–", help=_SURE)
        st.caption(_HINT)
        return
    second, first = np.argsort(probabilities)[-2:]
    st.metric("It reads", str(first), help=_SURE)
    st.caption(f"{probabilities[first]:.1%} sure. Its second guess is {second}, at {probabilities[second]:.1%}.")


def _seen(sketch: Stages | None) -> None:
    image = np.zeros((28, 28), np.uint8) if sketch is None else sketch.image
    st.image(digits.png(image, colours(), scale=4), width=112, alt="The 28×28 pixels that the network sees")
    st.caption("What it sees", help=_SEES)


def _described(probabilities: npt.NDArray[np.float32] | None) -> str:
    if probabilities is None:
        return "Ten empty bars, one for each digit"
    first = int(probabilities.argmax())
    return f"Bars of ten probabilities; the highest is {first} with {probabilities[first]:.1%}"
