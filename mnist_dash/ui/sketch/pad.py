"""The sketch pad: a canvas, its tools, and what is drawn on it."""

from collections.abc import Callable, Collection, Sequence
from enum import StrEnum

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from mnist_dash.escaping import escape_markdown
from mnist_dash.figures.photo import NUMBERED
from mnist_dash.sketch import traces
from mnist_dash.sketch.mnist_preprocessing import Stages, Step
from mnist_dash.sketch.sheet import HEIGHT, WIDTHS, Paper, Sheet, from_text, to_text
from mnist_dash.sketch.sheet_reading import read_sheet
from mnist_dash.ui.components.canvas import REDO, UNDO, Drafts, Pen, easel
from mnist_dash.ui.shell import resources, state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import colours, is_dark
from mnist_dash.ui.sketch import strictness
from mnist_dash.ui.sketch.while_drawing import ADDRESS

THINNEST, PEN, BROADEST = 10, 20, 28
"""Pixels of the pen: at least, at first and at most."""
RUBBER = 2
"""How much wider than the pen the eraser is."""
_PAPERS = {Paper.DIGIT: "One digit", Paper.NUMBER: "A number"}
_PEN = f"How wide the pen draws, in pixels of the sheet, which is {HEIGHT} pixels high. The eraser is twice as wide."
_SEVERAL = (
    "Digits that stand side by side are read as a number, from left to right. Choose the one that is looked at. On the "
    "sheet for a number digits may touch; on that for one digit, ink that hangs together is one."
)


class _Tool(StrEnum):
    PEN = "pen"
    ERASER = "eraser"


_TOOLS = {_Tool.PEN: ":material/edit: Pen", _Tool.ERASER: ":material/ink_eraser: Eraser"}


def make_room() -> int:
    """Pixels that the pad takes from left to right, where there is so much room."""
    return WIDTHS[state.sketch().sheet.paper] + 2


def show_pad(model: str, without: Collection[Step] = ()) -> list[Stages]:
    """Show the pad; the digits drawn on it from left to right, each on its way to 28×28, `without` some steps.

    The model of that name answers while the pen is on the sheet.
    """
    show(model, without)
    return read(without)


def show(model: str, without: Collection[Step] = ()) -> None:
    """Show the pad alone."""
    _canvas(model, without)
    _tools()


def read(without: Collection[Step] = ()) -> list[Stages]:
    """What `show_pad` answers, whether the pad is on the screen yet or not: what was drawn is known before."""
    return read_sheet(state.sketch().sheet, resources.cut_confidence(), without)


def choose(sketches: Sequence[Stages]) -> int:
    """Which of the digits is looked at from near; asked for where there are several."""
    if len(sketches) < 2:
        return 0
    places, key = range(len(sketches)), _digit_key(len(sketches))
    if len(sketches) > NUMBERED:
        return st.selectbox("Look at digit", places, format_func=_number, key=key, help=_SEVERAL)
    chosen = st.segmented_control(
        "Look at digit", places, format_func=_number, default=0, required=True, key=key, help=_SEVERAL
    )
    return int(chosen or 0)


def _digit_key(count: int | str) -> str:
    """The key of the choice among so many digits."""
    return f"digit_of_{count}"


def _number(place: int) -> str:
    return str(place + 1)


def clear() -> None:
    """Take everything off the sheet; it can be brought back."""
    _change(lambda sheet: sheet.draw(()))


def _canvas(model: str, without: Collection[Step]) -> None:
    kept = state.sketch().recolour(colours().ink, colours().paper)
    if Key.CANVAS not in st.session_state:
        # Something else stood here: this is another canvas, which knows nothing yet.
        kept = kept.anew()
    state.put_sketch(kept)
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
        key=Key.CANVAS,
        # Before the script runs, and so even where that is for another page.
        on_change=_take,
    )
    text = None if kept.sheet.untouched else to_text(kept.sheet)
    easel(Key.EASEL, Key.CANVAS, text, Pen(breadth, erases), _ask_of(model, without), _restore)
    if kept.refused:
        st.error(escape_markdown(kept.refused), icon=":material/error:")


def _ask_of(model: str, without: Collection[Step]) -> Drafts:
    """What the browser asks while the pen is on the sheet, so that it hears what the page would say."""
    prefix = _digit_key("")
    known = {str(key): place for key, place in st.session_state.items()}
    chosen = {key.removeprefix(prefix): place for key, place in known.items() if key.startswith(prefix)}
    question = {
        "paper": state.sketch().sheet.paper,
        "model": model,
        "threshold": strictness.read_threshold(),
        "without": sorted(without),
        "chosen": chosen,
        "dark": is_dark(),
    }
    return Drafts(ADDRESS, question)


def choose_paper() -> None:
    """Ask for the sheet to draw on; it stands above the pad."""
    st.segmented_control(
        "Sheet",
        tuple(Paper),
        format_func=_PAPERS.__getitem__,
        required=True,
        key=state.mirror(Key.PAPER, state.sketch().sheet.paper),
        on_change=lambda: _change(lambda sheet: sheet.on(state.take_choice(Key.PAPER))),
        label_visibility="collapsed",
    )


def _tools() -> None:
    now = state.sketch().sheet
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
        _button("Undo", UNDO, Sheet.undo, not now.past, "Ctrl+Z")
        _button("Redo", REDO, Sheet.redo, not now.future, "Ctrl+Shift+Z")
        st.button("Clear", icon=":material/delete:", key="clear", on_click=clear, disabled=not now.drawing)


def _button(label: str, key: str, change: Callable[[Sheet], Sheet], disabled: bool, shortcut: str) -> None:
    icon = f":material/{key}:"
    st.button(label, icon=icon, key=key, on_click=_change, args=(change,), disabled=disabled, help=shortcut)


def _change(change: Callable[[Sheet], Sheet]) -> None:
    """Change the sheet, and show it on the canvas."""
    kept = state.sketch()
    state.put_sketch(kept.anew(change(kept.sheet)))


def _take() -> None:
    """Take what the canvas tells."""
    raw = ((st.session_state.get(Key.CANVAS) or {}).get("drawing") or {}).get("raw")
    kept = state.sketch().take(raw)
    state.put_sketch(kept)
    if kept.refused and isinstance(raw, dict):
        # Streamlit would copy it with every rerun.
        raw.clear()


def _restore() -> None:
    """Take what the browser has kept of an earlier session, where this one has drawn nothing yet."""
    kept, back = state.sketch(), from_text((st.session_state.get(Key.EASEL) or {}).get("found"))
    if back and kept.sheet.untouched:
        state.put_sketch(kept.anew(back))
