"""What a run looks like, for those who have none yet: the figures of one that was trained, said to be an example."""

import streamlit as st

from mnist_dash.figures import training
from mnist_dash.figures.curves import extend_curves, start_curves
from mnist_dash.runs.records import Epoch
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.shell.theme import colours

_EPOCHS = tuple(
    Epoch(1 + place, *figures, seconds=1.0)
    for place, figures in enumerate(
        (
            (0.9152, 0.71778, 0.3411, 0.90167),
            (0.2399, 0.92648, 0.1816, 0.93833),
            (0.1595, 0.94907, 0.1628, 0.94333),
            (0.1200, 0.96352, 0.1258, 0.95500),
            (0.0847, 0.97426, 0.0921, 0.97333),
            (0.0683, 0.97926, 0.0951, 0.96667),
            (0.0548, 0.98296, 0.1841, 0.94500),
            (0.0487, 0.98389, 0.1549, 0.95333),
            (0.0421, 0.98778, 0.0840, 0.97333),
            (0.0325, 0.99000, 0.0820, 0.98167),
        )
    )
)
"""Loss and accuracy on training and on validation images: the method `cnn` on 6,000 images, seed 0."""


def show() -> None:
    """An example's error, epoch by epoch, with how to read it."""
    st.caption("An example: the convolutional network on 6,000 images. Yours is drawn here, batch by batch.")
    curves = extend_curves(start_curves(1, 64), [], _EPOCHS)
    figure = plot_shared(training.plot_error, curves, len(_EPOCHS), colours())
    chart(figure, key="example", height=training.HEIGHT, alt="An example: error by epoch")
    st.write(
        "The lower a line, the fewer digits are read wrongly. Where **training** goes on falling and **validation** "
        "stays where it is or rises, that is overfitting."
    )
