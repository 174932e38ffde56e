"""The sketch pad: a canvas, and what is drawn on it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from mnist_dash.sketch import ink
from mnist_dash.sketch.digits import Piece, found
from mnist_dash.sketch.procedure import Ink, Stages, Step, stages
from mnist_dash.ui import state
from mnist_dash.ui.theme import colours

SIDE = 280
"""Pixels along each side of the canvas: ten for each one that the network sees."""
PEN = 20
_SEVERAL = "Digits that stand side by side are read as a number, from left to right. Choose the one that is shown here."


def sketched(pen: int = PEN, without: Collection[Step] = ()) -> list[Stages]:
    """Show the canvas; the digits drawn on it from left to right, each on its way to 28×28, `without` some steps."""
    kept = _in_colour(colours().ink)
    # The canvas' own tools (undo, redo, edit, clear) float above it and would cover what stands there.
    st.caption("Draw here")
    result = st_canvas(
        stroke_width=pen,
        stroke_color=kept.colour,
        background_color="",
        width=SIDE,
        height=SIDE,
        initial_drawing=kept.start,
        return_image_data=True,
        key=f"canvas_{kept.version}",
    )
    _remember(result.json_data, result)
    st.button("Clear", icon=":material/delete:", key="clear", on_click=clear)
    drawn = state.sketch().ink
    alone = [] if drawn is None else [_alone(piece, drawn.shape) for piece in found(drawn)]
    return [made for sheet in alone if (made := stages(sheet, without))]


def choose(sketches: Sequence[Stages]) -> int:
    """Which of the digits is looked at from near; asked for where there are several."""
    if len(sketches) < 2:
        return 0
    places = range(len(sketches))
    chosen = st.segmented_control(
        "Look at digit",
        places,
        format_func=lambda place: str(place + 1),
        default=0,
        required=True,
        key=f"digit_of_{len(sketches)}",
        help=_SEVERAL,
    )
    return int(chosen or 0)


def _alone(digit: Piece, shape: tuple[int, ...]) -> Ink:
    """A sheet of that shape with this digit alone, where it was drawn."""
    sheet = np.zeros(shape, bool)
    height, width = digit.ink.shape
    sheet[digit.top : digit.top + height, digit.left : digit.left + width] = digit.ink
    return sheet


def clear() -> None:
    """Take a fresh sheet."""
    kept = state.sketch()
    state.put_sketch(state.Sketch(version=kept.version + 1, colour=kept.colour))


def recoloured(drawing: dict[str, Any], colour: str) -> dict[str, Any]:
    """A drawing of the canvas with all its strokes in `colour`."""
    return {**drawing, "objects": [{**stroke, "stroke": colour} for stroke in drawing["objects"]]}


def _in_colour(colour: str) -> state.Sketch:
    """The drawing, on a new canvas where the theme's ink has changed since: dark strokes vanish on slate."""
    kept = state.sketch()
    if kept.colour == colour:
        return kept
    drawing = recoloured(kept.drawing, colour) if kept.drawing else None
    changed = replace(kept, colour=colour, drawing=drawing, start=drawing, version=kept.version + (drawing is not None))
    state.put_sketch(changed)
    return changed


def _remember(drawing: dict[str, Any] | None, result: Any) -> None:  # noqa: ANN401 - the component has no types
    kept = state.sketch()
    if not drawing or not drawing.get("objects"):
        state.put_sketch(replace(kept, drawing=None, ink=None))
    elif result.image_data is not None:
        # A restored canvas sends no pixels before the next stroke: those that were kept stand for it.
        state.put_sketch(replace(kept, drawing=drawing, ink=ink.from_canvas(result.image_data)))
