"""Why a sketch is read as it is: what speaks for the answer, what would change it, what is like it, what layers saw.

Imported and computed only once somebody looks; what was found is kept for as long as model and drawing are the same.
"""

import streamlit as st

from mnist_dash.sketch.mnist_preprocessing import Stages
from mnist_dash.ui.sketch.why import counterfactual, evidence, findings, layers, nearest

_HINT = "Draw a digit on the sheet. Here you see which parts of it speak for the answer, and what would change it."


def show(name: str, sketch: Stages | None) -> None:
    """Everything about the answer of the model of that name to one sketch."""
    st.header("Why this answer", anchor=False)
    if sketch is None:
        st.caption(_HINT)
        return
    reader = findings.reader_of(name)
    if isinstance(reader, str):
        st.info(reader, icon=":material/info:")
        return
    parts = st.columns(3, gap="large")
    with parts[0]:
        evidence.show(reader, sketch)
    with parts[1]:
        counterfactual.show(reader, sketch)
    below = st.container()
    # The first look at neighbours may have to fetch data or to prepare a search, so it comes last.
    with below:
        st.fragment(layers.show)(reader, sketch)
    with parts[2]:
        nearest.show(reader, sketch)
