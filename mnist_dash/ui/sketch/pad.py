"""The sketch pad: the sheet of Home and Sketch, and the digits on it."""

from collections.abc import Collection, Sequence

import streamlit as st

from mnist_dash.figures.photo import NUMBERED
from mnist_dash.sketch.mnist_preprocessing import Stages, Step
from mnist_dash.sketch.sheet import WIDTHS, Paper, from_text, to_text
from mnist_dash.sketch.sheet_reading import read_sheet
from mnist_dash.ui.components import sheet
from mnist_dash.ui.components.canvas import Drafts
from mnist_dash.ui.components.sheet import SKETCH
from mnist_dash.ui.shell import resources, state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.theme import is_dark
from mnist_dash.ui.sketch import strictness
from mnist_dash.ui.sketch.while_drawing import ADDRESS

_PAPERS = {Paper.DIGIT: "One digit", Paper.NUMBER: "A number"}
_SEVERAL = (
    "Digits that stand side by side are read as a number, from left to right. Choose the one that is looked at. On the "
    "sheet for a number digits may touch; on that for one digit, ink that hangs together is one."
)


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
    drawn = state.sketch().sheet
    text = None if drawn.untouched else to_text(drawn)
    sheet.show_canvas(SKETCH, text, restore, _ask_of(model, without))
    sheet.show_tools(SKETCH)


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
        on_change=_take_paper,
        label_visibility="collapsed",
    )


def _take_paper() -> None:
    paper = state.take_choice(Key.PAPER)
    sheet.change(SKETCH, lambda drawn: drawn.on(paper))


def restore(found: object) -> None:
    """Take what the browser has kept of an earlier session, where this one has drawn nothing yet."""
    kept, back = state.sketch(), from_text(found)
    if back and kept.sheet.untouched:
        state.put_sketch(kept.anew(back))
