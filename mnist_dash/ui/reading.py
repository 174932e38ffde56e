"""What a model answers to the sketch, as it is shown on every page with a canvas."""

from collections.abc import Callable, Sequence

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


def show(model: Callable[[], Classifier], sketches: Sequence[Stages], chosen: int = 0) -> None:
    """What is read, and of the chosen digit what the network sees and the ten probabilities; a hint on an empty sheet.

    Several digits are read as a number, from left to right.
    """
    answers = model().probabilities(np.stack([sketch.image for sketch in sketches])) if sketches else None
    probabilities = None if answers is None else answers[chosen]
    words, bars = st.columns([2, 5], gap="medium")
    with words:
        _words(answers, chosen)
        _seen(sketches[chosen] if sketches else None)
    with bars:
        figure = answer.probabilities(probabilities, colours())
        chart(figure, key="probabilities", height=330, alt=_described(probabilities))


def _words(answers: Probabilities | None, chosen: int) -> None:
    if answers is None:
        st.metric("It reads", "–", help=_SURE)
        st.caption(_HINT)
        return
    st.metric("It reads", "".join(map(str, answers.argmax(axis=1))), help=_SURE)
    second, first = np.argsort(answers[chosen])[-2:].tolist()
    sure, less = certainty(answers[chosen, first]), certainty(answers[chosen, second])
    which = f"Digit {chosen + 1} is {first}. " if len(answers) > 1 else ""
    st.caption(f"{which}Sure: {sure}. Second guess: {second}, {less}.")


def _seen(sketch: Stages | None) -> None:
    image = np.zeros((SIDE, SIDE), np.uint8) if sketch is None else sketch.image
    st.caption("What it sees", help=_SEES)
    picture(digits.png(image, colours(), scale=8), "The 28×28 pixels it sees", digits.width(1, 8) // 2)


def _described(probabilities: Probabilities | None) -> str:
    if probabilities is None:
        return "Ten empty bars, one for each digit"
    first = int(probabilities.argmax())
    return f"Bars of ten probabilities; the highest is {first} with {certainty(probabilities[first])}"
