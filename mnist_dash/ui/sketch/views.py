"""Looking closer at a sketch that was read: one view at a time, since each has its cost."""

from collections.abc import Sequence
from enum import StrEnum

from mnist_dash.sketch.mnist_preprocessing import Stages
from mnist_dash.ui.components import linked_choice
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.sketch import model_comparison, stages
from mnist_dash.ui.sketch.answer import DRAWN, Source


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


def show(name: str, sketches: Sequence[Stages], chosen: int, source: Source = DRAWN) -> None:
    """The open view of the chosen digit, as the model of that name reads it."""
    view = linked_choice.choose("Look closer", _TITLES, Key.CLOSER, help=_VIEWS)
    match view:
        case Closer.SEES:
            if source.label is None:
                stages.show(sketches[chosen] if sketches else None)
            else:
                stages.show_ready(sketches[chosen])
        case Closer.WHY:
            from mnist_dash.ui.sketch import why  # with what it stands on, when it is looked at first

            why.show(name, sketches[chosen] if sketches else None)
        case Closer.DRAWN:
            from mnist_dash.ui.sketch import film

            film.show(name, chosen if sketches and source is DRAWN else None)
        case Closer.MODELS:
            model_comparison.show(name, sketches, chosen)
