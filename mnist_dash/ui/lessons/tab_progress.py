"""What this tab has done in the lessons: the session has it, and the browser keeps it over a reload."""

import streamlit as st

from mnist_dash.lessons.progress import Progress, from_text, name_step, to_text
from mnist_dash.ui.components import tab_memory
from mnist_dash.ui.shell.keys import Key


def read() -> Progress:
    """What was done so far."""
    kept: Progress = st.session_state.get(Key.LESSON_PROGRESS, {})
    return kept


def recall(lesson: str, step: str) -> float | None:
    """What a step was answered with, or the run that has done it."""
    return read().get(name_step(lesson, step))


def put(lesson: str, step: str, value: float) -> None:
    """Remember the answer to a step, or the run that has done it."""
    if recall(lesson, step) != value:
        st.session_state[Key.LESSON_PROGRESS] = {**read(), name_step(lesson, step): value}


def count_restored() -> int:
    """How often the browser has brought back what it had kept: widgets that showed nothing start anew with it."""
    restored: int = st.session_state.get(Key.LESSON_RESTORED, 0)
    return restored


def keep() -> None:
    """Let the browser keep it; to be called where all of it was put."""
    done = read()
    tab_memory.keep(Key.LESSON_MEMORY, to_text(done) if done else None, _restore)


def _restore() -> None:
    """Take what the browser has kept of an earlier session; what was answered since counts more."""
    back = from_text((st.session_state.get(Key.LESSON_MEMORY) or {}).get("found"))
    if back:
        st.session_state[Key.LESSON_PROGRESS] = {**back, **read()}
        st.session_state[Key.LESSON_RESTORED] = count_restored() + 1
