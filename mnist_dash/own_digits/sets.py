"""Sets of own digits: each has a name, which its link bears, and an owner, where somebody says who that is.

A set is known by its key, which stays when it is renamed. The one that Sketch saves to is always there.
"""

import time
import uuid
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from mnist_dash.data.store.named_sets import check_free
from mnist_dash.errors import DataError
from mnist_dash.own_digits.records import clean_name
from mnist_dash.store import tables
from mnist_dash.store.database import Database

SKETCH = tables.SKETCH
"""The key of the set that Sketch saves to."""
_sets, _digits = tables.own_sets, tables.own_digits


@dataclass(frozen=True, slots=True)
class OwnSet:
    """A set of so many own `digits`; `owner` is empty where nobody is named, `created` are seconds since 1970."""

    key: str
    name: str
    owner: str
    created: float
    digits: int


def list_sets(database: Database) -> list[OwnSet]:
    """All sets: the one of Sketch, then the others by their names."""
    count = select(func.count()).where(_digits.c.set_key == _sets.c.key).scalar_subquery()
    query = select(_sets, count.label("digits")).order_by(_sets.c.key != SKETCH, _sets.c.name)
    with database.read() as connection:
        return [OwnSet(**row) for row in connection.execute(query).mappings()]


def find_set(database: Database, name: str) -> OwnSet:
    """The set of that name; raises DataError with those that there are."""
    sets = {found.name: found for found in list_sets(database)}
    if name not in sets:
        there = ", ".join(sets)
        raise DataError(f"There is no set of own digits {name[:80]!r}; there are {there}. Choose one of them.")
    return sets[name]


def make_own_set(database: Database, name: str, owner: str = "") -> OwnSet:
    """A new set without digits; raises DataError for a name that is not allowed or taken."""
    made = OwnSet(uuid.uuid4().hex, name, clean_name(owner, "owner"), time.time(), 0)
    with database.write() as connection:
        _check_name(connection, name)
        row = {"key": made.key, "name": name, "owner": made.owner, "created": made.created}
        connection.execute(insert(_sets).values(row))
    return made


def change_set(database: Database, key: str, name: str, owner: str) -> None:
    """Give a set another name and owner; raises DataError where that cannot be."""
    owner = clean_name(owner, "owner")
    with database.write() as connection:
        check_there(connection, key)
        _check_name(connection, name, but=key)
        connection.execute(update(_sets).where(_sets.c.key == key).values(name=name, owner=owner))


def delete_own_set(database: Database, key: str) -> int:
    """Delete a set with all its digits for good; how many there were. Sketch's set stays, without any.

    Raises DataError where it is gone already. Whoever reads it at this moment reads it whole.
    """
    with database.write() as connection:
        check_there(connection, key)
        gone = connection.execute(delete(_digits).where(_digits.c.set_key == key)).rowcount
        if key != SKETCH:
            connection.execute(delete(_sets).where(_sets.c.key == key))
    return gone


def check_there(connection: Connection, key: str) -> None:
    """Raise DataError where there is no set with that key."""
    if connection.scalar(select(_sets.c.key).where(_sets.c.key == key)) is None:
        raise DataError("This set of own digits is not there any more: it was deleted meanwhile. Choose another one.")


def _check_name(connection: Connection, name: str, but: str = "") -> None:
    taken = set(connection.scalars(select(_sets.c.name).where(_sets.c.key != but)))
    check_free(name, taken, "set of own digits")
