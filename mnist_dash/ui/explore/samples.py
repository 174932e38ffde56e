"""Samples: hundreds of digits at once, in any order, and the one that is chosen from near."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from mnist_dash.analysis.ordering import order
from mnist_dash.arrays import Numbers
from mnist_dash.data.dataset import Dataset, Split
from mnist_dash.data.present_digits import find_digits
from mnist_dash.ui.components.tiles import tiles
from mnist_dash.ui.explore import detail, export
from mnist_dash.ui.shell import cached_analysis, link
from mnist_dash.ui.shell.keys import Key

SPLITS = {Split.TRAIN.value: "Training", Split.TEST.value: "Test"}
"""What widgets call a split, by its word in links."""
SIZES = {"S": (1, 400), "M": (2, 120), "L": (3, 48)}
"""How many times each digit is enlarged, and how many are shown at once."""

_ORDER = (
    "Typical digits are near the mean of their class. The difficulty is how unsure the bundled model is of the label; "
    "it has learnt from the training images, so there it is surer than it would be of new ones."
)


@dataclass(frozen=True, slots=True)
class Order:
    """A way to sort: by which values (None: as in the file, or by chance), and whether the largest come first."""

    title: str
    by: Callable[[Dataset, Split], Numbers | None] | None = None
    falling: bool = False


def _shape(name: str) -> Callable[[Dataset, Split], Numbers]:
    return lambda data, split: getattr(cached_analysis.shapes_of(data, split), name)


RANDOM = "random"
ORDERS = {
    "file": Order("As in the file"),
    RANDOM: Order("Shuffled"),
    "light": Order("Least ink", _shape("ink")),
    "heavy": Order("Most ink", _shape("ink"), falling=True),
    "left": Order("Leaning left", _shape("slant")),
    "right": Order("Leaning right", _shape("slant"), falling=True),
    "thin": Order("Thinnest strokes", _shape("thickness")),
    "thick": Order("Thickest strokes", _shape("thickness"), falling=True),
    "typical": Order("Most typical", cached_analysis.typicality_of),
    "odd": Order("Least typical", cached_analysis.typicality_of, falling=True),
    "easy": Order("Least difficult", cached_analysis.difficulty_of),
    "hard": Order("Most difficult", cached_analysis.difficulty_of, falling=True),
}
_OLD_TITLES = {"Easiest": "easy", "Hardest": "hard"}
"""What orders were called in links that are still about."""


def show(data: Dataset) -> None:
    """The grid on the left, the chosen digit on the right, its pixels below."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        split, indices, times, count = _choices(data)
        digits = data.split(split)
        if not len(indices):
            st.info("There is no such digit in this split. Choose another one.")
            return
        shown = _page(indices, count)
        export.offer_export(digits, indices, f"{data.name}-{split}")
    left, right = st.columns([7, 5], gap="large")
    with left:
        picked = tiles(
            digits.images[shown],
            [f"Image {index}, label {digits.labels[index]}" for index in shown],
            key="samples",
            label=f"{len(shown)} {SPLITS[split].lower()} images",
            times=times,
            chosen=_place(shown, _chosen(shown, len(digits))),
        )
        if picked is not None and picked < len(shown):
            link.IMAGE.keep(int(shown[picked]))
    chosen = _chosen(shown, len(digits))
    with right:
        detail.show(data, split, chosen)
    detail.values(digits, chosen)


def _choices(data: Dataset) -> tuple[Split, npt.NDArray[np.int64], int, int]:
    """Split, the indices of all that is asked for in their order, enlargement and number at once."""
    named = st.segmented_control(
        "Split",
        list_splits(data),
        format_func=SPLITS.__getitem__,
        # Streamlit warns of a default beside a value that was put in by `state.arrive`.
        default=None if Key.SPLIT in st.session_state else Split.TRAIN.value,
        required=True,
        key=Key.SPLIT,
        bind="query-params",
    )
    split = Split(named or Split.TRAIN)
    present = map(str, find_digits(data.train.labels, data.test.labels))
    digit = st.selectbox("Digit", ["All", *present], key=Key.DIGIT, bind="query-params", width=90)
    link.accept_old_words(Key.ORDER, _OLD_TITLES)
    name = st.selectbox(
        "Order",
        list(ORDERS),
        format_func=lambda name: ORDERS[name].title,
        key=Key.ORDER,
        bind="query-params",
        width=160,
        help=_ORDER,
    )
    seed = None
    if name == RANDOM:
        seed = st.number_input("Shuffle", 0, 9_999, key=Key.SHUFFLE, bind="query-params", width=130)
    size = st.segmented_control("Size", list(SIZES), default="M", required=True, key=Key.SIZE, bind="query-params")
    chosen = ORDERS[name]
    indices = order(
        data.split(split).labels,
        chosen.by(data, split) if chosen.by else None,
        descending=chosen.falling,
        digit=None if digit == "All" else int(digit),
        seed=seed,
    )
    return split, indices, *SIZES[size]


def list_splits(data: Dataset) -> list[str]:
    """The splits that have images, by their words in links."""
    return [split for split in SPLITS if len(data.split(Split(split)))]


def _page(indices: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    """The part of the indices that is on the screen."""
    pages = -(-len(indices) // count)
    number = st.number_input(
        f"Page of {pages:,}",
        1,
        pages,
        key=Key.SHEET,
        bind="query-params",
        width=140,
        help=f"{len(indices):,} digits in all, {count} on a page.",
    )
    return indices[(number - 1) * count : number * count]


def _chosen(shown: npt.NDArray[np.int64], images: int) -> int:
    """The image that is looked at from near: the one that was chosen, or else the first on the screen."""
    index = link.IMAGE.recall()
    return int(shown[0]) if index is None or index >= images else index


def _place(shown: npt.NDArray[np.int64], chosen: int) -> int | None:
    places = np.flatnonzero(shown == chosen)
    return int(places[0]) if len(places) else None
