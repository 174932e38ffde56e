"""A database of schema version 8, which knew no classes, is opened with all its own digits, and takes a class."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mnist_dash.own_digits.class_room import count_phones, find_room, join, keep_from_phone, open_room
from mnist_dash.own_digits.collection import count_by_label, read_every
from mnist_dash.own_digits.records import label_digit
from mnist_dash.own_digits.sets import SKETCH, list_sets
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.drawn import ONE, SEVEN, an_answer, drawing, sketch
from tests.store.conftest import write_old
from tests.store.test_migration_from_4 import RUN
from tests.store.test_migration_from_7 import SCHEMA_7

# As the program wrote it at that version: own digits in sets.
SCHEMA_8 = f"""{SCHEMA_7.replace("INSERT INTO version VALUES (7)", "INSERT INTO version VALUES (8)")}
DROP TABLE own_digits;
CREATE TABLE own_sets (
    "key" VARCHAR(32) NOT NULL, name VARCHAR(40) NOT NULL, owner TEXT DEFAULT '' NOT NULL, created FLOAT NOT NULL,
    PRIMARY KEY ("key"), UNIQUE (name)
);
CREATE TABLE own_digits (
    set_key VARCHAR(32) NOT NULL, "key" VARCHAR(32) NOT NULL, label INTEGER, created FLOAT NOT NULL,
    source VARCHAR(16) NOT NULL, without TEXT NOT NULL, program TEXT NOT NULL, writer TEXT, seconds FLOAT,
    model TEXT NOT NULL, title TEXT NOT NULL, run INTEGER, epoch INTEGER, read INTEGER NOT NULL,
    probabilities TEXT NOT NULL, image BLOB NOT NULL, ink BLOB NOT NULL, strokes TEXT, PRIMARY KEY (set_key, "key"),
    FOREIGN KEY(set_key) REFERENCES own_sets ("key") ON DELETE CASCADE
);
CREATE INDEX own_digits_of_a_model ON own_digits (set_key, model);
CREATE INDEX own_digits_in_order ON own_digits (set_key, label, created, read, "key");
INSERT INTO own_sets VALUES ('sketch', 'own-digits', '', 1.0);
INSERT INTO own_sets VALUES ('0123', 'class-7a', 'Ada', 2.0);
"""  # noqa: S608
KEPT = label_digit(sketch(SEVEN), 4, an_answer(7, "3:best", 3, 2), drawing(SEVEN))
NEW = label_digit(sketch(ONE), 1, an_answer(1), drawing(ONE))


@pytest.fixture
def path(settings: Settings) -> Path:
    """The file of a database of schema version 8 with two sets and a digit in the second."""
    run = {"score" if name == "figures" else name: value for name, value in RUN.items()}
    path, answer = write_old(settings, SCHEMA_8, run), KEPT.answer
    known = ("0123", KEPT.key, 4, KEPT.created, str(KEPT.source), "", KEPT.program, "Ada", 3.5)
    said = (answer.model, answer.title, answer.run, answer.epoch, answer.read, str(list(answer.probabilities)))
    row = (*known, *said, KEPT.image.tobytes(), KEPT.ink, KEPT.strokes)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"INSERT INTO own_digits VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
    return path


def test_every_set_is_kept_and_may_be_opened_for_a_class(migrated: Database) -> None:
    assert [(one.key, one.name, one.owner, one.digits) for one in list_sets(migrated)] == [
        (SKETCH, "own-digits", "", 0),
        ("0123", "class-7a", "Ada", 1),
    ]
    (digit,) = read_every(migrated, "0123")
    assert (digit.key, digit.label, digit.writer, digit.seconds, digit.answer) == (KEPT.key, 4, "Ada", 3.5, KEPT.answer)
    assert find_room(migrated, "0123") is None
    room = open_room(migrated, "0123", 10, named=True)
    phone = "0" * 32
    assert join(migrated, room.code, phone).asked != 4
    keep_from_phone(migrated, room.code, NEW, phone)
    assert count_by_label(migrated, "0123") == {1: 1, 4: 1}
    assert count_phones(migrated, room.code) == 1
