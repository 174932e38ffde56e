"""The own digits on the page of data sets: what there is, a look at each, and ways to take and use them."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import streamlit as st

from mnist_dash.data.dataset import CLASSES
from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.export import OwnDigitFormat, write_content
from mnist_dash.own_digits.records import OwnDigit
from mnist_dash.ui.components.tiles import tiles
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.words import certainty, join_words

_SHOWN = 200
"""Digits that are shown; all are downloaded."""
_FORMATS = {OwnDigitFormat.NPZ: "NPZ", OwnDigitFormat.CSV: "CSV", OwnDigitFormat.JSON: "JSON with strokes"}
_TAKEN = "NPZ and CSV hold images and labels. JSON holds all: strokes, ink, answers, and what is not a digit."
_SET = "A data set does not change any more, so that figures of runs stay true. Make another when you have more."


def show() -> None:
    """How many there are of each digit, the newest as pictures, and what can be done with them."""
    st.header("Own digits", anchor=False)
    counts = collection.count_by_label(resources.database())
    if not counts:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("None yet. Draw a digit and say what it is: one click keeps it here.")
            st.page_link("pages/sketch.py", label="Sketch", icon=":material/draw:")
        return
    st.caption(write_counts(counts))
    _look(collection.read_newest(resources.database(), _SHOWN), sum(counts.values()))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _take_away()
        _make_set()


def write_counts(counts: Mapping[int | None, int]) -> str:
    """How many own digits there are, in all and of each label."""
    of_each = [f"{counts[digit]:,} × {digit}" for digit in range(CLASSES) if digit in counts]
    none = [f"{counts[None]:,} × not a digit"] if None in counts else []
    return f"{sum(counts.values()):,} in all: {join_words(of_each + none, CLASSES + 1)}."


def _look(digits: Sequence[OwnDigit], total: int) -> None:
    keys = [digit.key for digit in digits]
    chosen = st.session_state.get(Key.OWN)
    place = keys.index(chosen) if chosen in keys else None
    names = [_name(digit) for digit in digits]
    images = np.stack([digit.image for digit in digits])
    picked = tiles(images, names, key="own_digits", label="Own digits, the newest first", times=2, chosen=place)
    if picked is not None and picked < len(keys) and picked != place:
        st.session_state[Key.OWN] = keys[picked]
        st.rerun()
    if total > len(digits):
        st.caption(f"The newest {len(digits)} are shown.")
    if place is not None:
        _one(digits[place])


def _one(digit: OwnDigit) -> None:
    """A digit from near, and its end."""
    read = digit.answer.read
    sure = certainty(digit.answer.probabilities[read])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f"**{_name(digit)}** :gray[{escape_markdown(digit.answer.title)} read {read} ({sure}).]", width="content"
        )
        st.button("Delete", icon=":material/delete:", key="delete_own", on_click=_delete, args=(digit.key,))


def _name(digit: OwnDigit) -> str:
    return "Not a digit" if digit.label is None else f"Label {digit.label}"


def _delete(key: str) -> None:
    try:
        collection.remove(resources.database(), key)
    except MnistDashError as e:
        st.toast(escape_markdown(e), icon=":material/error:")


def _take_away() -> None:
    with st.popover("Download", icon=":material/download:"):
        st.caption(_TAKEN)
        for file_format, title in _FORMATS.items():
            make = partial(write_content, resources.database(), file_format)
            st.download_button(
                title,
                make,
                f"own-digits{file_format}",
                key=f"take_own{file_format}",
                on_click="ignore",
                width="stretch",
            )


def _make_set() -> None:
    with st.popover("Make a data set", icon=":material/folder_open:"), st.form("own_set", border=False):
        st.caption(_SET)
        name = st.text_input("Name", "own-digits", key="own_set_name")
        if st.form_submit_button("Make it", icon=":material/check:"):
            try:
                made = collection.make_set(resources.database(), resources.settings(), name)
            except MnistDashError as e:
                st.error(escape_markdown(e), icon=":material/error:")
            else:
                images = f"{len(made.train):,} training and {len(made.test):,} test images"
                st.success(f"{escape_markdown(made.name)} is here now: {images}.")
