"""The digits that people wrote and labelled themselves: kept, counted, taken back, and made a data set.

The same ink at the same place is kept once, whoever labels it how often; what is saved last counts.
"""

import json
from collections.abc import Iterator

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select

from mnist_dash.data.dataset import SIDE, Dataset, Digits
from mnist_dash.data.io.discovery import hold_out
from mnist_dash.data.store import named_sets
from mnist_dash.errors import DataError
from mnist_dash.own_digits.records import Answer, OwnDigit, Saved, Source, Standing
from mnist_dash.settings import Settings
from mnist_dash.sketch.mnist_preprocessing import Step
from mnist_dash.store import tables
from mnist_dash.store.database import Database

_table = tables.own_digits


def save(database: Database, digit: OwnDigit) -> Saved:
    """Keep a digit; the same one with an earlier label is replaced."""
    with database.write() as connection:
        before = _of(connection, digit.key)
        _put(connection, digit)
    return Saved(digit, before if before and before.label != digit.label else None)


def undo(database: Database, saved: Saved) -> None:
    """Take a saving back: the earlier label holds again, or the digit goes. What was saved since stays."""
    with database.write() as connection:
        now = _of(connection, saved.digit.key)
        if now is None or now.created != saved.digit.created:
            return
        connection.execute(delete(_table).where(_table.c.key == saved.digit.key))
        if saved.before:
            _put(connection, saved.before)


def remove(database: Database, key: str) -> None:
    """Delete the digit with that key, if it is there."""
    with database.write() as connection:
        connection.execute(delete(_table).where(_table.c.key == key))


def read_standing(database: Database, key: str | None, model: str) -> Standing:
    """What is known around the digit with that key, and of the model of that name."""
    asked = select(_table.c.read == _table.c.label).where(
        _table.c.model == model, _table.c.label.is_not(None), _table.c.without == ""
    )
    with database.read() as connection:
        are = connection.scalar(select(func.count()).select_from(_table)) or 0
        label = connection.execute(select(_table.c.label).where(_table.c.key == key)).one_or_none()
        marks = list(connection.scalars(asked))
    return Standing(are, label is not None, label.label if label else None, sum(map(bool, marks)), len(marks))


def count_by_label(database: Database) -> dict[int | None, int]:
    """How many own digits there are of each label; those that are no digit under None."""
    with database.read() as connection:
        rows = connection.execute(select(_table.c.label, func.count().label("images")).group_by(_table.c.label))
        return {row.label: row.images for row in rows}


def read_newest(database: Database, most: int) -> list[OwnDigit]:
    """The own digits that were saved last, the newest first; without their strokes, which can be long."""
    columns = [column for column in _table.c if column.name != "strokes"]
    with database.read() as connection:
        rows = connection.execute(select(*columns).order_by(_table.c.created.desc(), _table.c.key).limit(most)).all()
    return [_digit(row) for row in rows]


def read_every(database: Database) -> Iterator[OwnDigit]:
    """All own digits with everything that is known of them, in the order in which they were saved."""
    with database.read() as connection:
        for row in connection.execute(select(_table).order_by(_table.c.created, _table.c.key)):
            yield _digit(row)


def digits_of(database: Database) -> Digits:
    """All own digits that have a label, in the order in which they were saved."""
    query = select(_table.c.image, _table.c.label).where(_table.c.label.is_not(None))
    with database.read() as connection:
        rows = connection.execute(query.order_by(_table.c.created, _table.c.key)).all()
    images = np.frombuffer(b"".join(row.image for row in rows), np.uint8).reshape(-1, SIDE, SIDE)
    return Digits(images, np.array([row.label for row in rows], np.uint8))


def make_set(database: Database, settings: Settings, name: str) -> Dataset:
    """Keep the own digits of this moment as a data set, the last seventh of each digit as its test images.

    A set of its own, since what runs have learnt from must not change. Raises DataError or SettingsError.
    """
    digits = digits_of(database)
    train, test = hold_out(digits)
    different = len(np.unique(digits.labels))
    if not len(test) or different < 2:
        raise DataError(
            f"There are {len(digits)} own digits with a label, {different} different ones; a set needs two different "
            "ones, and one of them 7 times, so that it can be held out for a test. Save more of them."
        )
    return named_sets.save(settings, name, Dataset(name, train, test, f"own digits, {len(digits):,} in all"))


def _of(connection: Connection, key: str) -> OwnDigit | None:
    row = connection.execute(select(_table).where(_table.c.key == key)).one_or_none()
    return _digit(row) if row else None


def _put(connection: Connection, digit: OwnDigit) -> None:
    connection.execute(delete(_table).where(_table.c.key == digit.key))
    answer = digit.answer
    row = {name: getattr(digit, name) for name in ("key", "label", "created", "source", "program", "ink", "strokes")}
    row |= {name: getattr(answer, name) for name in ("model", "title", "run", "epoch", "read")}
    row |= {"without": " ".join(digit.without), "probabilities": json.dumps(answer.probabilities)}
    connection.execute(insert(_table).values(row | {"image": digit.image.tobytes()}))


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
    )
