"""Explore: what the data set holds, from the samples to the single pixel."""

from mnist_dash.ui import frame

frame.head(
    "Explore",
    "See what the networks learn from: the digits, how many of each there are, and the values of their pixels.",
)

# What follows is loaded with the head of the page on the screen already.
import numpy as np
import streamlit as st

from mnist_dash.analysis.overview import by_class, sample
from mnist_dash.analysis.statistics import intensity_histogram
from mnist_dash.data.dataset import CLASSES, Digits
from mnist_dash.figures import data as figures
from mnist_dash.figures import digits as pictures
from mnist_dash.ui import messages, resources
from mnist_dash.ui.chart import chart
from mnist_dash.ui.state import Key
from mnist_dash.ui.theme import colours
from mnist_dash.words import percent

ROWS = 8


data = messages.dataset()
counted = resources.overview_of(data)
splits = {"Training": data.train, "Test": data.test}

samples, facts = st.columns([9, 5], gap="medium")

with samples:
    st.subheader("Samples", anchor=False)
    with st.container(horizontal=True, vertical_alignment="top"):
        split = st.segmented_control(
            "Split", list(splits), default="Training", required=True, key=Key.SAMPLE_SPLIT, bind="query-params"
        )
        digit = st.selectbox(
            "Digit", ["All", *map(str, range(CLASSES))], key=Key.SAMPLE_DIGIT, bind="query-params", width=100
        )
        seed = st.number_input(
            "Shuffle", 0, 9_999, key=Key.SAMPLE_SEED, bind="query-params", width=150, help="Each number draws others."
        )
    labels = splits[split].labels
    chosen = by_class(labels, ROWS, seed) if digit == "All" else sample(labels, int(digit), ROWS * CLASSES, seed)
    shown = splits[split].take(chosen)
    st.image(
        pictures.sheet(shown.images, colours(), columns=CLASSES, scale=4, gap=4),
        width=pictures.width(CLASSES, 4, 4) // 2,
        alt=f"{len(shown)} digits of the {split.lower()} images",
    )

with facts:
    st.subheader("In figures", anchor=False)
    summary = counted.summary
    with st.container(horizontal=True):
        st.metric("Training images", f"{summary.train:,}")
        st.metric(
            "Test images", f"{summary.test:,}", help="Kept apart: no network learns from them or is chosen by them."
        )
        st.metric("Classes", summary.classes, help="The digits 0 to 9.")
    with st.container(horizontal=True):
        st.metric("Features", summary.features, help="Each image has 28 × 28 = 784 pixels: that many numbers go in.")
        st.metric("Values", f"{summary.low} to {summary.high}", help="0 is paper, 255 is full ink; one byte a pixel.")
        st.metric("Bare paper", percent(summary.blank, 1), help="The share of pixels that are exactly 0.")
    chart(
        figures.class_counts(counted.train_counts, counted.test_counts, colours()),
        key="class_counts",
        height=360,
        alt="How many training and test images each digit has",
    )

st.divider()
st.subheader("Pixel intensity", anchor=False)
st.write("A network sees no strokes, only 784 values. Here are those of one image, and how often each value occurs.")

one, density = st.columns([1, 2], gap="large")
with one:
    split_digits: Digits = splits[split]
    index = st.number_input(
        f"Image of the {split.lower()} split",
        0,
        len(split_digits) - 1,
        key=f"{split.lower()}_image",
        bind="query-params",
        help=f"Its place in the file, from 0 to {len(split_digits) - 1:,}.",
    )
    image = np.asarray(split_digits.images[index])
    st.caption(f"Label {split_digits.labels[index]}. Point at a pixel to read its value.")
    chart(pictures.pixels(image, colours()), key="pixels", height=340, alt=f"The 784 pixel values of image {index}")
with density:
    of = st.segmented_control(
        "Values of", ["This image", "All training images"], default="This image", required=True, key="intensity_of"
    )
    histogram = intensity_histogram(image[np.newaxis]) if of == "This image" else counted.histogram
    chart(
        figures.intensity(histogram, colours()), key="intensity", height=400, alt=f"How often each value occurs: {of}"
    )

st.divider()
st.subheader("The mean of each class", anchor=False)
st.write("All training images of a digit laid over one another: what they share stands out.")
st.image(
    pictures.mean_digits(counted.means, colours(), columns=10), width="stretch", alt="The mean image of each digit"
)
