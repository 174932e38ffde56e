"""A database of schema version 7, whose own digits knew no sets, is opened with all of them in Sketch's set."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.own_digits.collection import count_by_label, read_every, save
from mnist_dash.own_digits.records import OwnDigit, label_digit
from mnist_dash.own_digits.sets import SKETCH, list_sets, make_own_set
from mnist_dash.runs.queries import runs_of
from mnist_dash.settings import Settings
from mnist_dash.store import migration
from mnist_dash.store.database import Database
from tests.drawn import ONE, SEVEN, an_answer, drawing, sketch
from tests.store.conftest import write_old
from tests.store.test_migration_from_4 import RUN
from tests.store.test_migration_from_6 import SCHEMA_6

# As the program wrote it at that version: a table more.
SCHEMA_7 = f"""{SCHEMA_6.replace("INSERT INTO version VALUES (6)", "INSERT INTO version VALUES (7)")}
CREATE TABLE votes (
    name VARCHAR(40) NOT NULL, created FLOAT NOT NULL, members TEXT NOT NULL, PRIMARY KEY (name)
);
DELETE FROM own_digits;
"""  # noqa: S608
KEPT = [
    label_digit(sketch(SEVEN), 4, an_answer(7, "3:best", 3, 2), drawing(SEVEN)),
    label_digit(sketch(ONE), None, an_answer(1)),
]


def _row(digit: OwnDigit) -> tuple[object, ...]:
    """A digit as the program of that version wrote it."""
    answer = digit.answer
    known = (digit.key, digit.label, digit.created, str(digit.source), "", digit.program)
    said = (answer.model, answer.title, answer.run, answer.epoch, answer.read, str(list(answer.probabilities)))
    return (*known, *said, digit.image.tobytes(), digit.ink, digit.strokes)


@pytest.fixture
def path(settings: Settings) -> Path:
    """The file of a database of schema version 7 with a run and two own digits."""
    run = {"score" if name == "figures" else name: value for name, value in RUN.items()}
    path = write_old(settings, SCHEMA_7, run)
    with closing(sqlite3.connect(path)) as connection, connection:
        for digit in KEPT:
            connection.execute(f"INSERT INTO own_digits VALUES ({', '.join('?' * 15)})", _row(digit))  # noqa: S608
    return path


def test_every_digit_is_in_the_set_of_sketch_with_all_that_was_known(migrated: Database) -> None:
    assert [(one.key, one.name, one.owner, one.digits) for one in list_sets(migrated)] == [
        (SKETCH, "own-digits", "", 2)
    ]
    for found, kept in zip(read_every(migrated), KEPT, strict=True):
        assert (found.key, found.label, found.created, found.strokes) == (
            kept.key,
            kept.label,
            kept.created,
            kept.strokes,
        )
        assert (found.answer, found.ink, found.writer, found.seconds) == (kept.answer, kept.ink, None, None)
        assert np.array_equal(found.image, kept.image)
    assert len(runs_of(migrated)) == 1


def test_the_same_ink_may_stand_in_another_set_now(migrated: Database) -> None:
    other = make_own_set(migrated, "mine")
    save(migrated, KEPT[0], other.key)
    assert (count_by_label(migrated), count_by_label(migrated, other.key)) == ({4: 1, None: 1}, {4: 1})


def test_a_database_that_has_the_sets_already_is_left_alone(migrated: Database) -> None:
    with migrated.write() as connection:
        migration.upgrade(connection, 7)
    assert count_by_label(migrated) == {4: 1, None: 1}
