"""Handwriting: how a set differs from the digits of many writers, whose hand is nearest, and what is unusual."""

import streamlit as st

from mnist_dash.analysis.hand_comparison import ComparedHand, KnownHands, compare_hand, know_hands
from mnist_dash.analysis.hand_words import describe_hand, describe_unusual
from mnist_dash.analysis.handwriting import FEWEST
from mnist_dash.data.dataset import Dataset, Digits, Split
from mnist_dash.figures import digits, handwriting
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.own_digits import writers
from mnist_dash.ui.shell import cached_analysis, messages, resources
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours

_UNUSUAL = 4
"""Digits that are shown as the most unusual ones."""
_PIXELS = 56
"""The side of one of them on the screen."""
_CHART = (
    "Each tick is a writer, the dot is this set. Every digit is compared with the same digit of others: a 1 is narrow "
    "whoever writes it. Images are scaled to one size, so how large somebody writes is not seen; the strokes are as "
    "broad as the pen was."
)
_RARE = (
    "By the whole form, in the 50 principal components in which images differ most; what stands out in slant, stroke, "
    "proportions and ink is told beside it. One standard deviation is usual, beyond two are 5 of 100 digits."
)


def show(chosen: OwnSet) -> None:
    """The hand among others, the nearest ones, what is unusual, and one writer beside it digit by digit."""
    own = collection.digits_of(resources.database(), chosen.key)
    if len(own) < FEWEST:
        _ask_for_more(len(own))
        return
    data = messages.open_with_progress()
    if data.train.writers is None:
        st.info("Who wrote these images is not known. Handwriting is compared where MNIST is at hand: see *Data sets*.")
        return
    known = _know_hands(data)
    compared = compare_hand(own, known)
    left, right = st.columns(2, gap="large")
    with left:
        _show_hand(compared, known)
    with right:
        writer = writers.choose_nearest(own, data, known, compared)
    _show_unusual(own, compared)
    writers.show_beside(own, data, known, compared, writer)


def _ask_for_more(count: int) -> None:
    have = f"this set has {count} with a label" if count else "this set has none yet"
    st.info(
        f"A hand shows from {FEWEST} digits on, and {have}. Write one of each: that takes about half a minute. Then "
        "you see how you differ from others, and who writes most like you."
    )


@resources.cache_once("Looking at the hands of all writers, some seconds")
def _know_hands(data: Dataset) -> KnownHands:
    return know_hands(data, cached_analysis.shapes_of(data, Split.TRAIN), cached_analysis.basis_of(data))


def _show_hand(compared: ComparedHand, known: KnownHands) -> None:
    st.header(f"Among {len(known.writers):,} writers", anchor=False, help=_CHART)
    st.markdown(describe_hand(compared))
    figure = plot_shared(handwriting.plot_hand, compared.hand, known.places, compared.ranks, colours())
    chart(figure, "own_hand", handwriting.HEIGHT, "Where this hand lies among those of all writers")


def _show_unusual(own: Digits, compared: ComparedHand) -> None:
    st.header("Most unusual", anchor=False, help=_RARE)
    places = compared.unusual[:_UNUSUAL].tolist()
    half = _UNUSUAL // 2
    for column, some in zip(st.columns(2, gap="large"), (places[:half], places[half:]), strict=True):
        for at in some:
            with column, st.container(horizontal=True, vertical_alignment="center", gap="medium"):
                _show_digit(own, compared, at)


def _show_digit(own: Digits, compared: ComparedHand, at: int) -> None:
    label = int(own.labels[at])
    with st.container(width=_PIXELS):
        show_picture(
            draw_shared(digits.draw_digit, own.images[at], colours(), scale=4), f"A {label} of this set", _PIXELS
        )
    with st.container(width="stretch"):
        st.markdown(describe_unusual(compared, at, label))
