"""One digit from near: its picture, what the bundled model answers, its nearest neighbours and all its values."""

import numpy as np
import streamlit as st

from mnist_dash.analysis.neighbours import find_nearest
from mnist_dash.data.dataset import Dataset, Digits, Split
from mnist_dash.figures import answer, density, digits, numbers
from mnist_dash.models.bundled import DEFAULT
from mnist_dash.ui.components import image_number
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.components.tiles import tiles
from mnist_dash.ui.shell import cached_analysis, resources, state
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import certainty

_NEIGHBOURS = 12
_NEAREST = (
    "The training images whose 784 values differ least from those of this digit (Euclidean distance). A k-nearest-"
    "neighbours classifier answers by their labels."
)
RAW, NORMALISED = "0 to 255", "0 to 1"
_SCALE = "Networks here are given every value divided by 255: from 0 to 1 instead of 0 to 255. The picture is the same."


def show(data: Dataset, split: Split, index: int) -> None:
    """The digit at `index` of a split: what it is, what is read in it, and what is like it."""
    of = data.split(split)
    image, label = np.asarray(of.images[index]), int(of.labels[index])
    shares = resources.bundled_model(DEFAULT).probabilities(image[np.newaxis])[0]
    said, shown = st.columns([3, 2], vertical_alignment="center")
    with said:
        st.header(f"Image {index:,}", anchor=False)
        with st.container(horizontal=True):
            st.metric("Label", label, help="What people wrote beside it; labels can be wrong.")
            image_number.choose(split, index, len(of))
        read = int(shares.argmax())
        mark = "Right" if read == label else "Not what the label says"
        st.caption(f"The bundled model reads {read} ({certainty(float(shares[read]))}). {mark}.")
    with shown:
        show_picture(draw_shared(digits.draw_digit, image, colours(), scale=8), f"Image {index}, label {label}")
    chart(
        plot_shared(answer.plot_probabilities, shares, colours()),
        key="detail_answer",
        height=280,
        alt="What the bundled model answers",
    )
    _nearest(data, split, index, image)


def _nearest(data: Dataset, split: Split, index: int, image: np.ndarray) -> None:
    st.caption("Nearest training images", help=_NEAREST)
    apart_from = index if split is Split.TRAIN else -1
    found = find_nearest(image, cached_analysis.neighbourhood_of(data), _NEIGHBOURS, apart_from=apart_from)
    labels = data.train.labels[found.index]
    names = [
        f"Image {i}, label {label}, distance {distance:.2f}"
        for i, label, distance in zip(found.index, labels, found.distance, strict=True)
    ]
    picked = tiles(data.train.images[found.index], names, key="nearest", label="Nearest training images", times=2)
    st.caption("Their labels: " + " ".join(map(str, labels)))
    if picked is not None and picked < len(names):
        state.open_sample(Split.TRAIN, int(found.index[picked]))
        st.rerun()


def values(of: Digits, index: int) -> None:
    """The 784 values of the digit, as numbers and as a density."""
    image = np.asarray(of.images[index])
    st.header("Its 784 values", anchor=False)
    scale = st.segmented_control("Values", (RAW, NORMALISED), default=RAW, required=True, key="values_as", help=_SCALE)
    left, right = st.columns([7, 5], gap="large")
    with left:
        figure = plot_shared(numbers.plot_numbers, image, colours(), normalised=scale == NORMALISED)
        chart(figure, key="numbers", height=620, least=560, alt=f"The 784 values of image {index}")
    with right:
        figure = plot_shared(density.plot_image_values, image, colours(), normalised=scale == NORMALISED)
        chart(figure, key="image_density", height=360, alt=f"How often each value occurs in image {index}")
