"""Overview: how many digits there are, of which classes and values, where they come from, what a network is given."""

import numpy as np
import streamlit as st

from mnist_dash.analysis.overview import draw_by_class
from mnist_dash.data.checksums import OFFICIAL
from mnist_dash.data.dataset import SIDE, Dataset
from mnist_dash.data.present_digits import find_digits
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import data as figures
from mnist_dash.figures import digits as pictures
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.shell import cached_analysis
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import join_words, percent, size

_ROWS, _SCALE, _GAP = 8, 4, 4
_PART = 10
"""Pixels of one row that are shown before and after normalisation."""
_OFFICIAL = "Every one of its four parts has the published SHA-256 of MNIST."
_ALIKE = "It differs from the published MNIST in at least one of its four parts, or is another set altogether."


def show(data: Dataset) -> None:
    """Samples and figures; provenance and normalisation below."""
    samples, facts = st.columns([9, 5], gap="medium")
    with samples:
        drawn = draw_by_class(data.train.labels, _ROWS, 0)
        sheet = draw_shared(pictures.draw_sheet, data.train.images[drawn.index], colours(), drawn.columns, _SCALE, _GAP)
        shown_width = pictures.sheet_width(drawn.columns, _SCALE, _GAP) // 2
        show_picture(sheet, f"{len(drawn.index)} training digits, by class from left to right", shown_width)
    with facts:
        _figures(data)
    st.divider()
    given, origin = st.columns(2, gap="large")
    with given:
        _normalisation(data)
    with origin:
        _origin(data)


def _figures(data: Dataset) -> None:
    counted = cached_analysis.overview_of(data)
    summary = counted.summary
    with st.container(horizontal=True, key="figures"):
        st.metric("Training images", f"{summary.train:,}")
        st.metric(
            "Test images", f"{summary.test:,}", help="Kept apart: no network learns from them or is chosen by them."
        )
        st.metric("Classes", summary.classes, help=f"The digits that there are: {_list_digits(data)}.")
    with st.container(horizontal=True, key="figures_of_values"):
        st.metric("Features", summary.features, help="Each image has 28 × 28 = 784 pixels: that many numbers go in.")
        st.metric("Values", f"{summary.low} to {summary.high}", help="0 is paper, 255 is full ink; one byte a pixel.")
        st.metric("Bare paper", percent(summary.blank, 1), help="The share of pixels that are exactly 0.")
    chart(
        plot_shared(figures.plot_class_counts, counted.train_counts, counted.test_counts, colours()),
        key="class_counts",
        height=figures.CLASS_HEIGHT,
        alt="How many training and test images each digit has",
    )


def _list_digits(data: Dataset) -> str:
    return join_words([str(digit) for digit in find_digits(data.train.labels, data.test.labels)], 10)


def _normalisation(data: Dataset) -> None:
    st.header("What a network is given", anchor=False)
    st.write("Every value divided by 255. The picture is the same; numbers near 1 are what networks learn from best.")
    image = np.asarray(data.train.images[0])
    row = int(np.argmax([len(np.unique(values)) for values in image]))
    inked = np.flatnonzero(image[row])
    start = int(np.clip(inked[0] - 1 if len(inked) else 0, 0, SIDE - _PART))
    part = image[row, start : start + _PART]
    st.dataframe(
        {
            "Column": [str(start + i) for i in range(_PART)],
            "As stored": [str(value) for value in part],
            "As given": [f"{value / 255:.4f}" for value in part.tolist()],
        },
        hide_index=True,
        height=390,
        alt="Ten pixels as they are stored and as a network is given them",
    )
    st.caption(f"Ten pixels of training image 0, row {row}. Samples shows all 784 of any image.")


def _origin(data: Dataset) -> None:
    st.header("Where it comes from", anchor=False)
    summary = cached_analysis.overview_of(data).summary
    kind, text = ("Official MNIST", _OFFICIAL) if data.official else ("Not the official MNIST", _ALIKE)
    st.write(f"{escape_markdown(data.origin[:1].upper() + data.origin[1:])}.")
    st.badge(kind, icon=":material/verified:" if data.official else ":material/info:", color="gray", help=text)
    st.dataframe(
        [
            {
                "Part": part.replace("_", " ").capitalize(),
                "Shape": " × ".join(f"{n:,}" for n in array.shape),
                "Type": str(array.dtype),
                "Memory": size(array.nbytes),
                "Published SHA-256": "yes" if data.sha256.get(part) == OFFICIAL[part] else "no",
                "SHA-256": data.sha256.get(part, ""),
            }
            for part, array in _parts(data).items()
        ],
        hide_index=True,
        alt="The four arrays with shape, type, memory and checksum",
    )
    st.caption(f"{size(summary.memory)} in all, mapped from the disk: every session reads the same copy.")


def _parts(data: Dataset) -> dict[str, np.ndarray]:
    return {
        "train_images": data.train.images,
        "train_labels": data.train.labels,
        "test_images": data.test.images,
        "test_labels": data.test.labels,
    }
