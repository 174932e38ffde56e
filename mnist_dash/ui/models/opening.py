"""Ways from an image that a model has read to the pages that look at it from near."""

import streamlit as st

from mnist_dash.ui.models.answered import Answered
from mnist_dash.ui.shell import state
from mnist_dash.ui.shell.keys import Key


def show(answered: Answered, index: int, key: str) -> None:
    """Two buttons for the image at `index` of the split that was asked about."""
    image = {
        Key.DATA: answered.data.name,
        Key.SPLIT: answered.asked.split.value,
        Key.IMAGE: str(index),
    }
    with st.container(horizontal=True, gap="small"):
        if st.button("Open in Sketch", icon=":material/draw:", key=f"sketch_{key}", help=_SKETCH):
            state.open_page("pages/sketch.py", image | {Key.WAY: "image", Key.MODEL: answered.who.name})
        if st.button("Open in Explore", icon=":material/grid_view:", key=f"open_{key}", help=_EXPLORE):
            state.open_page("pages/explore.py", image | {Key.VIEW: "samples"})


_SKETCH = "Why it is read so, what would change the answer, and what other models read. Your drawing stays as it is."
_EXPLORE = "Among its like, with its values and its nearest neighbours."
