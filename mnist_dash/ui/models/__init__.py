"""The views of the page Models: one module each, loaded when it is first looked at."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from mnist_dash.ui.shell import link
from mnist_dash.ui.shell.keys import Key

if TYPE_CHECKING:
    from mnist_dash.ui.models.answered import Answered

VIEWS = {
    "mistakes": "Mistakes",
    "confusion": "Confusion",
    "certainty": "Certainty",
    "digits": "By digit",
    "comparison": "Compare",
    "card": "Card",
}


def choose() -> str:
    """The view that is chosen here, which the page's link then holds."""
    import streamlit as st

    link.start_widget(Key.MODEL_VIEW, VIEWS)
    return st.segmented_control(
        "View",
        list(VIEWS),
        format_func=VIEWS.__getitem__,
        default=None if Key.MODEL_VIEW in st.session_state else next(iter(VIEWS)),
        required=True,
        key=Key.MODEL_VIEW,
        persist_state="session",
        on_change=link.publish_widget,
        args=(Key.MODEL_VIEW,),
        label_visibility="collapsed",
    ) or next(iter(VIEWS))


def show(view: str, answered: "Answered") -> None:
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


def _show_card(answered: "Answered") -> None:
    from mnist_dash.ui.models import card

    card.show(answered)


_SHOW: dict[str, Callable[["Answered"], None]] = {
    "mistakes": _show_mistakes,
    "confusion": _show_confusion,
    "certainty": _show_certainty,
    "digits": _show_digits,
    "comparison": _show_comparison,
    "card": _show_card,
}
