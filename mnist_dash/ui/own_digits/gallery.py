"""Gallery: all digits of a set by digit, the newest first, and the chosen one from near."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from mnist_dash.data.dataset import CLASSES
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.collection import NO_DIGIT, Which
from mnist_dash.own_digits.records import OwnDigit
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.ui.components.tiles import tiles
from mnist_dash.ui.own_digits import data_set, near
from mnist_dash.ui.shell import resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.words import join_words

SHOWN = 300
"""Digits on a page; all are downloaded."""
_ALL, _NONE = "All", "Not a digit"
_LABELS = {_ALL: None, **{str(digit): digit for digit in range(CLASSES)}, _NONE: NO_DIGIT}
_MISREAD = "Digits in which the model that was asked read another one than they are labelled; they have a red frame."


def show(chosen: OwnSet) -> None:
    """How many there are of each digit, the choice of some, their pictures, and one of them from near."""
    counts = collection.count_by_label(resources.database(), chosen.key)
    if not counts:
        st.info("No digits yet. Write some, or save what you draw on Sketch: one click keeps it.")
        st.page_link("pages/sketch.py", label="Sketch", icon=":material/draw:")
        near.show(chosen, None)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="own_head"):
        st.caption(write_counts(counts), width="stretch")
        data_set.offer_download(chosen)
        data_set.offer(chosen)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        which = _choose(chosen)
        total = collection.count_some(resources.database(), which)
        page = _choose_page(total)
    # From near on the left: on a phone it would stand below hundreds otherwise.
    left, right = st.columns([4, 7], gap="large")
    with right:
        picked = _show_tiles(which, page) if total else _say_none()
    with left:
        near.show(chosen, picked)


def write_counts(counts: Mapping[int | None, int]) -> str:
    """How many own digits there are, in all and of each label."""
    of_each = [f"{counts[digit]:,} × {digit}" for digit in range(CLASSES) if digit in counts]
    none = [f"{counts[None]:,} × not a digit"] if None in counts else []
    return f"{sum(counts.values()):,} in all: {join_words(of_each + none, CLASSES + 1)}."


def _choose(chosen: OwnSet) -> Which:
    label = st.segmented_control(
        "Digit",
        list(_LABELS),
        default=_ALL,
        required=True,
        key=Key.OWN_LABEL,
        bind="query-params",
        label_visibility="collapsed",
        wrap=True,
    )
    misread = st.toggle("Read otherwise", key=Key.OWN_MISREAD, bind="query-params", help=_MISREAD)
    return Which(chosen.key, _LABELS[label or _ALL], misread)


def _say_none() -> str | None:
    st.caption("There is no such digit in this set.")
    return st.session_state.get(Key.OWN)


def _show_tiles(which: Which, page: int) -> str | None:
    """A page of these digits; the key of the one that is chosen."""
    digits = collection.read_some(resources.database(), which, (page - 1) * SHOWN, SHOWN)
    keys, chosen = [digit.key for digit in digits], st.session_state.get(Key.OWN)
    picked = tiles(
        np.stack([digit.image for digit in digits]),
        [_name(digit) for digit in digits],
        key="own_digits",
        label="Own digits, the newest of each first",
        times=2,
        chosen=keys.index(chosen) if chosen in keys else None,
        wrong=_find_misread(digits),
    )
    if picked is not None and picked < len(keys):
        st.session_state[Key.OWN] = keys[picked]
    return st.session_state.get(Key.OWN)


def _choose_page(total: int) -> int:
    pages = max(1, -(-total // SHOWN))
    if st.session_state.get(Key.OWN_PAGE, 1) > pages:
        # Some were deleted, or others are shown now.
        st.session_state[Key.OWN_PAGE] = pages
    if pages == 1:
        return 1
    words = f"{total:,} digits in all, {SHOWN} on a page."
    return int(st.number_input(f"Page of {pages:,}", 1, pages, key=Key.OWN_PAGE, width=140, help=words))


def _name(digit: OwnDigit) -> str:
    label = "Not a digit" if digit.label is None else f"Label {digit.label}"
    return label if digit.label == digit.answer.read else f"{label}, read {digit.answer.read}"


def _find_misread(digits: Sequence[OwnDigit]) -> list[int]:
    return [i for i, digit in enumerate(digits) if digit.label is not None and digit.label != digit.answer.read]
