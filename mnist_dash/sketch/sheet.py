"""A sheet that is drawn on: what stands on it, its ink, and the way back and forth through what was done."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mnist_dash.arrays import Ink
from mnist_dash.errors import ImageError
from mnist_dash.sketch import traces
from mnist_dash.sketch.traces import Drawing

HEIGHT = 280
"""Pixels from top to bottom of every sheet: ten for each one that the network sees."""
STEPS = 100
"""Changes that can be taken back."""
_LONGEST_TEXT = 32 * traces.MOST_POINTS


class Paper(StrEnum):
    """The sheets that there are to draw on."""

    DIGIT = "digit"
    """A square, for one digit or two."""
    NUMBER = "number"
    """Three times as wide: for telephone numbers and dates."""


WIDTHS = {Paper.DIGIT: HEIGHT, Paper.NUMBER: 3 * HEIGHT}
"""Pixels from the left to the right of each sheet."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A drawing on its paper; `past` and `future` are the drawings before and after it, the nearest one last.

    `ink` (HEIGHT, width) is how the drawing looks; None where there is nothing on the sheet.
    """

    paper: Paper = Paper.DIGIT
    drawing: Drawing = ()
    ink: Ink | None = None
    past: tuple[Drawing, ...] = ()
    future: tuple[Drawing, ...] = ()

    @property
    def untouched(self) -> bool:
        """Whether nothing was ever drawn on it."""
        return not (self.drawing or self.past or self.future)

    def draw(self, drawing: Drawing) -> "Sheet":
        """With this drawing on it, as something that can be taken back."""
        if drawing == self.drawing:
            return self
        return replace(self._showing(drawing), past=_last([*self.past, self.drawing]), future=())

    def undo(self) -> "Sheet":
        """As it was before the last change."""
        if not self.past:
            return self
        return replace(self._showing(self.past[-1]), past=self.past[:-1], future=(*self.future, self.drawing))

    def redo(self) -> "Sheet":
        """With the change that was taken back."""
        if not self.future:
            return self
        return replace(self._showing(self.future[-1]), past=(*self.past, self.drawing), future=self.future[:-1])

    def on(self, paper: Paper) -> "Sheet":
        """The same on other paper: what stands beyond its edge comes back with a wider one."""
        return replace(self, paper=paper, ink=_inked(self.drawing, paper))

    def _showing(self, drawing: Drawing) -> "Sheet":
        # A pen adds to what is there: then only what is new must be inked.
        adds = self.ink is not None and drawing[: len(self.drawing)] == self.drawing
        new = drawing[len(self.drawing) :]
        ink = traces.ink_drawing(new, WIDTHS[self.paper], HEIGHT, self.ink) if adds else _inked(drawing, self.paper)
        return replace(self, drawing=drawing, ink=ink)


def to_text(sheet: Sheet) -> str:
    """What stands on a sheet, as short text for a browser to keep."""
    kept = {"paper": sheet.paper, "strokes": traces.pack(sheet.drawing)}
    return json.dumps(kept, separators=(",", ":"))


def from_text(text: object) -> Sheet | None:
    """The sheet of which `to_text` wrote; what stands on it can be taken back stroke by stroke.

    None for any other text: nobody can mend what a browser has kept.
    """
    if not isinstance(text, str) or len(text) > _LONGEST_TEXT:
        return None
    try:
        kept = json.loads(text)
        paper, drawing = Paper(kept["paper"]), traces.unpack(kept["strokes"])
    except (ImageError, LookupError, RecursionError, TypeError, ValueError):
        return None
    return Sheet(paper, drawing, _inked(drawing, paper), _last([drawing[:i] for i in range(len(drawing))]))


def _inked(drawing: Drawing, paper: Paper) -> Ink | None:
    return traces.ink_drawing(drawing, WIDTHS[paper], HEIGHT) if drawing else None


def _last(drawings: Sequence[Drawing]) -> tuple[Drawing, ...]:
    return tuple(drawings[-STEPS:])
