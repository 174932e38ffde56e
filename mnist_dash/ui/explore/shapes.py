"""Shapes: slant, stroke, ink and the like, by class, with the digits at both ends."""

import numpy as np
import streamlit as st

from mnist_dash.analysis.ordering import order
from mnist_dash.analysis.shape import MEASURES
from mnist_dash.data.dataset import Dataset, Split
from mnist_dash.data.present_digits import find_digits
from mnist_dash.figures import shape
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.explore.classes import show_ends
from mnist_dash.ui.shell import cached_analysis
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours

_BY_NAME = {measure.name: measure for measure in MEASURES}
_SHOWN, _MOST_LOOPS = 24, 3


def show(data: Dataset) -> None:
    """The distribution of one measure on the left, its tails on the right."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "Measure",
            list(_BY_NAME),
            format_func=lambda name: _BY_NAME[name].title,
            index=1,
            key=Key.MEASURE,
            bind="query-params",
            width=240,
        )
        which = st.segmented_control(
            "Tails of",
            ["All", *map(str, find_digits(data.train.labels))],
            default="All",
            required=True,
            key=Key.TAILS_OF,
            bind="query-params",
        )
    measure = _BY_NAME[name]
    st.caption(measure.help)
    curves, tails = st.columns([6, 5], gap="large")
    with curves:
        if name == "loops":
            figure = plot_shared(shape.plot_loops, cached_analysis.loops_of(data, Split.TRAIN, _MOST_LOOPS), colours())
        else:
            figure = plot_shared(
                shape.plot_ridges, cached_analysis.distributions_of(data, Split.TRAIN, name), measure, colours()
            )
        chart(figure, key="shape", height=540, alt=f"{measure.title} of each digit")
    values = getattr(cached_analysis.shapes_of(data, Split.TRAIN), name)
    digit = None if which == "All" else int(which)
    with tails:
        for title, descending in (("lowest", False), ("highest", True)):
            index = order(data.train.labels, values, descending=descending, digit=digit)
            index = index[np.isfinite(values[index])][:_SHOWN]
            st.caption(f"{measure.title}: {title}")
            if len(index):
                show_ends(data, index, values, title)
