"""Classes: what the images of a digit share, how two digits differ, and the most and least typical ones."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from mnist_dash.analysis.class_means import ClassMeans
from mnist_dash.analysis.ordering import order
from mnist_dash.data.dataset import Dataset, Split
from mnist_dash.data.present_digits import find_digits
from mnist_dash.figures import class_means
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.components.tiles import tiles
from mnist_dash.ui.shell import cached_analysis, state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours

_STATISTICS = {
    "mean": ("Mean", "All training images of a digit laid over one another: what they share stands out."),
    "median": ("Median", "The middle value of each pixel: what at least half of the images have, without the rest."),
    "spread": ("Spread", "The standard deviation of each pixel: where people write the digit differently."),
}
_SHOWN = 24
_TYPICAL = "How near an image is to the mean of its class, over all 784 pixels."


def show(data: Dataset) -> None:
    """The means of the classes, two of them against each other, and the ends of one class."""
    digits = find_digits(data.train.labels)
    found = cached_analysis.class_means_of(data)
    left, right = st.columns([3, 2], gap="large")
    with left:
        which = st.segmented_control(
            "Class means, medians and spreads",
            list(_STATISTICS),
            format_func=lambda name: _STATISTICS[name][0],
            default="mean",
            required=True,
            key=Key.CLASS_MEANS,
            bind="query-params",
        )
        title, text = _STATISTICS[which]
        st.caption(text)
        chart(
            plot_shared(class_means.plot_class_means, getattr(found, which), digits, title, colours()),
            key="class_means",
            height=300,
            alt=f"{title} of each digit",
        )
    with right:
        _difference(found, digits)
    st.divider()
    _ends(data, digits)


def _difference(found: ClassMeans, digits: Sequence[int]) -> None:
    """Two digits against each other: 4 and 9, which are often confused, or the first and the last that there are."""
    if len(digits) < 2:
        st.caption("Of a set with two digits or more you see here how two of them differ.")
        return
    first, last = (digits.index(want) if want in digits else end for want, end in ((4, 0), (9, len(digits) - 1)))
    with st.container(horizontal=True):
        one = st.selectbox("Digit", digits, index=first, key=Key.ONE, bind="query-params", width=100)
        other = st.selectbox("less digit", digits, index=last, key=Key.OTHER, bind="query-params", width=100)
    st.caption("The mean of one less that of the other: where ink speaks for which of them.")
    figure = plot_shared(class_means.plot_difference, found.difference(one, other), one, other, colours())
    chart(figure, key="difference", height=class_means.HEIGHT, alt=f"The mean {one} less the mean {other}")


def _ends(data: Dataset, digits: Sequence[int]) -> None:
    st.header("Most and least typical", anchor=False, help=_TYPICAL)
    digit = st.segmented_control(
        "Digit", digits, default=digits[0], required=True, key=Key.ENDS_OF, bind="query-params"
    )
    away = cached_analysis.typicality_of(data, Split.TRAIN)
    for place, (title, descending) in zip(
        st.columns(2, gap="large"), (("Most typical", False), ("Least typical", True)), strict=True
    ):
        index = order(data.train.labels, away, descending=descending, digit=digit)[:_SHOWN]
        with place:
            st.caption(title)
            show_ends(data, index, away, title)


def show_ends(data: Dataset, index: np.ndarray, values: np.ndarray, title: str) -> None:
    """Training images at one end of a distribution; choosing one opens it among the samples."""
    names = [f"Image {i}, label {data.train.labels[i]}, {values[i]:.2f}" for i in index]
    picked = tiles(data.train.images[index], names, key=f"ends_{title}", label=title, times=2)
    if picked is not None and picked < len(index):
        state.open_sample(Split.TRAIN, int(index[picked]))
        st.rerun()
