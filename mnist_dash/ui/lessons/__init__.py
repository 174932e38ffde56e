"""What the page Lessons shows: all lessons, one of them, or the duel, whichever its link names."""

from typing import TYPE_CHECKING

import streamlit as st

from mnist_dash.lessons.lessons import LESSONS
from mnist_dash.ui.shell import link

if TYPE_CHECKING:
    from mnist_dash.data.dataset import Dataset

DUEL = "duel"
"""The duel by its name in links, beside the lessons."""


def find() -> str | None:
    """The lesson that the link names; None of the list of all, and where there is no such lesson."""
    asked = link.follow(link.LESSON)
    if asked is None or asked in (*LESSONS, DUEL):
        return asked
    st.warning("There is no lesson of that name. Here are all that there are.", icon=":material/info:")
    return None


def show(name: str | None, data: "Dataset") -> None:
    """Show the lesson of that name, or a card for each."""
    from mnist_dash.ui.lessons import cards, duel, lesson_view  # with what they stand on

    if name is not None:
        st.page_link("pages/lessons.py", label="All lessons", icon=":material/arrow_back:")
    if name is None:
        cards.show(data)
    elif name == DUEL:
        duel.show(data)
    else:
        lesson_view.show(LESSONS[name], data)
