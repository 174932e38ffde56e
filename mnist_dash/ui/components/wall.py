"""Thousands of digits on one canvas, which fills in the order in which they come: nothing that hangs there moves."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from mnist_dash.data.dataset import SIDE
from mnist_dash.figures.cloud import SPRITE_COLUMNS

_component = st.components.v2.component(
    "mnist_dash_wall",
    html='<div class="mnist-dash-wall"><canvas role="img"></canvas></div>',
    css=Path(__file__).with_suffix(".css").read_text("utf-8"),
    js=Path(__file__).with_suffix(".js").read_text("utf-8"),
)


def wall(key: str, pictures: Sequence[str], count: int, label: str) -> None:
    """Show `count` digits from pictures of SPRITE_COLUMNS each, as `figures.cloud.draw_sprite` draws them in a row.

    The digits are as large as there is room for; they become smaller when it is full.
    """
    data = {"pictures": list(pictures), "columns": SPRITE_COLUMNS, "side": SIDE, "count": count}
    _component(key=key, data=data | {"label": f"{label}: {count:,}"})
