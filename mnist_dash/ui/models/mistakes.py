"""Mistakes: every image that a model reads wrong, the surest answer first, and one of them from near."""

import numpy as np
import streamlit as st

from mnist_dash.analysis.evaluation import find_mistakes
from mnist_dash.arrays import Indices
from mnist_dash.data.correction import describe_corrected_label
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import answer, digits
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.components.tiles import tiles
from mnist_dash.ui.models import opening
from mnist_dash.ui.models.answered import Answered
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import certainty

MOST = 200
_SUREST = (
    "The surest answers come first. A model that is sure and wrong has either learnt something false, or the label is "
    "wrong: look before you decide."
)


def show(answered: Answered) -> None:
    """All mistakes."""
    places = find_mistakes(answered.answers.probabilities, answered.answers.labels)
    if not len(places):
        st.success("Every one of these images is read right.", icon=":material/check:")
        return
    count = f"{len(places):,} of {len(answered.answers.labels):,} images are read wrong"
    more = f"; the {MOST} surest are shown" if len(places) > MOST else ""
    show_places(answered, places[:MOST], f"{count}{more}.", _SUREST, "mistakes")


def show_places(
    answered: Answered, places: Indices, told: str, words: str, key: str, other: Answered | None = None
) -> None:
    """The images at these `places` of what was asked, to choose from, and the chosen one from near.

    What the `other` model reads in it is said too.
    """
    left, right = st.columns([7, 5], gap="large")
    with left:
        chosen = choose_place(answered, places, told, words, key, other)
    with right:
        show_near(answered, chosen, key, other)


def choose_place(
    answered: Answered, places: Indices, told: str, words: str, key: str, other: Answered | None = None
) -> int:
    """Which of the images at these `places` is chosen; the first one where what was chosen last is none of them."""
    st.caption(told, help=words)
    chosen = recall_place(places, key)
    picked = tiles(
        answered.asked.images_at(places),
        [_name(answered, place, other) for place in places.tolist()],
        key=f"tiles_{key}",
        label=told,
        times=2,
        chosen=int(np.flatnonzero(places == chosen)[0]),
    )
    if picked is not None and picked < len(places):
        kept = _key(key)
        chosen = st.session_state[kept] = int(places[picked])
    return chosen


def recall_place(places: Indices, key: str) -> int:
    """Which of these `places` was chosen last under that key; the first one where it is none of them."""
    kept = _key(key)
    last: int | None = st.session_state.get(kept)
    return last if last is not None and last in places else int(places[0])


def _key(of: str) -> str:
    """Where the choice among the images of a view is remembered."""
    return f"chosen_{of}"


def _name(answered: Answered, place: int, other: Answered | None) -> str:
    answers = answered.answers
    also = f", {other.who.short}: {_read(other, place)}" if other else ""
    return f"Image {answers.index[place]}, label {answers.labels[place]}, read as {_read(answered, place)}{also}"


def _read(answered: Answered, place: int) -> int:
    return int(answered.answers.probabilities[place].argmax())


def show_near(answered: Answered, place: int, key: str, other: Answered | None = None) -> None:
    """One image: what is written there, what is read, and how sure that is."""
    answers, asked = answered.answers, answered.asked
    index, label, read = int(answers.index[place]), int(answers.labels[place]), _read(answered, place)
    shares = answers.probabilities[place]
    shown, said = st.columns([2, 3], vertical_alignment="center")
    with shown:
        image = asked.images_at(place)
        show_picture(draw_shared(digits.draw_digit, image, colours(), scale=6), f"Image {index}, label {label}")
    with said:
        st.metric("It reads", str(read), help="The digit with the highest probability.")
        right = "as its label says" if read == label else f"but its label says **{label}**"
        st.markdown(f"Sure: {certainty(float(shares[read]))}, {right}.")
        if other:
            theirs = float(other.answers.probabilities[place].max())
            name = escape_markdown(other.who.short)
            st.markdown(f"{name} reads **{_read(other, place)}**. Sure: {certainty(theirs)}.")
        corrected = describe_corrected_label(answered.data, asked.split, index)
        if corrected:
            st.caption(escape_markdown(corrected))
        opening.show(answered, index, key)
    figure = plot_shared(answer.plot_probabilities, shares, colours())
    chart(figure, key=f"shares_{key}", height=280, alt="How likely the model finds each digit")
