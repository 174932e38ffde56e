"""What a model answers to the sketch, as it is shown on every page with a canvas."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import streamlit as st

from mnist_dash.arrays import Probabilities
from mnist_dash.figures import answer, digits
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.drawing_answers import Answers, answer_sketches
from mnist_dash.models.rejection import Verdict
from mnist_dash.sketch.mnist_preprocessing import SIDE, Stages
from mnist_dash.sketch.sheet import to_text
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.shell import resources, state
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.ui.sketch import strictness
from mnist_dash.words import certainty

_SEES = (
    "Your drawing is cut out, shrunk to 20×20 pixels and placed by its centre of mass in 28×28 pixels: the procedure "
    "that made MNIST. So it does not matter where and how large you draw."
)
_SURE = (
    "The digit with the highest probability. It is not a promise: a model can be sure and wrong. A question mark "
    "stands for what does not look like a digit, or is struck through."
)
_CALIBRATED = (
    "Calibrated on images that the network has not learnt from: of all answers given with 90 %, about 90 % are right. "
    "That holds for digits such as MNIST's; a run without validation images is as sure as it says itself."
)
_REFUSED = (
    "A small network of its own, which has learnt from digits, letters and scribbles, judges every drawing. How strict "
    "it is can be chosen on Sketch."
)
_UNUSUAL = (
    "The small network that tells digits from the rest finds few digits of this form. What is read may well be right: "
    "some people write so."
)
_STRUCK = (
    "A straight stroke goes through it and reaches past all else on both sides, as people strike out what shall not "
    "count. Undo that stroke, or clear the sheet and write the digit anew."
)
_MEANINGS = {Verdict.DIGIT: _CALIBRATED, Verdict.UNUSUAL: _UNUSUAL, Verdict.STRUCK: _STRUCK, Verdict.NONE: _REFUSED}


@dataclass(frozen=True, slots=True)
class Source:
    """Where digits come from: a `hint` while there are none, and how many stand on each of its `lines`, if several.

    `label` is what a data set says that its image is; of what people draw or photograph nobody knows it yet.
    """

    hint: str
    lines: tuple[int, ...] = ()
    label: int | None = None


DRAWN = Source("Draw a digit from 0 to 9 on the sheet. The answer follows your pen.")
_WIDTHS = {1: 100, 2: 150, 3: 150}
"""Pixels for a digit and for a short number, which are shown in large letters; longer ones take all there are."""
_SHORT = 8
"""Digits of a number that is seen in full in any window."""


def show(
    model: Callable[[], Classifier], sketches: Sequence[Stages], chosen: int = 0, source: Source = DRAWN
) -> Answers | None:
    """What is read, and of the chosen digit what the network sees and the ten probabilities; a hint on an empty sheet.

    Several digits are read as a number, from left to right. Returns what it said, None on an empty sheet.
    """
    said = ask_model(model(), sketches) if sketches else None
    words, bars = st.columns([3, 5], gap="medium")
    with words:
        with st.container(horizontal=True, gap="medium"):
            _number(said)
            _seen(sketches[chosen] if sketches else None)
        with st.container(key="answer_words"):
            _words(said, chosen, source)
    with bars:
        probabilities = None if said is None else said.probabilities[chosen]
        refused = said is not None and said.is_refused(chosen)
        figure = plot_shared(answer.plot_probabilities, probabilities, colours(), refused=refused)
        drawing = format(crc32(to_text(state.sketch().sheet).encode()), "x")
        chart(figure, key="probabilities", height=330, alt=_described(probabilities), of=drawing)
    return said


def ask_model(model: Classifier, sketches: Sequence[Stages]) -> Answers:
    """What a model says of sketches, at least one, as strict as this session wants it."""
    return answer_sketches(model, resources.digit_detector(), sketches, strictness.read_threshold())


def _number(said: Answers | None) -> None:
    """What is read, in the largest letters that it has room for."""
    number = "–" if said is None else said.number
    # One place whatever is read: the page's style takes the size of the letters from its width.
    with st.container(width=_WIDTHS.get(len(number), "stretch"), key="answer"):
        st.metric("It reads", number, help=_SURE)


def _words(said: Answers | None, chosen: int, source: Source) -> None:
    if said is None:
        st.caption(source.hint)
        return
    if len(source.lines) > 1 or len(said.number) > _SHORT:
        st.text(_by_line(said.number, source.lines))
    st.caption(said.describe(chosen), help=_MEANINGS[said.verdicts[chosen]])


def _by_line(number: str, lines: Sequence[int]) -> str:
    """A number as it stands on so many lines; on one where there are none."""
    ends = np.cumsum(lines or (len(number),)).tolist()
    return "\n".join(number[start:end] for start, end in zip([0, *ends], ends, strict=False))


def _seen(sketch: Stages | None) -> None:
    image = np.zeros((SIDE, SIDE), np.uint8) if sketch is None else sketch.image
    with st.container(width="content", key="seen"):
        st.caption("What it sees", help=_SEES)
        show_picture(
            draw_shared(digits.draw_digit, image, colours(), scale=8),
            "The 28×28 pixels it sees",
            digits.sheet_width(1, 8) // 2,
        )


def _described(probabilities: Probabilities | None) -> str:
    if probabilities is None:
        return "Ten empty bars, one for each digit"
    first = int(probabilities.argmax())
    return f"Bars of ten probabilities; the highest is {first} with {certainty(probabilities[first])}"
