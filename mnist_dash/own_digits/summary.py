"""The own digits of a set in figures: what there is of each, how long they took, who wrote them, how they are read."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import select

from mnist_dash.data.dataset import CLASSES
from mnist_dash.own_digits.asking import Kept, Tally, make_tally
from mnist_dash.own_digits.collection import count_by_label
from mnist_dash.store import own_tables, tables
from mnist_dash.store.database import Database

LATEST = 500
"""Digits of a set, the newest, by which it is chosen what is asked for next."""
_table = own_tables.own_digits


@dataclass(frozen=True, slots=True)
class Hand:
    """Of one writer, empty where nobody is named: digits, minutes of writing, and median seconds where known."""

    writer: str
    digits: int
    minutes: float
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """A set in figures: `counts` and median `seconds` of each digit (10,), `others` that are no digit.

    `minutes` are those of all writing; of the `asked` digits that one model was asked about with no step left out, it
    read `right` as they are labelled.
    """

    counts: tuple[int, ...]
    seconds: tuple[float | None, ...]
    others: int
    minutes: float
    median: float | None
    right: int
    asked: int
    hands: tuple[Hand, ...]


def read_tally(database: Database, set_key: str) -> Tally:
    """What there is of each digit in a set, its pace and how sure the model is by the newest LATEST of them."""
    counts = count_by_label(database, set_key)
    query = select(_table.c.label, _table.c.seconds, _table.c.probabilities).where(
        _table.c.set_key == set_key, _table.c.label.is_not(None)
    )
    with database.read() as connection:
        rows = connection.execute(query.order_by(_table.c.created.desc()).limit(LATEST)).all()
    kept = [Kept(row.label, row.seconds, float(json.loads(row.probabilities)[row.label])) for row in rows]
    return make_tally([counts.get(digit, 0) for digit in range(CLASSES)], kept)


def summarise_set(database: Database, set_key: str, model: str) -> Summary:
    """All digits of a set in figures, and how the model of that name reads them."""
    columns = (_table.c.label, _table.c.seconds, _table.c.writer, _table.c.read, _table.c.model, _table.c.without)
    with database.read() as connection:
        rows = connection.execute(select(*columns).where(_table.c.set_key == set_key)).all()
    counts = Counter(row.label for row in rows)
    seconds = [[row.seconds for row in rows if row.label == digit and row.seconds] for digit in range(CLASSES)]
    asked = [row for row in rows if row.label is not None and row.model == model and not row.without]
    return Summary(
        tuple(counts.get(digit, 0) for digit in range(CLASSES)),
        tuple(map(_median, seconds)),
        counts.get(None, 0),
        sum(row.seconds or 0.0 for row in rows) / 60,
        _median([row.seconds for row in rows if row.seconds]),
        sum(row.read == row.label for row in asked),
        len(asked),
        tuple(_summarise_hand(writer, rows) for writer in sorted({row.writer or "" for row in rows})),
    )


def _summarise_hand(writer: str, rows: Sequence[tables.Columns]) -> Hand:
    of_them = [row for row in rows if (row.writer or "") == writer]
    seconds = [row.seconds for row in of_them if row.seconds]
    return Hand(writer, len(of_them), sum(seconds) / 60, _median(seconds))


def _median(values: Sequence[float]) -> float | None:
    return median(values) if values else None
