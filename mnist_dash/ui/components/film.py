"""A drawing played back as a film: the sheet, what the network sees, and what it reads, at any moment of it."""

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from mnist_dash.arrays import Bytes
from mnist_dash.sketch import traces
from mnist_dash.sketch.sheet import HEIGHT
from mnist_dash.sketch.traces import Drawing

_component = st.components.v2.component(
    "mnist_dash_film",
    html='<div class="mnist-dash-film"></div>',
    css=Path(__file__).with_suffix(".css").read_text("utf-8"),
    js=Path(__file__).with_suffix(".js").read_text("utf-8"),
)


def film(
    key: str, drawing: Drawing, width: int, points: Sequence[int], seen: Bytes, words: Sequence[str], chart: str
) -> None:
    """Show a drawing on a sheet of that width after each of n numbers of `points`, at first the last of them.

    With each, what the network sees, `seen` (n, 28, 28), and what it says in `words`. The chart of that key has a line
    that stands where the film does.
    """
    data = {
        "traces": traces.pack(drawing),
        "size": [width, HEIGHT],
        "points": list(points),
        "seen": b64encode(seen.tobytes()).decode("ascii"),
        "words": list(words),
        "chart": chart,
    }
    _component(key=key, data=data)
