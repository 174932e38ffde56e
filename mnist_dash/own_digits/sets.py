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
from mnist_dash.store import own_tables, tables
from mnist_dash.store.database import Database
from mnist_dash.users import User, check_may_change, check_may_train

SKETCH = own_tables.SKETCH
"""The key of the set that Sketch saves to."""
_sets, _digits = own_tables.own_sets, own_tables.own_digits


@dataclass(frozen=True, slots=True)
class OwnSet:
    """A set of so many own `digits`; `created` are seconds since 1970.

    `owner` is whom people say it is of, empty where nobody is named; `account` whose it is, where people sign in.
    """

    key: str
    name: str
    owner: str
    created: float
    digits: int
    account: str = ""


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
    """A new set without digits; of whoever is signed in, else of whom `owner` names.

    Raises DataError for a name that is not allowed or taken, and NotAllowedError where whoever asks may keep nothing.
    """
    user = database.user
    check_may_train(user)
    owner = user.name if user.account else clean_name(owner, "owner")
    made = OwnSet(uuid.uuid4().hex, name, owner, time.time(), 0, user.account)
    with database.write() as connection:
        _check_name(connection, name)
        row = {"key": made.key, "name": name, "owner": made.owner, "created": made.created}
        row["account"] = made.account
        connection.execute(insert(_sets).values(row))
    return made


def change_set(database: Database, key: str, name: str, owner: str) -> None:
    """Give a set another name and owner; where people sign in its owner stays.

    Raises DataError where that cannot be, and NotAllowedError where it is somebody else's.
    """
    owner = "" if database.user.account else clean_name(owner, "owner")
    with database.write() as connection:
        before = check_may_change_set(connection, database.user, key)
        owner = before.owner if database.user.account else owner
        _check_name(connection, name, but=key)
        connection.execute(update(_sets).where(_sets.c.key == key).values(name=name, owner=owner))


def delete_own_set(database: Database, key: str) -> int:
    """Delete a set with all its digits for good; how many there were. Sketch's set stays, without any.

    Raises DataError where it is gone already, and NotAllowedError where it is somebody else's. Whoever reads it at this
    moment reads it whole.
    """
    with database.write() as connection:
        check_may_change_set(connection, database.user, key)
        gone = connection.execute(delete(_digits).where(_digits.c.set_key == key)).rowcount
        if key != SKETCH:
            connection.execute(delete(_sets).where(_sets.c.key == key))
    return gone


def check_there(connection: Connection, key: str) -> tables.Columns:
    """The row of the set with that key; raises DataError where there is none."""
    row = connection.execute(select(_sets).where(_sets.c.key == key)).one_or_none()
    if row is None:
        raise DataError("This set of own digits is not there any more: it was deleted meanwhile. Choose another one.")
    return row


def check_may_change_set(connection: Connection, user: User, key: str) -> tables.Columns:
    """The row of the set with that key; raises NotAllowedError where it is somebody else's, or as `check_there`."""
    row = check_there(connection, key)
    check_may_change(user, f"The set {row.name}", row.account, row.owner)
    return row


def check_may_add(connection: Connection, user: User, key: str) -> None:
    """Raise NotAllowedError where this user may add no digits to a set; Sketch's takes those of all who may train."""
    if key == SKETCH:
        check_may_train(user)
    else:
        check_may_change_set(connection, user, key)


def check_may_change_digit(connection: Connection, user: User, key: str, account: str) -> None:
    """Raise NotAllowedError where a digit of that account in a set is neither this user's nor the set theirs."""
    if not account or account != user.account:
        check_may_change_set(connection, user, key)
    check_may_train(user)


def _check_name(connection: Connection, name: str, but: str = "") -> None:
    taken = set(connection.scalars(select(_sets.c.name).where(_sets.c.key != but)))
    check_free(name, taken, "set of own digits")
