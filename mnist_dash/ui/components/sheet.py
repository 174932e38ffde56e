"""A sheet to draw on: the canvas, its tools, and the drawing of the session that stands on it.

A page shows one sheet. Which drawing it is, and which widgets show it, is a `Place`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from types import MappingProxyType

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from mnist_dash.escaping import escape_markdown
from mnist_dash.sketch import traces
from mnist_dash.sketch.sheet import HEIGHT, WIDTHS, Sheet
from mnist_dash.ui.components.canvas import REDO, UNDO, Drafts, Memory, Pen, easel
from mnist_dash.ui.shell import state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours

THINNEST, PEN, BROADEST = 10, 20, 28
"""Pixels of the pen: at least, at first and at most."""
RUBBER = 2
"""How much wider than the pen the eraser is."""
_PEN = f"How wide the pen draws, in pixels of the sheet, which is {HEIGHT} pixels high. The eraser is twice as wide."
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Place:
    """A drawing of the session, the canvas that shows it and what holds that, and its name in the browser tab."""

    sketch: Key
    canvas: Key
    easel: Key
    memory: str


SKETCH = Place(Key.SKETCH, Key.CANVAS, Key.EASEL, "mnist-dash-drawing")
"""The drawing of Home and Sketch."""
WRITING = Place(Key.OWN_SKETCH, Key.OWN_CANVAS, Key.OWN_EASEL, "mnist-dash-writing")
"""The digit that is written on Own digits."""


class _Tool(StrEnum):
    PEN = "pen"
    ERASER = "eraser"


_TOOLS = {_Tool.PEN: ":material/edit: Pen", _Tool.ERASER: ":material/ink_eraser: Eraser"}


def show_canvas(
    place: Place,
    text: str | None,
    on_found: Callable[[object], None],
    drafts: Drafts | None = None,
    shortcuts: Mapping[str, str] = _NONE,
) -> None:
    """Show the canvas of a place with its drawing, of which the browser tab keeps `text` until it is closed.

    Where that is None, `on_found` is called with what the tab has kept before. `drafts`: where to ask while the pen is
    on the sheet. `shortcuts` are keys with the buttons that they press.
    """
    kept = state.sketch(place.sketch).recolour(colours().ink, colours().paper)
    if is_new(place):
        # Something else stood here: this is another canvas, which knows nothing yet.
        kept = kept.anew()
    state.put_sketch(kept, place.sketch)
    erases = st.session_state.get(Key.TOOL) == _Tool.ERASER
    breadth = st.session_state.get(Key.PEN, PEN) * (RUBBER if erases else 1)
    st_canvas(
        stroke_width=breadth,
        # To erase is to draw in the colour of the paper, which the drawing then takes for what it is.
        stroke_color=kept.paper if erases else kept.tint,
        background_color=kept.mark,
        width=WIDTHS[kept.sheet.paper],
        height=HEIGHT,
        initial_drawing=traces.to_canvas(kept.start, kept.tint, kept.paper),
        key=place.canvas,
        # Before the script runs, and so even where that is for another page.
        on_change=partial(take, place),
    )
    memory, pen = Memory(place.memory, text), Pen(breadth, erases)
    easel(place.easel, place.canvas, memory, pen, drafts, partial(_find, place, on_found), shortcuts)
    if kept.refused:
        st.error(escape_markdown(kept.refused), icon=":material/error:")


def is_new(place: Place) -> bool:
    """Whether the canvas of a place was not on the screen before this script."""
    return place.canvas not in st.session_state


def show_tools(place: Place) -> None:
    """What can be done with the drawing of a place."""
    now = state.sketch(place.sketch).sheet
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.segmented_control(
            "Tool",
            tuple(_Tool),
            format_func=_TOOLS.__getitem__,
            default=None if Key.TOOL in st.session_state else _Tool.PEN,
            required=True,
            key=Key.TOOL,
            persist_state="session",
            label_visibility="collapsed",
        )
        with st.popover("Width"):
            st.slider("Pen width", THINNEST, BROADEST, PEN, key=Key.PEN, persist_state="session", help=_PEN)
        _button(place, "Undo", UNDO, Sheet.undo, not now.past, "Ctrl+Z")
        _button(place, "Redo", REDO, Sheet.redo, not now.future, "Ctrl+Shift+Z")
        gone, icon = not now.drawing, ":material/delete:"
        st.button("Clear", icon=icon, key="clear", on_click=clear, args=(place,), disabled=gone)


def clear(place: Place) -> None:
    """Take everything off the sheet; it can be brought back."""
    change(place, lambda sheet: sheet.draw(()))


def change(place: Place, action: Callable[[Sheet], Sheet]) -> None:
    """Change the sheet, and show it on the canvas."""
    kept = state.sketch(place.sketch)
    state.put_sketch(kept.anew(action(kept.sheet)), place.sketch)


def take(place: Place) -> None:
    """Take what the canvas tells."""
    raw = ((st.session_state.get(place.canvas) or {}).get("drawing") or {}).get("raw")
    kept = state.sketch(place.sketch).take(raw)
    state.put_sketch(kept, place.sketch)
    if kept.refused and isinstance(raw, dict):
        # Streamlit would copy it with every rerun.
        raw.clear()


def _button(
    place: Place, label: str, key: str, action: Callable[[Sheet], Sheet], disabled: bool, shortcut: str
) -> None:
    icon, args = f":material/{key}:", (place, action)
    st.button(label, icon=icon, key=key, on_click=change, args=args, disabled=disabled, help=shortcut)


def _find(place: Place, on_found: Callable[[object], None]) -> None:
    on_found((st.session_state.get(place.easel) or {}).get("found"))
