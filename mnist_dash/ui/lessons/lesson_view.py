"""A lesson from near: its steps in their order, each with its task, and whether that was done."""

import streamlit as st

from mnist_dash.data.dataset import Dataset
from mnist_dash.lessons.checks import Standing, Verdict
from mnist_dash.lessons.lesson import Figure, Lesson, Step
from mnist_dash.ui.lessons import evidence, figures, tab_progress, tasks
from mnist_dash.ui.lessons.evidence import Evidence, Verdicts
from mnist_dash.ui.shell import messages
from mnist_dash.ui.shell.look_again import look_again, redraw_page

GLANCE = 2.0
"""Seconds between two looks at a run that a step waits for."""
_DONE = "You have done all of it. What you did stays in this tab, and your runs stay on Runs."


def show(lesson: Lesson, data: Dataset) -> None:
    """Show a lesson; what is answered in it reruns nothing else."""
    st.header(lesson.title, anchor=False)
    st.write(lesson.promise)
    waits = _is_waiting(evidence.check_all(lesson, evidence.gather(data, [lesson])))

    @look_again(GLANCE if waits else None)
    def show_steps() -> None:
        with messages.explain_errors():
            gathered = evidence.gather(data, [lesson])
            verdicts = evidence.check_all(lesson, gathered)
            if _is_waiting(verdicts) is not waits:
                redraw_page()
            _show_steps(lesson, gathered, verdicts)
            tab_progress.keep()

    show_steps()


def _is_waiting(verdicts: Verdicts) -> bool:
    return any(verdict.standing is Standing.WAITING for verdict in verdicts.values())


def _show_steps(lesson: Lesson, gathered: Evidence, verdicts: Verdicts) -> None:
    done = sum(verdict.done for verdict in verdicts.values())
    st.caption(_DONE if done == len(lesson.steps) else f"{done} of {len(lesson.steps)} steps done.")
    for number, step in enumerate(lesson.steps, 1):
        with st.container(border=True):
            _show_step(number, lesson, step, gathered, verdicts)


def _show_step(number: int, lesson: Lesson, step: Step, gathered: Evidence, verdicts: Verdicts) -> None:
    verdict = verdicts[step.name]
    _show_head(number, step, verdict)
    if step.figure is None:
        _show_words(lesson, step, verdict, gathered)
        return
    words, shown = st.columns(2, gap="large")
    with words:
        _show_words(lesson, step, verdict, gathered)
    with shown:
        figures.show(Figure(step.figure), lesson, gathered, verdicts)


def _show_head(number: int, step: Step, verdict: Verdict) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(f"{number}. {step.title}", anchor=False, width="content")
        if verdict.done:
            st.badge("Done", color="green", icon=":material/check:")


def _show_words(lesson: Lesson, step: Step, verdict: Verdict, gathered: Evidence) -> None:
    st.write(step.text)
    if step.lead:
        tasks.show_lead(step.lead)
    tasks.show(lesson, step, verdict, gathered)
