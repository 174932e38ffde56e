"""Digits to be read one after another against the clock, by keys, mouse or finger: all of it happens in the browser.

The tab keeps how far somebody is, so that a reload goes on. Which digits they are is not in the page, only how they
look.
"""

from base64 import b64encode
from pathlib import Path
from typing import Any

import streamlit as st

from mnist_dash.arrays import Images

_component = st.components.v2.component(
    "mnist_dash_quiz",
    html='<div class="mnist-dash-quiz"></div>',
    css=Path(__file__).with_suffix(".css").read_text("utf-8"),
    js=Path(__file__).with_suffix(".js").read_text("utf-8"),
)


def quiz(key: str, name: str, images: Images) -> object:
    """Ask for each of the images (n, 28, 28) of the round of that name.

    What the browser tells once all are read, `answers` and `seconds` of each; None before. It may be anything.
    """
    data = {"name": name, "count": len(images), "images": b64encode(images.tobytes()).decode("ascii")}
    result: Any = _component(key=key, data=data, on_finished_change=_noted)
    return result.finished


def _noted() -> None:
    """Make the trigger known to the component, which reads it from its result."""
