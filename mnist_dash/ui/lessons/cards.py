"""All lessons at a glance: a card each with its picture, what one finds out, and how far one is."""

import streamlit as st

from mnist_dash.data.dataset import Dataset
from mnist_dash.figures import digits
from mnist_dash.lessons.lesson import Lesson
from mnist_dash.lessons.lessons import LESSONS
from mnist_dash.ui.components.picture import show_picture
from mnist_dash.ui.lessons import evidence, pictures, tab_progress
from mnist_dash.ui.lessons.evidence import Evidence
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.shared_drawings import draw_shared
from mnist_dash.ui.shell.theme import colours

_SCALE, _GAP = 4, 8
_DUEL = "Fifty difficult test digits against the clock: who reads more of them, you or the networks?"


def show(data: Dataset) -> None:
    """A card for each lesson, and one for the duel."""
    gathered = evidence.gather(data, LESSONS.values())
    with st.grid(3, min_column_width=290, gap="medium"):
        for lesson in LESSONS.values():
            _show_card(lesson.name, lesson.title, lesson.promise, _count(lesson, gathered), data)
        _show_card("duel", "You against it", _DUEL, "", data)
    tab_progress.keep()


def _show_card(name: str, title: str, promise: str, standing: str, data: Dataset) -> None:
    with st.container(border=True, height="stretch", gap="small", key=f"card_{name.replace('-', '_')}"):
        sheet = draw_shared(digits.draw_sheet, pictures.draw(name, data), colours(), pictures.SHOWN, _SCALE, _GAP)
        show_picture(sheet, f"Four digits: {title}", digits.sheet_width(pictures.SHOWN, _SCALE, _GAP) // 2)
        link = {Key.LESSON.value: name}
        st.page_link("pages/lessons.py", label=f"**{title}**", icon=":material/school:", query_params=link)
        st.write(promise)
        if standing:
            st.caption(standing)


def _count(lesson: Lesson, gathered: Evidence) -> str:
    verdicts = evidence.check_all(lesson, gathered)
    done, steps = sum(verdict.done for verdict in verdicts.values()), len(verdicts)
    return ":material/check: All done" if done == steps else f"{done} of {steps} steps done"
