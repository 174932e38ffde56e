"""What a model answers to the sketch, as it is shown on every page with a canvas."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from mnist_dash.figures import answer, digits
from mnist_dash.models.classifier import Classifier, Probabilities
from mnist_dash.sketch.procedure import SIDE, Stages
from mnist_dash.ui.chart import chart
from mnist_dash.ui.picture import picture
from mnist_dash.ui.theme import colours
from mnist_dash.words import certainty

_HINT = "Draw a digit from 0 to 9 on the sheet. The answer appears as soon as you lift the pen."
_SEES = (
    "Your drawing is cut out, shrunk to 20×20 pixels and placed by its centre of mass in 28×28 pixels: the procedure "
    "that made MNIST. So it does not matter where and how large you draw."
)
_SURE = "The digit with the highest probability. It is not a promise: a model can be sure and wrong."


def show(model: Callable[[], Classifier], sketch: Stages | None) -> None:
    """The digit that is read, what the network sees, and the ten probabilities; a hint where nothing is drawn."""
    probabilities = None if sketch is None else model().probabilities(sketch.image[np.newaxis])[0]
    words, bars = st.columns([2, 5], gap="medium")
    with words:
        _words(probabilities)
        _seen(sketch)
    with bars:
        figure = answer.probabilities(probabilities, colours())
        chart(figure, key="probabilities", height=330, alt=_described(probabilities))


def _words(probabilities: Probabilities | None) -> None:
    if probabilities is None:
        st.metric("It reads", "–", help=_SURE)
        st.caption(_HINT)
        return
    second, first = np.argsort(probabilities)[-2:].tolist()
    st.metric("It reads", str(first), help=_SURE)
    st.caption(f"Sure: {certainty(probabilities[first])}. Second guess: {second}, {certainty(probabilities[second])}.")


def _seen(sketch: Stages | None) -> None:
    image = np.zeros((SIDE, SIDE), np.uint8) if sketch is None else sketch.image
    st.caption("What it sees", help=_SEES)
    picture(digits.png(image, colours(), scale=8), "The 28×28 pixels it sees", digits.width(1, 8) // 2)


def _described(probabilities: Probabilities | None) -> str:
    if probabilities is None:
        return "Ten empty bars, one for each digit"
    first = int(probabilities.argmax())
    return f"Bars of ten probabilities; the highest is {first} with {certainty(probabilities[first])}"
