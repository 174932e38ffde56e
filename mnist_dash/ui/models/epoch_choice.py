"""Which epoch of a run is looked at, where what it answered to validation images after each was recorded."""

import streamlit as st

from mnist_dash.analysis.evaluated_images import Part
from mnist_dash.runs.records import Epoch
from mnist_dash.ui.models.answered import Answered
from mnist_dash.ui.shell import resources

_HELP = "Drag it to see how the network came to tell the digits apart: what it took for what after each epoch."
_ELSEWHERE = "Choose validation images to see the matrix after each epoch."


def choose(answered: Answered) -> Epoch | None:
    """The epoch that a slider chooses; None for the one that answers, and where nothing was recorded."""
    run = answered.who.run
    told = [epoch for epoch in resources.epochs_of(run.id, run.epoch) if epoch.details] if run else []
    if run is None or len(told) < 2:
        return None
    if answered.part is not Part.VALIDATION:
        st.caption(_ELSEWHERE)
        return None
    numbers = [epoch.epoch for epoch in told]
    answering = answered.who.epoch if answered.who.epoch in numbers else numbers[-1]
    key = f"after_{answered.who.name}_{run.epoch}"
    chosen = st.select_slider("After epoch", numbers, answering, key=key, help=_HELP)
    return None if chosen == answered.who.epoch else told[numbers.index(chosen)]
