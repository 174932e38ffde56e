"""Pixels: which values occur how often, in which class, and where on the sheet."""

import streamlit as st

from mnist_dash.data.dataset import Dataset, Split
from mnist_dash.data.present_digits import find_digits
from mnist_dash.figures import class_means, density
from mnist_dash.figures import data as figures
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.shell import cached_analysis
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours

_WHOLE = "All classes"
_LINES = "Values are taken eight at a time. Both axes are those of all digits, so that classes can be compared."
_INK = "The mean of all 784 pixels as a share of full ink, with one standard deviation over the images."
_MEAN = "All training images laid over one another."
_SPREAD = "The standard deviation of each pixel over the training images: where digits differ."
_NEVER = "Pixels that are 0 in every training image. No network can learn anything from them."


def show(data: Dataset) -> None:
    """The densities above, the maps of the sheet below."""
    values, ink = st.columns([3, 2], gap="large")
    with values:
        _values(data)
    with ink:
        st.header("Mean ink of each digit", anchor=False, help=_INK)
        chart(
            plot_shared(density.plot_mean_ink, cached_analysis.distributions_of(data, Split.TRAIN, "ink"), colours()),
            key="mean_ink",
            height=density.HEIGHT,
            alt="The mean ink of each digit",
        )
    found = cached_analysis.class_means_of(data)
    images, palette = int(found.images.sum()), colours()
    maps = (
        ("Mean", _MEAN, plot_shared(class_means.plot_class_mean, found.whole_mean, "Mean", palette)),
        (
            "Spread",
            _SPREAD,
            plot_shared(
                class_means.plot_class_mean, found.whole_spread, "Spread", palette, most=float(found.whole_spread.max())
            ),
        ),
        ("Never inked", _NEVER, plot_shared(class_means.plot_never_inked, found.inked.sum(axis=0), images, palette)),
    )
    for place, (title, text, figure) in zip(st.columns(3, gap="medium"), maps, strict=True):
        with place:
            st.header(title, anchor=False, help=text)
            chart(figure, key=f"face_{title}", height=class_means.HEIGHT, alt=f"{title} of each pixel")


def _values(data: Dataset) -> None:
    st.header("How often each value occurs", anchor=False, help=_LINES)
    digits = map(str, find_digits(data.train.labels))
    which = st.segmented_control(
        "Of", [_WHOLE, *digits], default=_WHOLE, required=True, key=Key.PIXELS_OF, bind="query-params"
    )
    digit = None if which == _WHOLE else int(which)
    by_class = st.toggle("By class", value=True, key=Key.PIXELS_BY_CLASS, help="A line for each digit.")
    if by_class or digit is not None:
        figure = plot_shared(density.plot_densities, cached_analysis.histograms_of(data), colours(), digit)
    else:
        figure = plot_shared(figures.plot_intensity, cached_analysis.overview_of(data).histogram, colours())
    chart(figure, key="densities", height=density.HEIGHT, alt=f"How often each pixel value occurs: {which}")
