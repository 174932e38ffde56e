"""A class that fills one set at once, each from a phone: who may write how much, and what each phone is asked for.

A class is known by its code, which its link bears, and a phone by a number that its browser has drawn and keeps. So
the limit of a phone holds over reloads and in all its tabs. It does not hold for whoever clears what the browser keeps,
or opens a private window: that is another phone. How many phones there may be bounds what a script can do.
"""

import re
import secrets
import time
from dataclasses import asdict, dataclass, replace
from zlib import crc32

from sqlalchemy import Connection, func, insert, select, update

from mnist_dash.data.dataset import CLASSES
from mnist_dash.errors import DataError
from mnist_dash.own_digits.asking import choose_for_phone
from mnist_dash.own_digits.collection import add_once
from mnist_dash.own_digits.records import OwnDigit, sign
from mnist_dash.own_digits.sets import check_may_change_set
from mnist_dash.store import own_tables, tables
from mnist_dash.store.database import Database

USUAL, MOST = 10, 100
"""Digits that a phone may keep: where nothing else is chosen, and at most."""
MOST_PHONES = 500
"""Phones in one class: two and a half times those of a large lecture."""
BUSY = 90.0
"""Seconds for which a phone is taken to write what it is asked for."""
PHONE = re.compile(r"[0-9a-f]{32}")
"""What a phone's number looks like."""
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Those that nobody takes for others."""
_CODE = 6
_rooms, _phones, _sets, _digits = (
    own_tables.class_rooms,
    own_tables.class_phones,
    own_tables.own_sets,
    own_tables.own_digits,
)


@dataclass(frozen=True, slots=True)
class ClassRoom:
    """A class that writes into a set: `most` digits from each phone, with first names where it is `named`."""

    code: str
    set_key: str
    most: int
    named: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone in a class: who writes, the digit that it is `asked` for, and those that it has `written`, as "7314".

    `latest` is the key of the last one.
    """

    phone: str
    name: str
    asked: int
    written: str
    latest: str | None


def open_room(database: Database, set_key: str, most: int, *, named: bool) -> ClassRoom:
    """Let a class write into a set, or let it go on with other limits; its code stays.

    Raises DataError, and NotAllowedError where the set is somebody else's.
    """
    if most not in range(1, MOST + 1):
        raise DataError(f"Each phone may keep {most} digits; allowed are 1 to {MOST}. Choose such a limit.")
    with database.write() as connection:
        check_may_change_set(connection, database.user, set_key)
        values = {"most": most, "named": named, "is_open": True}
        there = connection.execute(update(_rooms).where(_rooms.c.set_key == set_key).values(values)).rowcount
        if not there:
            code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE))
            connection.execute(insert(_rooms).values(code=code, set_key=set_key, created=time.time(), **values))
        return _room(connection.execute(select(_rooms).where(_rooms.c.set_key == set_key)).one())


def close_room(database: Database, set_key: str) -> None:
    """Take no more digits; what was kept stays, and the class can be opened again. Raises as `open_room`."""
    with database.write() as connection:
        # A set that was deleted meanwhile has taken its class with it.
        if connection.scalar(select(_rooms.c.code).where(_rooms.c.set_key == set_key)):
            check_may_change_set(connection, database.user, set_key)
            connection.execute(update(_rooms).where(_rooms.c.set_key == set_key).values(is_open=False))


def find_room(database: Database, set_key: str) -> ClassRoom | None:
    """The class that writes into a set; None where there was never one."""
    with database.read() as connection:
        row = connection.execute(select(_rooms).where(_rooms.c.set_key == set_key)).one_or_none()
        return _room(row) if row else None


def read_room(database: Database, code: str) -> ClassRoom:
    """The class with that code, however it is written; raises DataError where there is none."""
    with database.read() as connection:
        return _read_room(connection, code.strip().upper())


def count_phones(database: Database, code: str) -> int:
    """How many phones have kept a digit in a class."""
    query = select(func.count()).where(_phones.c.code == code, _phones.c.written != "")
    with database.read() as connection:
        return connection.scalar(query) or 0


def count_digits(database: Database, set_key: str) -> tuple[int, float]:
    """How many digits a set has, and when the newest was kept: as long as both stay, so do its pictures."""
    query = select(func.count(), func.max(_digits.c.created)).where(_digits.c.set_key == set_key)
    with database.read() as connection:
        count, newest = connection.execute(query).one()
    return count, newest or 0.0


def join(database: Database, code: str, phone: str) -> Phone:
    """The phone of that number in a class, which is asked for a digit from now on.

    Raises DataError where the class is gone or full, or where that is no number of a phone.
    """
    with database.read() as connection:
        there = _find_phone(connection, code, phone)
    if there:
        return there
    with database.write() as connection:
        return _find_phone(connection, code, phone) or _add_phone(connection, code, phone)


def keep_from_phone(database: Database, code: str, digit: OwnDigit, phone: str) -> Phone:
    """Keep a digit in the set of a class, and ask its phone for the next one; once, however often it comes.

    Raises DataError, with nothing kept, where the class is closed or gone, where the phone has written all that it may,
    and where the same drawing of another phone is there.
    """
    with database.write() as connection:
        room = _read_room(connection, code)
        known = _find_phone(connection, code, phone) or _add_phone(connection, code, phone)
        if known.latest == digit.key:
            # It has not heard of it, and sent it once more.
            return known
        _check_may_write(room, known)
        if add_once(connection, room.set_key, sign(digit, database.user)) is not None:
            raise DataError("This very drawing is in the set already. Write the digit anew.")
        written = f"{known.written}{digit.label}"
        after = replace(known, name=digit.writer or "", written=written, latest=digit.key)
        after = replace(after, asked=_choose(connection, room, after))
        values = {**asdict(after), "seen": time.time()}
        connection.execute(update(_phones).where(_phones.c.code == code, _phones.c.phone == phone).values(values))
    return after


def _check_may_write(room: ClassRoom, phone: Phone) -> None:
    if not room.is_open:
        raise DataError("The class is closed: no more digits are taken. What was kept before stays.")
    if len(phone.written) >= room.most:
        raise DataError(f"This phone has kept {len(phone.written)} digits, as many as each may. Thank you!")


def _add_phone(connection: Connection, code: str, phone: str) -> Phone:
    room = _read_room(connection, code)
    if not PHONE.fullmatch(phone):
        raise DataError(f"{phone[:40]!r} is no number of a phone; 32 of 0–9 and a–f are. Open the link anew.")
    if (connection.scalar(select(func.count()).where(_phones.c.code == code)) or 0) >= MOST_PHONES:
        raise DataError(f"{MOST_PHONES} phones are in this class, as many as there may be. Ask for a second class.")
    new = Phone(phone, "", 0, "", None)
    new = replace(new, asked=_choose(connection, room, new))
    connection.execute(insert(_phones).values({**asdict(new), "code": code, "seen": time.time()}))
    return new


def _choose(connection: Connection, room: ClassRoom, phone: Phone) -> int:
    of_set, of_each = _digits.c.set_key == room.set_key, func.count().label("digits")
    rows = connection.execute(select(_digits.c.label, of_each).where(of_set).group_by(_digits.c.label)).all()
    there = {row.label: row.digits for row in rows}
    busy = _phones.c.seen > time.time() - BUSY, _phones.c.phone != phone.phone
    asked = connection.scalars(select(_phones.c.asked).where(_phones.c.code == room.code, *busy)).all()
    counts, written = [there.get(digit, 0) for digit in range(CLASSES)], [int(label) for label in phone.written]
    return choose_for_phone(counts, asked, written, crc32(phone.phone.encode()))


def _read_room(connection: Connection, code: str) -> ClassRoom:
    row = connection.execute(select(_rooms).where(_rooms.c.code == code)).one_or_none()
    if row is None:
        told = f"There is no class {code[:20]!r}: it has ended, or its code is another. Ask for the link anew."
        raise DataError(told)
    return _room(row)


def _room(row: tables.Columns) -> ClassRoom:
    return ClassRoom(row.code, row.set_key, row.most, row.named, row.is_open)


def _find_phone(connection: Connection, code: str, phone: str) -> Phone | None:
    row = connection.execute(select(_phones).where(_phones.c.code == code, _phones.c.phone == phone)).one_or_none()
    return Phone(row.phone, row.name, row.asked, row.written, row.latest) if row else None
