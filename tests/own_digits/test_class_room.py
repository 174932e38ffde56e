"""A class that fills one set: limits, balance, a class that is closed or gone, phones that send everything twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from mnist_dash.errors import DataError
from mnist_dash.own_digits import class_room
from mnist_dash.own_digits.class_room import (
    MOST,
    MOST_PHONES,
    ClassRoom,
    close_room,
    count_digits,
    count_phones,
    find_room,
    join,
    keep_from_phone,
    open_room,
    read_room,
)
from mnist_dash.own_digits.collection import count_by_label, digits_of, make_set, read_every, remove, save
from mnist_dash.own_digits.records import OwnDigit, label_digit
from mnist_dash.own_digits.sets import change_set, delete_own_set, make_own_set
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests.drawn import SEVEN, an_answer, drawing, sketch

pytestmark = pytest.mark.both_databases

DIGIT = label_digit(sketch(SEVEN), 7, an_answer(7), drawing(SEVEN))


def number(phone: int) -> str:
    """The number of a phone."""
    return f"{phone:032x}"


def a_digit(label: int, ink: int, writer: str | None = None) -> OwnDigit:
    """A digit whose ink nobody else has."""
    return replace(DIGIT, label=label, key=f"{ink:032x}", writer=writer)


@pytest.fixture
def room(database: Database) -> ClassRoom:
    """A class of which each phone may keep three digits."""
    return open_room(database, make_own_set(database, "class-7a").key, 3, named=True)


def write(database: Database, room: ClassRoom, phone: int, ink: int) -> str:
    """Write what a phone is asked for; what it has written so far."""
    asked = join(database, room.code, number(phone)).asked
    return keep_from_phone(database, room.code, a_digit(asked, ink), number(phone)).written


def test_a_class_is_known_by_a_code_that_stays(database: Database, room: ClassRoom) -> None:
    assert read_room(database, f" {room.code.lower()} ") == find_room(database, room.set_key) == room
    change_set(database, room.set_key, "class-7b", "")
    close_room(database, room.set_key)
    again = open_room(database, room.set_key, 5, named=False)
    assert again == replace(room, most=5, named=False)
    assert set(room.code) <= set("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")


@pytest.mark.usefixtures("room")
def test_a_set_without_a_class_has_none(database: Database) -> None:
    assert find_room(database, make_own_set(database, "other").key) is None
    with pytest.raises(DataError, match=r"There is no class 'NOBODY': .* Ask for the link anew"):
        read_room(database, "nobody")


@pytest.mark.parametrize("most", [0, -1, MOST + 1])
def test_a_limit_that_cannot_be_is_refused(database: Database, most: int) -> None:
    key = make_own_set(database, "mine").key
    with pytest.raises(DataError, match="allowed are 1 to 100"):
        open_room(database, key, most, named=True)
    assert find_room(database, key) is None


def test_a_phone_keeps_as_much_as_each_may_however_much_it_sends(database: Database, room: ClassRoom) -> None:
    for ink in range(3):
        write(database, room, 1, ink)
    for ink in range(3, 200):
        with pytest.raises(DataError, match="has kept 3 digits, as many as each may"):
            keep_from_phone(database, room.code, a_digit(0, ink), number(1))
    assert write(database, room, 2, 300)
    assert count_digits(database, room.set_key)[0] == 4
    assert count_phones(database, room.code) == 2


def test_what_is_deleted_gives_no_phone_more(database: Database, room: ClassRoom) -> None:
    for ink in range(3):
        write(database, room, 1, ink)
    for digit in list(read_every(database, room.set_key)):
        remove(database, digit.key, room.set_key)
    with pytest.raises(DataError, match="as many as each may"):
        keep_from_phone(database, room.code, a_digit(0, 9), number(1))


def test_what_is_sent_twice_is_kept_once_and_counted_once(database: Database, room: ClassRoom) -> None:
    first = keep_from_phone(database, room.code, a_digit(4, 1, "Ada"), number(1))
    close_room(database, room.set_key)
    # The answer was lost on its way: it is heard now, though the class was closed meanwhile.
    assert keep_from_phone(database, room.code, a_digit(4, 1, "Ada"), number(1)) == first
    assert (first.written, first.name, count_by_label(database, room.set_key)) == ("4", "Ada", {4: 1})


def test_the_drawing_of_another_phone_is_not_taken_again(database: Database, room: ClassRoom) -> None:
    keep_from_phone(database, room.code, a_digit(4, 1), number(1))
    with pytest.raises(DataError, match="in the set already"):
        keep_from_phone(database, room.code, a_digit(4, 1), number(2))
    assert count_phones(database, room.code) == 1


def test_two_tabs_of_a_phone_are_asked_for_the_same_and_share_its_limit(database: Database, room: ClassRoom) -> None:
    one, other = (join(database, room.code, number(1)) for _ in range(2))
    assert one == other
    keep_from_phone(database, room.code, a_digit(one.asked, 1), number(1))
    # The other tab still shows what it was asked for before: that is what was written there.
    after = keep_from_phone(database, room.code, a_digit(other.asked, 2), number(1))
    assert after.written == f"{one.asked}{one.asked}"
    assert write(database, room, 1, 3)
    with pytest.raises(DataError, match="as many as each may"):
        keep_from_phone(database, room.code, a_digit(0, 4), number(1))


def test_a_closed_class_takes_nothing_and_keeps_what_it_has(database: Database, room: ClassRoom) -> None:
    write(database, room, 1, 1)
    close_room(database, room.set_key)
    with pytest.raises(DataError, match="The class is closed"):
        keep_from_phone(database, room.code, a_digit(0, 2), number(1))
    assert not read_room(database, room.code).is_open
    open_room(database, room.set_key, 3, named=True)
    assert len(write(database, room, 1, 2)) == 2


def test_a_set_that_is_deleted_takes_its_class_along(database: Database, room: ClassRoom) -> None:
    write(database, room, 1, 1)
    delete_own_set(database, room.set_key)
    with pytest.raises(DataError, match="There is no class"):
        keep_from_phone(database, room.code, a_digit(0, 2), number(1))
    with pytest.raises(DataError, match="There is no class"):
        join(database, room.code, number(2))
    assert count_phones(database, room.code) == 0


def test_a_class_may_stay_open_while_its_digits_are_trained_on(
    database: Database, room: ClassRoom, settings: Settings
) -> None:
    for label in range(10):
        save(database, a_digit(label, 100 + label), room.set_key)
    made = make_set(database, settings, "snapshot", room.set_key, digits_of(database, room.set_key))
    write(database, room, 1, 1)
    delete_own_set(database, room.set_key)
    assert len(made.train) == 10


def test_there_are_no_more_phones_than_a_class_takes(
    database: Database, room: ClassRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_PHONES >= 200
    monkeypatch.setattr(class_room, "MOST_PHONES", 2)
    for phone in range(2):
        join(database, room.code, number(phone))
    with pytest.raises(DataError, match="2 phones are in this class"):
        join(database, room.code, number(2))
    # Who is in stays in.
    assert write(database, room, 1, 1)


@pytest.mark.parametrize("phone", ["", "x" * 32, "0" * 31, "0" * 5_000, "0" * 32 + "\n", "Ｏ" * 32])
def test_what_is_no_number_of_a_phone_is_refused(database: Database, room: ClassRoom, phone: str) -> None:
    with pytest.raises(DataError, match="no number of a phone"):
        join(database, room.code, phone)


def test_phones_that_come_at_once_are_asked_for_all_ten_digits(database: Database, room: ClassRoom) -> None:
    asked = Counter(join(database, room.code, number(phone)).asked for phone in range(40))
    assert asked == dict.fromkeys(range(10), 4)


def test_a_class_is_asked_for_what_is_rarest(database: Database, room: ClassRoom) -> None:
    for ink in range(60):
        save(database, a_digit(ink % 6, 1_000 + ink), room.set_key)
    assert {join(database, room.code, number(phone)).asked for phone in range(4)} == {6, 7, 8, 9}


def test_many_phones_write_at_once_and_nothing_is_lost(settings: Settings, database: Database) -> None:
    room = open_room(database, make_own_set(database, "mine").key, 10, named=False)

    def fill(phone: int) -> str:
        with open_database(settings) as own:
            return [write(own, room, phone, 100 * phone + ink) for ink in range(10)][-1]

    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(fill, range(20)))
    # Each has written each digit once, and all together as much of each.
    assert [sorted(labels) for labels in written] == [list("0123456789")] * 20
    assert count_by_label(database, room.set_key) == dict.fromkeys(range(10), 20)
    assert count_phones(database, room.code) == 20
