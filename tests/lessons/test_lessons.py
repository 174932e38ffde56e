"""The lessons as they are written: each can be followed to its end, and what its links name is there."""

from pathlib import Path

import pytest

from mnist_dash.lessons.lesson import Experiment, Lesson, Question, Remedy
from mnist_dash.lessons.lessons import LESSONS
from mnist_dash.methods.parameters import PARAMETERS
from mnist_dash.methods.spec import RunSpec

PAGES = {path.stem for path in (Path(__file__).parents[2] / "pages").glob("*.py")}
EVERY = pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))


@EVERY
def test_a_lesson_has_three_to_five_steps_with_names_of_their_own(lesson: Lesson) -> None:
    names = [step.name for step in lesson.steps]
    assert 3 <= len(names) == len(set(names)) <= 5
    assert all(lesson.find_step(name).name == name for name in names)


@EVERY
def test_a_question_has_one_right_answer_and_explains_all_of_them(lesson: Lesson) -> None:
    for question in (step.task for step in lesson.steps if isinstance(step.task, Question)):
        assert sum(choice.right for choice in question.choices) == 1
        assert all(choice.words for choice in question.choices)


@EVERY
def test_a_step_stands_against_an_experiment_of_the_same_lesson(lesson: Lesson) -> None:
    for step in lesson.steps:
        against = step.task.against if isinstance(step.task, Experiment | Remedy) else None
        if against:
            assert isinstance(lesson.find_step(against).task, Experiment)


@EVERY
def test_the_settings_of_an_experiment_come_back_from_its_link(lesson: Lesson) -> None:
    for step in lesson.steps:
        if isinstance(step.task, Experiment):
            method, *settings = step.task.link.items()
            values = {name: PARAMETERS[name].parse(text) for name, text in settings}
            assert RunSpec.of(method[1], "mnist", **values) == step.task.make_spec()


@EVERY
def test_a_remedy_offers_changes_that_it_allows(lesson: Lesson) -> None:
    for step in lesson.steps:
        if isinstance(step.task, Remedy):
            assert set(step.task.names) <= set(PARAMETERS)
            assert step.task.offers
            for changes in step.task.offers.values():
                assert set(changes) <= set(step.task.names)
                assert all(PARAMETERS[name].check(value) == value for name, value in changes.items())


@EVERY
def test_ways_lead_to_pages_that_there_are(lesson: Lesson) -> None:
    assert {step.lead.page for step in lesson.steps if step.lead} <= PAGES
