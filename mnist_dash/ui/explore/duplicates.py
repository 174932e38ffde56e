"""Copies and near duplicates, within the splits and across them."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from mnist_dash.analysis.duplicates import NearDuplicates, Place
from mnist_dash.data.dataset import Dataset
from mnist_dash.figures import digits
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.shell import cached_analysis
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours

_MOST, _COLUMNS, _SCALE, _GAP = 32, 8, 4, 10
_WHAT = (
    "All pairs of images are compared, scaled to the same amount of ink. Pairs that hardly differ were probably "
    "written, or scanned, once. Across training and test they make a test easier than it should be."
)
ALL, ACROSS, CONTRADICTING = "All", "Across training and test", "With different labels"


def show(data: Dataset) -> None:
    """Nothing before it is asked for, since it takes some seconds the first time; then figures and pairs."""
    if not st.toggle("Compare every image with every other one", key=Key.DUPLICATES, bind="query-params", help=_WHAT):
        return
    copies, pairs = cached_analysis.copies_of(data), cached_analysis.duplicates_of(data)
    with st.container(horizontal=True, gap="large"):
        st.metric("Copies", f"{sum(len(group) - 1 for group in copies):,}", help="Images equal to the bit to another.")
        st.metric("Near duplicates", f"{len(pairs):,}", help="At most 100 of each digit are listed, the nearest.")
        st.metric("Across both splits", f"{sum(pair.across for pair in pairs):,}")
        st.metric("With different labels", f"{sum(pair.contradict for pair in pairs):,}")
    which = st.segmented_control(
        "Show", (ALL, ACROSS, CONTRADICTING), default=ALL, required=True, key="duplicates_shown"
    )
    chosen = [pair for pair in pairs if which == ALL or (pair.across if which == ACROSS else pair.contradict)]
    if not chosen:
        st.info("There is no such pair.")
        return
    _pictures(data, chosen[:_MOST])
    with st.expander(f"All {len(chosen):,} pairs as a table", icon=":material/table:"):
        st.dataframe([_row(pair) for pair in chosen], hide_index=True, alt="All pairs of equal images")


def _pictures(data: Dataset, pairs: Sequence[NearDuplicates]) -> None:
    places = [place for pair in pairs for place in (pair.one, pair.other)]
    images = np.stack([data.split(place.split).images[place.index] for place in places])
    sheet = draw_shared(
        digits.draw_sheet,
        images,
        colours(),
        min(_COLUMNS, len(places)),
        _SCALE,
        _GAP,
        [_caption(place) for place in places],
    )
    show_picture(sheet, "Pairs of images", digits.sheet_width(min(_COLUMNS, len(places)), _SCALE, _GAP) // 2)


def _caption(place: Place) -> str:
    return f"{place.split} {place.index}: {place.label}"


def _row(pair: NearDuplicates) -> dict[str, object]:
    return {
        "One": f"{pair.one.split} {pair.one.index}",
        "Its label": pair.one.label,
        "Other": f"{pair.other.split} {pair.other.index}",
        "Label of the other": pair.other.label,
        "Distance": round(pair.distance, 4),
    }
