"""Looking closer at a sketch that was read: one view at a time, since each has its cost."""

from collections.abc import Sequence
from enum import StrEnum

from mnist_dash.sketch.mnist_preprocessing import Stages
from mnist_dash.ui.components import linked_choice
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.sketch import model_comparison, stages


class Closer(StrEnum):
    """The views, by what they are in the page's link."""

    SEES = "sees"
    WHY = "why"
    DRAWN = "drawn"
    MODELS = "models"


_TITLES = {
    Closer.SEES: "What it sees",
    Closer.WHY: "Why",
    Closer.DRAWN: "As it was drawn",
    Closer.MODELS: "Models side by side",
}
_VIEWS = "What to look at from near. Only the open view is computed."


def show(name: str, sketches: Sequence[Stages], chosen: int, *, is_drawn: bool = True) -> None:
    """The open view of the chosen digit, as the model of that name reads it; `is_drawn` where no photo shows it."""
    view = linked_choice.choose("Look closer", _TITLES, Key.CLOSER, help=_VIEWS)
    match view:
        case Closer.SEES:
            stages.show(sketches[chosen] if sketches else None)
        case Closer.WHY:
            from mnist_dash.ui.sketch import why  # with what it stands on, when it is looked at first

            why.show(name, sketches[chosen] if sketches else None)
        case Closer.DRAWN:
            from mnist_dash.ui.sketch import film

            film.show(name, chosen if sketches and is_drawn else None)
        case Closer.MODELS:
            model_comparison.show(name, sketches, chosen)
