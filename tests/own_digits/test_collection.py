"""Own digits are kept whole or not at all, once each, and given back as they came."""

import signal
import sys
from dataclasses import fields, replace

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.data.store import named_sets
from mnist_dash.errors import DataError
from mnist_dash.own_digits.collection import (
    NO_DIGIT,
    Which,
    change_label,
    count_by_label,
    count_some,
    digits_of,
    keep_once,
    make_set,
    read_every,
    read_some,
    read_standing,
    remove,
    save,
    undo,
)
from mnist_dash.own_digits.records import OwnDigit, label_digit
from mnist_dash.own_digits.sets import SKETCH
from mnist_dash.settings import Settings
from mnist_dash.sketch.mnist_preprocessing import Step
from mnist_dash.store.database import Database, open_database
from tests.awaiting import deadline
from tests.conftest import Python
from tests.drawn import ONE, SEVEN, an_answer, drawing, sketch

pytestmark = pytest.mark.both_databases

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
SAVES = """
import os
import sys
from mnist_dash.store.database import open_database
from mnist_dash.own_digits.records import Answer, label_digit
from mnist_dash.own_digits.collection import save
from mnist_dash.own_digits.sets import SKETCH
from mnist_dash.settings import Settings
from tests.drawn import an_answer, drawing, sketch
database = open_database(Settings.from_environment(os.environ))
for i in range(100_000):
    stroke = [(40 + i % 200, 40 + i // 200), (150, 230)]
    print(save(database, label_digit(sketch(stroke), i % 10, an_answer(3), drawing(stroke))).digit.key, flush=True)
"""


def a_digit(label: int | None = 4, at: int = 0, read: int = 7, model: str = "cnn") -> OwnDigit:
    """A digit that was drawn so many pixels to the right, and read by a model."""
    points = [(x + at, y) for x, y in SEVEN]
    return label_digit(sketch(points), label, an_answer(read, model), drawing(points))


def _values(digit: OwnDigit) -> list[object]:
    values = [getattr(digit, field.name) for field in fields(digit)]
    return [value.tolist() if isinstance(value, np.ndarray) else value for value in values]


def test_a_digit_is_given_back_with_everything_by_another_process(settings: Settings, database: Database) -> None:
    saved = label_digit(sketch(SEVEN), 4, an_answer(7, "3:best", 3, 2), drawing(SEVEN, ONE), {Step.MARGIN})
    save(database, saved)
    with open_database(settings) as again:
        (found,) = read_every(again)
    assert _values(found) == _values(saved)


def test_the_same_drawing_is_kept_once(database: Database) -> None:
    assert save(database, a_digit(4)).before is None
    assert save(database, a_digit(4)).before is None
    assert count_by_label(database) == {4: 1}


def test_another_label_replaces_the_first(database: Database) -> None:
    save(database, a_digit(4))
    before = save(database, a_digit(9)).before
    assert before is not None
    assert before.label == 4
    assert count_by_label(database) == {9: 1}


def test_a_saving_is_taken_back(database: Database) -> None:
    undo(database, save(database, a_digit(4)))
    assert count_by_label(database) == {}


def test_a_changed_label_is_taken_back_to_the_earlier_one(database: Database) -> None:
    save(database, a_digit(4))
    undo(database, save(database, a_digit(9)))
    assert count_by_label(database) == {4: 1}


def test_what_was_saved_since_is_not_taken_back(database: Database) -> None:
    first = save(database, a_digit(4))
    save(database, a_digit(9))
    undo(database, first)
    assert count_by_label(database) == {9: 1}
    remove(database, first.digit.key)
    undo(database, first)
    assert count_by_label(database) == {}


def test_one_is_removed_and_the_others_stay(database: Database) -> None:
    first, _ = save(database, a_digit(4)), save(database, a_digit(None, at=20))
    remove(database, first.digit.key)
    assert count_by_label(database) == {None: 1}
    remove(database, "no such key")
    assert count_by_label(database) == {None: 1}


def test_they_become_digits_in_their_order_and_what_is_no_digit_is_left_out(database: Database) -> None:
    kept = [a_digit(4), a_digit(None, at=10), a_digit(1, at=20)]
    assert len(digits_of(database)) == 0
    for digit in kept:
        save(database, digit)
    digits = digits_of(database)
    assert digits.labels.tolist() == [4, 1]
    assert np.array_equal(digits.images, [kept[0].image, kept[2].image])


def test_the_newest_come_first_and_without_their_strokes(database: Database) -> None:
    kept = [save(database, a_digit(4, at=place)).digit.key for place in range(4)]
    found = read_some(database, Which(), 0, 3)
    assert [digit.key for digit in found] == kept[:0:-1]
    assert {digit.strokes for digit in found} == {None}


def test_a_new_label_keeps_when_the_digit_was_saved_and_is_taken_back(database: Database) -> None:
    digit = save(database, a_digit(4)).digit
    changed = change_label(database, digit.key, None)
    assert [(one.label, one.created) for one in read_every(database)] == [(None, digit.created)]
    assert undo(database, changed)
    assert [(one.label, one.created) for one in read_every(database)] == [(4, digit.created)]
    assert not undo(database, changed)


def test_a_deleted_digit_is_put_back_as_it_was(database: Database) -> None:
    save(database, replace(a_digit(4), writer="Ada", seconds=2.5))
    (before,) = read_every(database)
    gone = remove(database, before.key)
    assert gone is not None
    assert keep_once(database, gone, SKETCH) is None
    assert [_values(digit) for digit in read_every(database)] == [_values(before)]


def test_ink_that_is_there_already_is_not_kept_again_under_another_label(database: Database) -> None:
    assert keep_once(database, a_digit(4), SKETCH) is None
    there = keep_once(database, a_digit(9), SKETCH)
    assert there is not None
    assert there.label == 4
    assert count_by_label(database) == {4: 1}


def test_a_part_of_some_digits_comes_by_label_and_the_newest_first(database: Database) -> None:
    for place, (label, read) in enumerate([(7, 7), (4, 7), (7, 1), (None, 3), (4, 4), (7, 7)]):
        save(database, replace(a_digit(label, place, read), created=float(place)))
    found = read_some(database, Which(), 0, 9)
    assert [(digit.label, digit.created) for digit in found] == [(4, 4), (4, 1), (7, 5), (7, 2), (7, 0), (None, 3)]
    assert [digit.created for digit in read_some(database, Which(), 2, 2)] == [5, 2]
    assert [digit.created for digit in read_some(database, Which(label=7, misread=True), 0, 9)] == [2]
    assert [digit.created for digit in read_some(database, Which(label=NO_DIGIT), 0, 9)] == [3]
    assert [count_some(database, which) for which in (Which(), Which(misread=True), Which("other"))] == [6, 2, 0]


def test_writers_are_known_where_every_digit_names_its_own(database: Database) -> None:
    for place, writer in enumerate(["Ada", "Bea", "Ada"]):
        save(database, replace(a_digit(4, at=place), writer=writer))
    assert digits_of(database).writers is not None
    assert np.array_equal(digits_of(database).writers, [0, 1, 0])  # type: ignore[arg-type]
    save(database, a_digit(4, at=9))
    assert digits_of(database).writers is None


def test_ten_digits_become_a_set_that_is_tested_on_images_of_another(settings: Settings, database: Database) -> None:
    for place in range(2):
        save(database, a_digit(place, at=place))
    test = Digits(np.zeros((5, 28, 28), np.uint8), np.arange(5, dtype=np.uint8))
    made = make_set(database, settings, "ten", test=test)
    assert (len(made.train), len(made.test)) == (2, 5)
    assert "own digits, 2 in all, tested on images of another set" in made.origin
    with pytest.raises(DataError, match=r"0 different ones; a set needs two different ones\. Save more"):
        make_set(database, settings, "none", "other", test)


def test_a_digits_label_and_how_often_its_model_was_right_are_known(database: Database) -> None:
    for place, (label, read) in enumerate([(7, 7), (4, 7), (1, 1), (None, 3)]):
        save(database, a_digit(label, place, read))
    save(database, a_digit(7, at=30, model="3"))
    save(database, label_digit(sketch(ONE), 1, an_answer(1), drawing(ONE), {Step.CUT}))
    known = read_standing(database, a_digit(at=1).key, "cnn")
    assert (known.are, known.saved, known.label, known.right, known.asked) == (6, True, 4, 2, 3)
    known = read_standing(database, a_digit(at=3).key, "3")
    assert (known.saved, known.label, known.right, known.asked) == (True, None, 1, 1)
    known = read_standing(database, None, "none")
    assert (known.saved, known.right, known.asked) == (False, 0, 0)


def test_a_set_is_made_of_them_that_stays_as_it_is(settings: Settings, database: Database) -> None:
    for place in range(8):
        save(database, a_digit(1 if place == 7 else 4, at=place))
    made = make_set(database, settings, "mine")
    assert (len(made.train), len(made.test)) == (7, 1)
    save(database, a_digit(4, at=30))
    kept = named_sets.open_set(settings, "mine")
    assert (len(kept.train), len(kept.test)) == (7, 1)
    assert "own digits, 8 in all" in kept.origin


@pytest.mark.parametrize("labels", [(), (4,) * 6 + (1,), (4,) * 8])
def test_too_few_for_a_set_are_refused(settings: Settings, database: Database, labels: tuple[int, ...]) -> None:
    for place, label in enumerate(labels):
        save(database, a_digit(label, at=place))
    with pytest.raises(DataError, match=f"There are {len(labels)} own digits with a label"):
        make_set(database, settings, "mine")
    assert named_sets.names(settings) == ()


@on_posix
def test_a_kill_in_the_middle_loses_no_digit_and_leaves_no_half_one(database: Database, python: Python) -> None:
    for _ in range(3):
        child = python(SAVES)
        assert child.stdout is not None
        told = [child.stdout.readline().decode().strip() for _ in range(5)]
        child.send_signal(signal.SIGKILL)
        told += child.stdout.read().decode().split("\n")[:-1]
        child.wait(deadline())
        assert child.returncode == -signal.SIGKILL
        found = {digit.key: digit for digit in read_every(database)}
        assert set(told) <= set(found)
        assert all(digit.strokes and digit.image.any() and digit.answer.read == 3 for digit in found.values())
        if not database.is_shared:
            with database.read() as connection:
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert save(database, a_digit(4)).digit.label == 4
