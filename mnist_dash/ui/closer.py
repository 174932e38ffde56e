"""Looking closer at a sketch that was read: one view at a time, since each has its cost."""

from collections.abc import Sequence
from enum import StrEnum

from mnist_dash.sketch.procedure import Stages
from mnist_dash.ui import beside, linked, seen
from mnist_dash.ui.keys import Key


class Closer(StrEnum):
    """The views, by what they are in the page's link."""

    SEES = "sees"
    WHY = "why"
    MODELS = "models"


_TITLES = {Closer.SEES: "What it sees", Closer.WHY: "Why", Closer.MODELS: "Models side by side"}
_VIEWS = "What to look at from near. Only the open view is computed."


def show(name: str, sketches: Sequence[Stages], chosen: int) -> None:
    """The open view of the chosen digit, as the model of that name reads it."""
    view = linked.choice("Look closer", _TITLES, Key.CLOSER, help=_VIEWS)
    match view:
        case Closer.SEES:
            seen.show(sketches[chosen] if sketches else None)
        case Closer.WHY:
            from mnist_dash.ui import why  # with what it stands on, when it is looked at first

            why.show(name, sketches[chosen] if sketches else None)
        case Closer.MODELS:
            beside.show(name, sketches, chosen)
