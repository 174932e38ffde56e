"""The reader is taught the digits of the moment: one data set for the same digits, and a fifth kept aside of many."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.data.store import named_sets
from mnist_dash.errors import DataError
from mnist_dash.own_digits.collection import change_label, digits_of, read_every
from mnist_dash.own_digits.sets import OwnSet, make_own_set
from mnist_dash.own_digits.teaching import find_lessons, prepare_lesson
from mnist_dash.runs import queue
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.drawn import write_ones_and_sevens

pytestmark = pytest.mark.both_databases


@pytest.fixture
def mine(database: Database) -> OwnSet:
    """A set of 60 digits."""
    made = make_own_set(database, "mine", "Ada")
    write_ones_and_sevens(database, 60, made.key)
    return replace(made, digits=60)


def test_the_digits_become_a_data_set_that_is_tested_on_others(
    database: Database, settings: Settings, mine: OwnSet, small: Digits
) -> None:
    lesson = prepare_lesson(database, settings, mine, small)
    assert lesson.spec.data == lesson.data.name
    assert (lesson.spec.method, lesson.spec.validation_split) == ("fine_tuned", 0.2)
    assert np.array_equal(lesson.data.train.images, digits_of(database, mine.key).images)
    assert np.array_equal(lesson.data.test.images, small.images)
    assert named_sets.names(settings) == (lesson.data.name,)


def test_the_same_digits_are_the_same_data_set_and_others_are_another(
    database: Database, settings: Settings, mine: OwnSet, small: Digits
) -> None:
    first, again = (prepare_lesson(database, settings, mine, small) for _ in range(2))
    assert first.data.name == again.data.name
    change_label(database, next(iter(read_every(database, mine.key))).key, 9, mine.key)
    other = prepare_lesson(database, settings, mine, small)
    assert len({first.data.name, other.data.name}) == len(named_sets.names(settings)) == 2
    assert other.data.name.startswith("mine-")


def test_of_few_digits_none_is_kept_aside(database: Database, settings: Settings, small: Digits) -> None:
    made = make_own_set(database, "few", "")
    write_ones_and_sevens(database, 12, made.key)
    assert prepare_lesson(database, settings, made, small).spec.validation_split == 0


@pytest.mark.parametrize("count", [0, 9])
def test_too_few_digits_teach_nothing(database: Database, settings: Settings, small: Digits, count: int) -> None:
    made = make_own_set(database, "few", "")
    write_ones_and_sevens(database, count, made.key)
    with pytest.raises(DataError, match=f"^The set few has {count} digits with a label; needed are 10"):
        prepare_lesson(database, settings, made, small)
    assert named_sets.names(settings) == ()


def test_the_lessons_of_a_set_are_found_and_no_other_runs(
    database: Database, settings: Settings, mine: OwnSet, small: Digits
) -> None:
    spec = prepare_lesson(database, settings, mine, small).spec
    first, second = (queue.submit(database, spec) for _ in range(2))
    queue.submit(database, replace(spec, data="mine-else"))
    queue.submit(database, replace(spec, data="minen-01234567"))
    assert [run.id for run in find_lessons(database, mine)] == [second.id, first.id]
