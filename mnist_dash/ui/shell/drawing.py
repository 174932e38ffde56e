"""The drawing that one session has, and what the canvas on the screen knows of it."""

from dataclasses import dataclass, field, replace

from mnist_dash.arrays import Ink
from mnist_dash.errors import ImageError
from mnist_dash.sketch import traces
from mnist_dash.sketch.sheet import Sheet
from mnist_dash.sketch.traces import Drawing

_VERSIONS = 1 << 24
"""How many there are before they begin again: what a colour can tell apart."""


@dataclass(frozen=True, slots=True, eq=False)
class DrawnSketch:
    """A sheet, and the canvas that shows it.

    `version` counts how often the canvas was given something to start with, which is `start`; it draws in the colours
    `tint` and, to erase, `paper`. `refused` says why what came last was not taken.
    """

    sheet: Sheet = field(default_factory=Sheet)
    version: int = 0
    start: Drawing = ()
    tint: str = "#000000"
    paper: str = "#ffffff"
    refused: str | None = None

    @property
    def ink(self) -> Ink | None:
        """(h, w): how the drawing looks; None where there is nothing on the sheet."""
        return self.sheet.ink

    @property
    def mark(self) -> str:
        """What the canvas sends along with all that it tells, so that nothing is taken from what it showed before.

        It is a background without any opacity: the canvas takes a new start only where its background has changed,
        and tells it again with every stroke.
        """
        return f"#{self.version % _VERSIONS:06x}00"

    def anew(self, sheet: Sheet | None = None) -> "DrawnSketch":
        """With a canvas that starts anew, with what is on the sheet; on another one where it is given."""
        sheet = sheet or self.sheet
        return replace(self, sheet=sheet, version=self.version + 1, start=sheet.drawing, refused=None)

    def recolour(self, tint: str, paper: str) -> "DrawnSketch":
        """In other colours: dark strokes would vanish on slate."""
        if (self.tint, self.paper) == (tint, paper):
            return self
        return replace(self.anew(), tint=tint, paper=paper)

    def take(self, drawing: object) -> "DrawnSketch":
        """After what the canvas has told; what cannot be taken is taken from the canvas, too."""
        if not isinstance(drawing, dict) or drawing.get("background") != self.mark:
            return self
        try:
            sheet = self.sheet.draw(traces.from_canvas(drawing, self.paper))
        except ImageError as e:
            return replace(self.anew(), refused=str(e))
        # The canvas tells what it was given, too: that is no reason to forget why something was refused.
        return self if sheet is self.sheet else replace(self, sheet=sheet, refused=None)
