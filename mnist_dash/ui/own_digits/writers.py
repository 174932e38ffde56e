"""Other writers beside a set: the nearest at a glance, and any of them to leaf through, digit by digit."""

import random
from collections.abc import Sequence

import streamlit as st

from mnist_dash.analysis.by_writer import FIRST_STUDENT
from mnist_dash.analysis.hand_comparison import ComparedHand, KnownHands, find_written, pick_typical
from mnist_dash.analysis.nearest_hand import (
    FOUND_AGAIN,
    FOUND_BY_ONE_EACH,
    FOUND_BY_OTHER_PEN,
    FOUND_OF_FEW,
    OTHER_LIKENESS,
    OWN_LIKENESS,
)
from mnist_dash.arrays import Image
from mnist_dash.data.dataset import CLASSES, Dataset, Digits
from mnist_dash.figures import digits as pictures
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.shell import link, state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import join_words, percent

_NEAREST = 5
"""Writers that are shown as the nearest."""
_OF_EACH = 11
"""Digits of each kind that are shown side by side: a row as wide as a phone."""
_SCALE, _GAP = 2, 6
_NAME = 130
"""Pixels for the name of a writer before a row of digits."""
_HOW = (
    "Hands are alike where their digits differ from the usual in the same way: each digit is compared with the same "
    "digit, form by form, and few digits count less. Likeness goes from -1 to 1. Tried on MNIST's writers, half of "
    f"somebody's digits found the other half first of all in {percent(FOUND_AGAIN, 0)} of cases, one of each digit in "
    f"{percent(FOUND_BY_ONE_EACH, 0)}, half with a pen a pixel broader in {percent(FOUND_BY_OTHER_PEN, 0)}; half of "
    f"those who wrote few, about twenty, in {percent(FOUND_OF_FEW, 0)}."
)


def choose_nearest(own: Digits, data: Dataset, known: KnownHands, compared: ComparedHand) -> int:
    """The nearest writers below one another, one of each digit; the writer who is looked at."""
    writer = _recall(compared)
    st.header("Nearest hands", anchor=False, help=_HOW)
    st.caption(_tell_trust(compared))
    with _line():
        st.markdown("**This set**", width=_NAME)
        _show_rows([pick_typical(own, known)], "Digits 0 to 9 of this set, as it usually has them")
    for place, other in enumerate(compared.nearest[:_NEAREST].tolist()):
        with _line():
            _offer(place, other, chosen=other == writer)
            _show_rows([pick_typical(find_written(data, other), known)], f"Digits 0 to 9 of writer {other}")
    return writer


def _tell_trust(compared: ComparedHand) -> str:
    return (
        f"The nearest has a likeness of {compared.likeness[0]:.2f}: two halves of one hand reach {OWN_LIKENESS:.1f}, "
        f"the nearest stranger {OTHER_LIKENESS:.1f}. Another pen, or a mouse, changes a hand."
    )


def _recall(compared: ComparedHand) -> int:
    """The writer that link or session name, if there is one, or else the nearest."""
    named = link.HAND.recall()
    return int(compared.nearest[0]) if named is None or named not in compared.nearest else named


def _line() -> "st.delta_generator.DeltaGenerator":
    return st.container(horizontal=True, vertical_alignment="center", gap="small")


def _offer(place: int, writer: int, *, chosen: bool) -> None:
    st.button(
        f"Writer {writer}",
        key=f"nearest_{place}",
        type="primary" if chosen else "secondary",
        on_click=link.HAND.keep,
        args=(writer,),
        width=_NAME,
    )


def show_beside(own: Digits, data: Dataset, known: KnownHands, compared: ComparedHand, writer: int) -> None:
    """The writer beside the set, digit by digit, with the ways to the others."""
    st.header("Digit by digit", anchor=False, help=f"The digits 0 to 9 row by row, up to {_OF_EACH} of each.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _show_choice(known.writers.tolist(), writer)
    theirs = find_written(data, writer)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**This set** :gray[{len(own):,} digits{_name_missing(own)}]")
        _show_rows(_sort(own), "The digits of this set, a row each")
    with right:
        group = _name_group(writer) if data.official else ""
        st.markdown(f"**Writer {writer}** :gray[{group}{len(theirs):,} digits, {_describe_likeness(writer, compared)}]")
        _show_rows(_sort(theirs), f"The digits of writer {writer}, a row each")


def _show_choice(writers: Sequence[int], writer: int) -> None:
    at = writers.index(writer)
    st.selectbox(
        "Writer",
        writers,
        key=state.mirror(Key.HAND_LIST, writer),
        on_change=_take,
        width=140,
        help="The number that NIST gave, where these are MNIST's writers. Type one, or leaf through.",
    )
    _lead("Previous", "chevron_left", writers[at - 1])
    _lead("Next", "chevron_right", writers[(at + 1) % len(writers)])
    st.button("At random", icon=":material/shuffle:", on_click=_draw, args=(writers,), key="hand_random")


def _lead(label: str, icon: str, writer: int) -> None:
    key = f"hand_{label.lower()}"
    st.button(label, icon=f":material/{icon}:", on_click=link.HAND.keep, args=(writer,), key=key)


def _take() -> None:
    link.HAND.keep(state.take_choice(Key.HAND_LIST))


def _draw(writers: Sequence[int]) -> None:
    link.HAND.keep(random.choice(writers))


def _name_group(writer: int) -> str:
    return "a student, " if writer >= FIRST_STUDENT else "a census employee, "


def _describe_likeness(writer: int, compared: ComparedHand) -> str:
    place = compared.nearest.tolist().index(writer)
    return f"likeness {compared.likeness[place]:.2f} (number {place + 1:,})"


def _name_missing(own: Digits) -> str:
    missing = [str(digit) for digit in range(CLASSES) if digit not in own.labels]
    return f", no {join_words(missing, CLASSES, 'or')} yet" if missing else ""


def _sort(digits: Digits) -> list[list[Image | None]]:
    """A row for each digit, the first ones of it, filled up with empty places."""
    rows = [list(digits.images[digits.labels == digit][:_OF_EACH]) for digit in range(CLASSES)]
    return [[*row, *[None] * (_OF_EACH - len(row))] for row in rows]


def _show_rows(rows: Sequence[Sequence[Image | None]], alt: str) -> None:
    width = pictures.sheet_width(len(rows[0]), _SCALE, _GAP) // 2
    show_picture(pictures.draw_rows(rows, colours(), _SCALE, _GAP), alt, width)
