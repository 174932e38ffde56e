"""Certainty: how often a model is right where it is so sure."""

import streamlit as st

from mnist_dash.figures import reliability
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.models.answered import Answered
from mnist_dash.ui.shell.theme import colours
from mnist_dash.words import percent

_CALIBRATION = (
    "Answers are put together by how sure they are. On the diagonal a model is right as often as it says; below it, it "
    "is surer than it may be. The mean distance, each group by its images, is the expected calibration error (ECE)."
)
_RUNS = (
    "These are a network's own certainties. On Sketch a run is calibrated on its validation images first, which makes "
    "its certainty truer and changes no answer."
)

_SURE = 0.99
"""From here on an answer is called sure."""


def show(answered: Answered) -> None:
    """The reliability diagram, and what it says in words."""
    bins = answered.result.reliability
    left, right = st.columns([7, 5], gap="large")
    with left:
        chart(
            plot_shared(reliability.plot_reliability, bins, colours()),
            key="reliability",
            height=reliability.HEIGHT,
            alt="How often the model is right by how sure it is",
        )
    with right:
        error = percent(answered.result.calibration_error)
        st.metric("Calibration error", error, help=_CALIBRATION)
        st.markdown(_write(answered))
        if answered.who.run is not None:
            st.caption(_RUNS)


def _write(answered: Answered) -> str:
    """What the surest answers and the rest are worth."""
    shares = answered.answers.probabilities
    sure = shares.max(axis=1) >= _SURE
    right = shares.argmax(axis=1) == answered.answers.labels
    told = [
        f"Of {len(right):,} answers **{percent(float(sure.mean()), 1)}** are at least {percent(_SURE, 0)} sure"
        + (f", and {percent(float(right[sure].mean()))} of these are right." if sure.any() else ".")
    ]
    if not sure.all():
        told.append(f"Of the less sure ones {percent(float(right[~sure].mean()), 1)} are.")
    return " ".join(told)
