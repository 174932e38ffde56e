"""The views of the page Models: one module each, loaded when it is first looked at."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from mnist_dash.ui.components import linked_choice
from mnist_dash.ui.shell.keys import Key

if TYPE_CHECKING:
    from mnist_dash.ui.models.answered import Answered


class View(StrEnum):
    """What there is to see of a model."""

    MISTAKES = "mistakes"
    CONFUSION = "confusion"
    CERTAINTY = "certainty"
    DIGITS = "digits"
    COMPARISON = "comparison"
    ELSEWHERE = "elsewhere"
    INSIDE = "inside"
    EPOCHS = "epochs"
    CARD = "card"


VIEWS = {
    View.MISTAKES: "Mistakes",
    View.CONFUSION: "Confusion",
    View.CERTAINTY: "Certainty",
    View.DIGITS: "By digit",
    View.COMPARISON: "Compare",
    View.ELSEWHERE: "Elsewhere",
    View.INSIDE: "Inside",
    View.EPOCHS: "Through the epochs",
    View.CARD: "Card",
}


def choose() -> View:
    """The view that is chosen here, which the page's link then holds."""
    return linked_choice.choose("View", VIEWS, Key.MODEL_VIEW, label_visibility="collapsed")


def show(view: View, answered: "Answered") -> None:
    """Show the view of a model that has answered."""
    _SHOW[view](answered)


def _show_mistakes(answered: "Answered") -> None:
    from mnist_dash.ui.models import mistakes

    mistakes.show(answered)


def _show_confusion(answered: "Answered") -> None:
    from mnist_dash.ui.models import confusion

    confusion.show(answered)


def _show_certainty(answered: "Answered") -> None:
    from mnist_dash.ui.models import certainty

    certainty.show(answered)


def _show_digits(answered: "Answered") -> None:
    from mnist_dash.ui.models import by_digit

    by_digit.show(answered)


def _show_comparison(answered: "Answered") -> None:
    from mnist_dash.ui.models import comparison

    comparison.show(answered)


def _show_elsewhere(answered: "Answered") -> None:
    from mnist_dash.ui.models import elsewhere

    elsewhere.show(answered)


def _show_inside(answered: "Answered") -> None:
    from mnist_dash.ui.models import inside

    inside.show(answered)


def _show_epochs(answered: "Answered") -> None:
    from mnist_dash.ui.models import through_epochs

    through_epochs.show(answered)


def _show_card(answered: "Answered") -> None:
    from mnist_dash.ui.models import card

    card.show(answered)


_SHOW: dict[View, Callable[["Answered"], None]] = {
    View.MISTAKES: _show_mistakes,
    View.CONFUSION: _show_confusion,
    View.CERTAINTY: _show_certainty,
    View.DIGITS: _show_digits,
    View.COMPARISON: _show_comparison,
    View.ELSEWHERE: _show_elsewhere,
    View.INSIDE: _show_inside,
    View.EPOCHS: _show_epochs,
    View.CARD: _show_card,
}
