"""As it was drawn: the drawing played back, with what the model read at each moment of it."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from mnist_dash.arrays import Bytes
from mnist_dash.figures.film import plot_film
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.drawing_answers import Answers
from mnist_dash.models.registry.answering import find_answering, identify
from mnist_dash.sketch.mnist_preprocessing import Step
from mnist_dash.sketch.playback import Moment, cut_moments, see_moments
from mnist_dash.sketch.sheet import WIDTHS, Sheet, from_text, to_text
from mnist_dash.sketch.sheet_reading import separate_digits
from mnist_dash.ui.components import film
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.shell import resources, state
from mnist_dash.ui.shell.messages import making_ready
from mnist_dash.ui.shell.theme import colours
from mnist_dash.ui.sketch import stages, strictness

_MOST, _HEIGHT = 60, 360
_CHART = "film_chart"
_NOTHING = "Draw a digit on the sheet, and see here how the answer came about, stroke by stroke."
_LINES = (
    "Each line is the probability of one digit, from the first point of the pen to the last. Digits that were never "
    "found likely are pale lines at the bottom. Where the ground is shaded, the ink looked like no digit yet."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Played:
    """The moments of a drawing, what the network sees at each (n, 28, 28), and what it answers."""

    moments: list[Moment]
    seen: Bytes
    said: Answers


def show(name: str, chosen: int | None) -> None:
    """The film of the chosen digit on the sheet, as the model of that name reads it; None where nothing is drawn."""
    st.header("As it was drawn", anchor=False)
    who = find_answering(resources.database(), name)
    if chosen is None or who.waiting:
        st.caption(_NOTHING if chosen is None else "No epoch is ready to answer yet.")
        return
    with making_ready():
        model = resources.model(who.name, who.epoch)
    sheet = state.sketch().sheet
    left_out = tuple(sorted(stages.recall_left_out()))
    played = _play(to_text(sheet), chosen, identify(who), model, left_out, strictness.read_threshold())
    points = [moment.points for moment in played.moments]
    left, right = st.columns(2, gap="large")
    with left:
        words = [_describe(played.said.take(at)) for at in range(len(points))]
        film.film("film", sheet.drawing, WIDTHS[sheet.paper], points, played.seen, words, _CHART)
    with right:
        is_refused = [played.said.is_refused(at) for at in range(len(points))]
        figure = plot_shared(plot_film, points, played.said.probabilities, is_refused, colours())
        chart(figure, _CHART, _HEIGHT, "Ten probabilities from the first point of the pen to the last")
        st.caption(_LINES)


def _describe(said: Answers) -> str:
    return said.describe(0) if said.is_refused(0) else f"It reads {said.number}. {said.describe(0)}"


@resources.cache_once(entries=16)
def _play(
    text: str,
    chosen: int,
    who: str,  # noqa: ARG001 - the key: what tells the model, as it answers now, from others
    _model: Classifier,
    without: tuple[Step, ...],
    threshold: float | None,
) -> _Played:
    """The film of a drawing that was kept as `text`."""
    sheet = from_text(text) or Sheet()
    digit = separate_digits(sheet, resources.cut_confidence())[chosen]
    moments = cut_moments(sheet.drawing, _MOST)
    seen = see_moments(moments, digit, without)
    verdicts = resources.digit_detector().give_verdicts(seen, threshold)
    return _Played(moments, seen, Answers(np.asarray(_model.probabilities(seen)), verdicts))
