"""What holds the canvas: it helps where the canvas package has no way to ask for something.

The package draws well and reports its strokes. It cannot be drawn on with the keyboard, is as wide on a phone as
anywhere else, forgets the drawing when the page is loaded again, waits for 200 ms before it reports, and shows tools
of its own that know nothing of the program's. This component stands beside it on the page and sees to all that in the
browser, through what the canvas shows there; where it finds no canvas, everything else works as it did.
"""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

UNDO, REDO = "undo", "redo"
"""The keys of the buttons that Ctrl+Z and Ctrl+Shift+Z press."""

_component = st.components.v2.component(
    "mnist_dash_easel",
    html='<div class="mnist-dash-easel" role="status"></div>',
    css=Path(__file__).with_suffix(".css").read_text("utf-8"),
    js=Path(__file__).with_suffix(".js").read_text("utf-8"),
)


def easel(key: str, canvas: str, kept: str | None, breadth: int, on_found: Callable[[], None]) -> None:
    """Hold the canvas of that key, whose pen is `breadth` pixels wide, and say below it how to draw.

    The browser tab keeps the text `kept` until it is closed. Where that is None, it looks for what it has kept
    before: `on_found` is called, and the text is in the session under `key`, as `found`. The shortcuts that every
    hand knows press the buttons of the keys UNDO and REDO.
    """
    data = {"canvas": canvas, "kept": kept, "breadth": breadth, "undo": UNDO, "redo": REDO}
    _component(key=key, data=data, on_found_change=on_found)
