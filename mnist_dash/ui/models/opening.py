"""Ways from an image that a model has read to the pages that look at it from near."""

import streamlit as st

from mnist_dash.ui.models.answered import Answered
from mnist_dash.ui.shell import state
from mnist_dash.ui.shell.keys import Key


def show(answered: Answered, index: int, key: str) -> None:
    """Two buttons for the image at `index` of the split that was asked about."""
    split, named = answered.asked.split, {Key.IMAGE: str(index), Key.DATA: answered.data.name}
    with st.container(horizontal=True, gap="small"):
        if st.button("Open in Sketch", icon=":material/draw:", key=f"sketch_{key}", help=_SKETCH):
            state.open_in_sketch(split, index)
            query = named | {Key.WAY: "image", Key.SPLIT: split.value, Key.MODEL: answered.who.name}
            _go("pages/sketch.py", query)
        if st.button("Open in Explore", icon=":material/grid_view:", key=f"open_{key}", help=_EXPLORE):
            state.open_sample(split, index)
            _go("pages/explore.py", named | {Key.VIEW: "samples"})


_SKETCH = "Why it is read so, what would change the answer, and what other models read. Your drawing stays as it is."
_EXPLORE = "Among its like, with its values and its nearest neighbours."


def _go(page: str, query: dict[Key, str]) -> None:
    # The link says it too: a change of page starts with an empty one.
    st.switch_page(page, query_params={str(name): text for name, text in query.items()})
