"""What holds the canvas: it helps where the canvas package has no way to ask for something.

The package draws well and reports its strokes. It cannot be drawn on with the keyboard, is as wide on a phone as
anywhere else, forgets the drawing when the page is loaded again, waits for 200 ms before it reports, and shows tools
of its own that know nothing of the program's. This component stands beside it on the page and sees to all that in the
browser, through what the canvas shows there; where it finds no canvas, everything else works as it did.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

UNDO, REDO = "undo", "redo"
"""The keys of the buttons that Ctrl+Z and Ctrl+Shift+Z press."""

_component = st.components.v2.component(
    "mnist_dash_easel",
    html='<div class="mnist-dash-easel" role="status"></div>',
    css=Path(__file__).with_suffix(".css").read_text("utf-8"),
    js="\n".join(Path(__file__).with_name(name).read_text("utf-8") for name in ("canvas.js", "canvas_drafts.js")),
)


@dataclass(frozen=True, slots=True)
class Pen:
    """What the canvas draws with: `breadth` pixels wide, in ink or, where it `erases`, in the paper's colour."""

    breadth: int
    erases: bool = False


@dataclass(frozen=True, slots=True)
class Drafts:
    """Where the browser asks for answers while the pen is on the sheet, an `address`, and the `question` it asks.

    Strokes go along with it: those that are `kept`, and `traces`, what the pen has added since.
    """

    address: str
    question: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Memory:
    """What the browser tab keeps under a `name` until it is closed: a `text`, None where nothing is to be kept yet."""

    name: str
    text: str | None


def easel(
    key: str,
    canvas: str,
    memory: Memory,
    pen: Pen,
    drafts: Drafts | None,
    on_found: Callable[[], None],
    shortcuts: Mapping[str, str],
) -> None:
    """Hold the canvas of that key, and say below it how to draw.

    Where the memory has no text, the browser looks for what it has kept before: `on_found` is called, and the text is
    in the session under `key`, as `found`. The shortcuts that every hand knows press the buttons of the keys UNDO and
    REDO; what else is a shortcut here is named with the key of its button.
    """
    data = {"canvas": canvas, "memory": memory.name, "kept": memory.text, "undo": UNDO, "redo": REDO} | asdict(pen)
    data |= {"drafts": asdict(drafts) if drafts else None, "shortcuts": dict(shortcuts)}
    _component(key=key, data=data, on_found_change=on_found)
