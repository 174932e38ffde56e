"""The digits that people wrote and labelled themselves: kept, counted, taken back, and made a data set.

The same ink at the same place is kept once in a set, whoever labels it how often; what is saved last counts. Where no
set is named, it is Sketch's. Whatever changes a digit raises NotAllowedError where neither it nor its set is theirs.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from mnist_dash.data.dataset import SIDE, Dataset, Digits
from mnist_dash.data.io.discovery import TEST_SHARE, hold_out
from mnist_dash.data.store import named_sets
from mnist_dash.errors import DataError
from mnist_dash.own_digits.records import Answer, OwnDigit, Saved, Source, Standing, sign
from mnist_dash.own_digits.sets import SKETCH, check_may_add, check_may_change_digit, check_there
from mnist_dash.settings import Settings
from mnist_dash.sketch.mnist_preprocessing import Step
from mnist_dash.store import own_tables, tables
from mnist_dash.store.database import Database
from mnist_dash.users import User, check_may_train

_table = own_tables.own_digits
_BRIEF = [column for column in _table.c if column.name != "strokes"]
_LABELLED = (_table.c.label.is_not(None),)
_OF_DIGIT = ("key", "label", "created", "source", "program", "ink", "strokes", "writer", "seconds", "account")
NO_DIGIT = -1
"""The label, as `Which` has it, of what is no digit."""


@dataclass(frozen=True, slots=True)
class Which:
    """Some digits of a set: those with a label, all where it is None; those alone that were read otherwise."""

    set_key: str = SKETCH
    label: int | None = None
    misread: bool = False


def save(database: Database, digit: OwnDigit, set_key: str = SKETCH) -> Saved:
    """Keep a digit in a set; the same one with an earlier label is replaced. Raises DataError where the set is gone."""
    with database.write() as connection:
        check_may_add(connection, database.user, set_key)
        digit = sign(digit, database.user)
        before = _find_own(connection, database.user, set_key, digit.key)
        _put(connection, set_key, digit)
    return Saved(digit, before if before and before.label != digit.label else None)


def keep_once(database: Database, digit: OwnDigit, set_key: str) -> OwnDigit | None:
    """Keep a digit that is new to a set. Where the same ink is there already nothing changes: that digit is answered.

    Raises DataError where the set is gone.
    """
    with database.write() as connection:
        check_may_add(connection, database.user, set_key)
        return add_once(connection, set_key, sign(digit, database.user))


def add_once(connection: Connection, set_key: str, digit: OwnDigit) -> OwnDigit | None:
    """As `keep_once`, as a part of the caller's transaction, who has seen that it may be added."""
    there = _find(connection, set_key, digit.key)
    if there is None:
        _put(connection, set_key, digit)
    return there


def keep_all(database: Database, digits: Iterable[OwnDigit], set_key: str) -> int:
    """Keep all digits that are new to a set, or none where something fails; how many were new.

    Raises DataError where the set is gone.
    """
    with database.write() as connection:
        check_may_add(connection, database.user, set_key)
        return sum(add_once(connection, set_key, sign(digit, database.user)) is None for digit in digits)


def undo(database: Database, saved: Saved, set_key: str = SKETCH) -> bool:
    """Take a saving back: the earlier label holds again, or the digit goes. What was saved since stays: then False."""
    with database.write() as connection:
        now = _find_own(connection, database.user, set_key, saved.digit.key)
        if now is None or (now.created, now.label) != (saved.digit.created, saved.digit.label):
            return False
        connection.execute(delete(_table).where(*_at(set_key, saved.digit.key)))
        if saved.before:
            _put(connection, set_key, saved.before)
    return True


def change_label(database: Database, key: str, label: int | None, set_key: str = SKETCH) -> Saved:
    """Give a digit another label; when it was saved stays as it was. Raises DataError where it is gone."""
    with database.write() as connection:
        before = _find_own(connection, database.user, set_key, key)
        if before is None:
            raise DataError("This digit is not there any more: it was deleted meanwhile. Choose another one.")
        connection.execute(update(_table).where(*_at(set_key, key)).values(label=label))
    return Saved(replace(before, label=label), before)


def remove(database: Database, key: str, set_key: str = SKETCH) -> OwnDigit | None:
    """Delete the digit with that key; it as it was, None where it is gone already."""
    with database.write() as connection:
        there = _find_own(connection, database.user, set_key, key)
        connection.execute(delete(_table).where(*_at(set_key, key)))
    return there


def find(database: Database, key: str, set_key: str = SKETCH) -> OwnDigit | None:
    """The digit with that key; None where a set has none."""
    with database.read() as connection:
        return _find(connection, set_key, key)


def read_standing(database: Database, key: str | None, model: str) -> Standing:
    """What is known around the digit with that key in Sketch's set, and of the model of that name."""
    asked = select(_table.c.read == _table.c.label).where(
        _table.c.set_key == SKETCH, _table.c.model == model, _table.c.label.is_not(None), _table.c.without == ""
    )
    with database.read() as connection:
        are = connection.scalar(select(func.count()).where(_table.c.set_key == SKETCH)) or 0
        label = connection.execute(select(_table.c.label).where(*_at(SKETCH, key))).one_or_none()
        marks = list(connection.scalars(asked))
        name = connection.scalar(select(own_tables.own_sets.c.name).where(own_tables.own_sets.c.key == SKETCH)) or ""
    return Standing(are, label is not None, label.label if label else None, sum(map(bool, marks)), len(marks), name)


def count_by_label(database: Database, set_key: str = SKETCH) -> dict[int | None, int]:
    """How many digits of each label a set has; those that are no digit under None."""
    query = select(_table.c.label, func.count().label("images")).where(_table.c.set_key == set_key)
    with database.read() as connection:
        return {row.label: row.images for row in connection.execute(query.group_by(_table.c.label))}


def count_some(database: Database, which: Which) -> int:
    """How many such digits there are."""
    with database.read() as connection:
        return connection.scalar(select(func.count()).where(*_such(which))) or 0


def read_some(database: Database, which: Which, first: int, most: int) -> list[OwnDigit]:
    """A part of such digits, in the order of their labels and the newest of each first; without their strokes.

    What is no digit comes last.
    """
    order = _table.c.label.is_(None), _table.c.label, _table.c.created.desc(), _table.c.key
    # By their keys: of the others no picture is read.
    keys = select(_table.c.key).where(*_such(which)).order_by(*order).offset(first).limit(most)
    query = select(*_BRIEF).where(_table.c.set_key == which.set_key, _table.c.key.in_(keys)).order_by(*order)
    with database.read() as connection:
        return [_digit(row) for row in connection.execute(query)]


def read_every(database: Database, set_key: str = SKETCH) -> Iterator[OwnDigit]:
    """All digits of a set with everything that is known of them, in the order in which they were saved."""
    query = select(_table).where(_table.c.set_key == set_key)
    with database.read() as connection:
        for row in connection.execute(query.order_by(_table.c.created, _table.c.key)):
            yield _digit(row)


def digits_of(database: Database, set_key: str = SKETCH) -> Digits:
    """The digits of a set that have a label, in the order in which they were saved.

    Their writers are known where each of them says who wrote it.
    """
    query = select(_table.c.image, _table.c.label, _table.c.writer).where(*_such(Which(set_key)), *_LABELLED)
    with database.read() as connection:
        rows = connection.execute(query.order_by(_table.c.created, _table.c.key)).all()
    images = np.frombuffer(b"".join(row.image for row in rows), np.uint8).reshape(-1, SIDE, SIDE)
    numbers = {writer: number for number, writer in enumerate(dict.fromkeys(row.writer for row in rows))}
    writers = None if None in numbers or not rows else np.array([numbers[row.writer] for row in rows])
    return Digits(images, np.array([row.label for row in rows], np.uint8), writers)


def make_set(
    database: Database, settings: Settings, name: str, set_key: str = SKETCH, test: Digits | None = None
) -> Dataset:
    """Keep the own digits of this moment as a data set, the last seventh of each digit as its test images.

    Where `test` images are given, they are those, and all own digits are for training. A set of its own, since what
    runs have learnt from must not change. Raises DataError or SettingsError.
    """
    check_may_train(database.user)
    digits = digits_of(database, set_key)
    train, held = (digits, Digits(test.images, test.labels)) if test else hold_out(digits)
    different = len(np.unique(digits.labels))
    if different < 2 or not len(held):
        needed = "" if test else f", and one of them {TEST_SHARE} times, so that it can be held out for a test"
        raise DataError(
            f"There are {len(digits)} own digits with a label, {different} different ones; a set needs two different "
            f"ones{needed}. Save more of them."
        )
    origin = f"own digits, {len(digits):,} in all{', tested on images of another set' if test else ''}"
    return named_sets.save(settings, name, Dataset(name, train, held, origin), database.user)


def _such(which: Which) -> list[ColumnElement[bool]]:
    """The conditions that pick such digits."""
    conditions = [_table.c.set_key == which.set_key]
    if which.label is not None:
        conditions.append(_table.c.label.is_(None) if which.label == NO_DIGIT else _table.c.label == which.label)
    return [*conditions, _table.c.label != _table.c.read] if which.misread else conditions


def _at(set_key: str, key: str | None) -> tuple[ColumnElement[bool], ...]:
    return _table.c.set_key == set_key, _table.c.key == key


def _find(connection: Connection, set_key: str, key: str) -> OwnDigit | None:
    row = connection.execute(select(_table).where(*_at(set_key, key))).one_or_none()
    return _digit(row) if row else None


def _find_own(connection: Connection, user: User, set_key: str, key: str) -> OwnDigit | None:
    """The digit with that key, which this user may change; None where a set has none."""
    found = _find(connection, set_key, key)
    if found:
        check_may_change_digit(connection, user, set_key, found.account)
    return found


def _put(connection: Connection, set_key: str, digit: OwnDigit) -> None:
    check_there(connection, set_key)
    connection.execute(delete(_table).where(*_at(set_key, digit.key)))
    answer = digit.answer
    row = {name: getattr(digit, name) for name in _OF_DIGIT}
    row |= {name: getattr(answer, name) for name in ("model", "title", "run", "epoch", "read")}
    row |= {"without": " ".join(digit.without), "probabilities": json.dumps(answer.probabilities)}
    connection.execute(insert(_table).values(row | {"set_key": set_key, "image": digit.image.tobytes()}))


def _digit(row: tables.Columns) -> OwnDigit:
    return OwnDigit(
        key=row.key,
        label=row.label,
        image=np.frombuffer(row.image, np.uint8).reshape(SIDE, SIDE),
        ink=row.ink,
        strokes=getattr(row, "strokes", None),
        source=Source(row.source),
        without=tuple(map(Step, row.without.split())),
        answer=Answer(row.model, row.title, row.run, row.epoch, tuple(json.loads(row.probabilities))),
        created=row.created,
        program=row.program,
        writer=row.writer,
        seconds=row.seconds,
        account=row.account,
    )
