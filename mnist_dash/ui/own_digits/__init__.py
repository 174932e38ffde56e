"""The room of the page Own digits, and its views of a set."""

from enum import StrEnum

import streamlit as st

from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.ui.shell import link, state
from mnist_dash.ui.shell.keys import Key


class View(StrEnum):
    """What the page shows of a set, by its word in links."""

    WRITE = "write"
    CLASS_ROOM = "class"
    PAPER = "paper"
    GALLERY = "gallery"
    FIGURES = "figures"
    HANDWRITING = "handwriting"
    LEARNING = "learning"


_TITLES = {
    View.WRITE: ":material/draw: Write",
    View.CLASS_ROOM: ":material/groups: Class room",
    View.PAPER: ":material/description: Paper",
    View.GALLERY: ":material/grid_view: Gallery",
    View.FIGURES: ":material/bar_chart: Figures",
    View.HANDWRITING: ":material/stylus_note: Handwriting",
    View.LEARNING: ":material/school: Learning",
}


def choose() -> View:
    """The view that is chosen here, which the page's link then holds."""
    view = View(link.recall_one_of(Key.OWN_VIEW, tuple(View)))
    st.segmented_control(
        "View",
        tuple(View),
        format_func=_TITLES.__getitem__,
        required=True,
        key=state.mirror(Key.OWN_VIEW_LIST, view),
        on_change=_take,
        label_visibility="collapsed",
        wrap=True,
    )
    return view


def _take() -> None:
    link.keep_text(Key.OWN_VIEW, state.take_choice(Key.OWN_VIEW_LIST))


def show(view: View, chosen: OwnSet) -> None:
    """Show a view of the chosen set."""
    # With what they stand on.
    from mnist_dash.ui.own_digits import class_room, figures, gallery, handwriting, learning, paper, writing

    modules = {
        View.WRITE: writing,
        View.CLASS_ROOM: class_room,
        View.PAPER: paper,
        View.GALLERY: gallery,
        View.FIGURES: figures,
        View.HANDWRITING: handwriting,
        View.LEARNING: learning,
    }
    modules[view].show(chosen)
