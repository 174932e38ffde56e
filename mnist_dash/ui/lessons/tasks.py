"""What a person does in a step: chooses, writes a number, trains, draws; and what is said of it."""

from collections.abc import Mapping

import streamlit as st

from mnist_dash.lessons.checks import Standing, Verdict
from mnist_dash.lessons.lesson import Experiment, Lead, Lesson, NumberQuestion, Question, Remedy, Step
from mnist_dash.methods.kinds import Value
from mnist_dash.runs.records import Run
from mnist_dash.ui.lessons import tab_progress
from mnist_dash.ui.lessons.evidence import Evidence, find_partners
from mnist_dash.ui.shell.keys import Key

_SHOWS = {
    Standing.DONE: (st.success, ":material/check:"),
    Standing.WRONG: (st.warning, ":material/replay:"),
    Standing.GONE: (st.warning, ":material/delete:"),
}


def show(lesson: Lesson, step: Step, verdict: Verdict, evidence: Evidence) -> None:
    """The task with its widget or its way to a page, and where it stands."""
    match step.task:
        case Question():
            _ask(lesson, step, step.task)
        case NumberQuestion():
            _ask_number(lesson, step, step.task)
        case Experiment():
            _lead_to_train(lesson, step, {"Train it": step.task.changes}, verdict, evidence)
        case Remedy():
            _lead_to_train(lesson, step, step.task.offers, verdict, evidence)
    # A place of its own, which is held while the page loads.
    with st.container(key=f"told_{lesson.name}_{step.name}"):
        _tell(verdict)


def show_lead(lead: Lead) -> None:
    """A way to another page."""
    icon = f":material/{lead.icon}:"
    st.page_link(f"pages/{lead.page}.py", label=lead.label, icon=icon, query_params=dict(lead.query))


def _ask(lesson: Lesson, step: Step, question: Question) -> None:
    texts = [choice.text for choice in question.choices]
    key, given = _make_key(lesson, step), tab_progress.recall(lesson.name, step.name)
    if given is not None and 0 <= given < len(texts):
        st.session_state.setdefault(key, int(given))
    st.radio(
        question.ask,
        range(len(texts)),
        index=None,
        format_func=texts.__getitem__,
        key=key,
        on_change=_take,
        args=(lesson, step),
    )


def _ask_number(lesson: Lesson, step: Step, question: NumberQuestion) -> None:
    key, given = _make_key(lesson, step), tab_progress.recall(lesson.name, step.name)
    if given is not None:
        st.session_state.setdefault(key, float(given))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            question.ask,
            value=None,
            step=1.0,
            format="%.10g",
            key=key,
            on_change=_take,
            args=(lesson, step),
            width=380,
        )
        # What was written counts when the field is left, as it is for this button.
        st.button("Check", key=f"check_{key}")


def _make_key(lesson: Lesson, step: Step) -> str:
    """The key of a step's widget, which is another one once the browser has told what was answered before."""
    kind = "choice" if isinstance(step.task, Question) else "number"
    return f"{kind}_{lesson.name}_{step.name}_{tab_progress.count_restored()}"


def _take(lesson: Lesson, step: Step) -> None:
    given = st.session_state[_make_key(lesson, step)]
    if given is not None:
        tab_progress.put(lesson.name, step.name, given)


def _lead_to_train(
    lesson: Lesson, step: Step, offers: Mapping[str, Mapping[str, Value]], verdict: Verdict, evidence: Evidence
) -> None:
    """Ways to Train with the settings filled in, and to the run that was looked at."""
    partners = find_partners(lesson, step, evidence.runs)
    with st.container(horizontal=True, gap="medium"):
        if partners is None or partners:
            for label, changes in offers.items():
                show_lead(Lead("train", label, "play_arrow", _fill_in(lesson, step, changes, partners)))
        if verdict.run:
            show_lead(Lead("train", f"Look at run {verdict.run.id}", "show_chart", {Key.RUN: str(verdict.run.id)}))


def _fill_in(lesson: Lesson, step: Step, changes: Mapping[str, Value], partners: list[Run] | None) -> dict[str, str]:
    """The settings of a step as Train's link has them, with the seed and data set of the run it is compared with."""
    task = step.task
    if isinstance(task, Remedy):
        task = lesson.find_step(task.against).task
    assert isinstance(task, Experiment)  # noqa: S101 - a test keeps it so
    settings = task.link | {name: str(value) for name, value in changes.items()}
    same = {"seed": str(partners[0].spec.seed), Key.DATA.value: partners[0].spec.data} if partners else {}
    return settings | same


def _tell(verdict: Verdict) -> None:
    if verdict.standing is Standing.WAITING and verdict.run:
        st.progress(verdict.run.epoch / max(1, verdict.run.spec.epochs), verdict.words)
    elif verdict.standing in _SHOWS:
        report, icon = _SHOWS[verdict.standing]
        report(verdict.words, icon=icon)
    elif verdict.words:
        st.caption(verdict.words)
