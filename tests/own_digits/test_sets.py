"""Sets of own digits: named, found by their names, renamed, and deleted with all that is in them."""

import pytest

from mnist_dash.errors import DataError
from mnist_dash.own_digits.collection import (
    change_label,
    count_by_label,
    keep_once,
    read_every,
    remove,
    save,
    undo,
)
from mnist_dash.own_digits.sets import (
    SKETCH,
    change_set,
    delete_own_set,
    find_set,
    list_sets,
    make_own_set,
)
from mnist_dash.store.database import Database
from tests.own_digits.test_collection import a_digit

pytestmark = pytest.mark.both_databases


def test_the_set_of_sketch_is_there_from_the_first(database: Database) -> None:
    assert [(one.key, one.name, one.digits) for one in list_sets(database)] == [(SKETCH, "own-digits", 0)]


def test_a_set_is_made_found_and_listed_after_sketchs(database: Database) -> None:
    made = make_own_set(database, "ada", "  Ada Lovelace ")
    assert (made.name, made.owner) == ("ada", "Ada Lovelace")
    save(database, a_digit(4), made.key)
    assert [(one.name, one.digits) for one in list_sets(database)] == [("own-digits", 0), ("ada", 1)]
    assert find_set(database, "ada").key == made.key
    with pytest.raises(DataError, match="There is no set of own digits 'bea'; there are own-digits, ada"):
        find_set(database, "bea")


@pytest.mark.parametrize(
    ("name", "words"),
    [("own-digits", "already a set of own digits 'own-digits'"), ("Ä b", "allowed are .* Try 'a-b'"), ("", "allowed")],
)
def test_a_name_that_cannot_be_is_refused_with_one_that_can(database: Database, name: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        make_own_set(database, name)
    made = make_own_set(database, "mine")
    with pytest.raises(DataError, match=words):
        change_set(database, made.key, name, "")
    assert [one.name for one in list_sets(database)] == ["own-digits", "mine"]


def test_a_set_keeps_its_digits_under_another_name(database: Database) -> None:
    made = make_own_set(database, "mine")
    save(database, a_digit(4), made.key)
    change_set(database, made.key, "mine", "Ada")
    change_set(database, made.key, "ours", "Ada")
    assert [(one.name, one.owner, one.digits) for one in list_sets(database)][1] == ("ours", "Ada", 1)
    with pytest.raises(DataError, match="The name of the owner has 41 letters; allowed are 40"):
        change_set(database, made.key, "ours", "x" * 41)


def test_the_same_ink_stands_in_two_sets_once_in_each(database: Database) -> None:
    made = make_own_set(database, "mine")
    for label in (4, 4):
        save(database, a_digit(label), made.key)
    save(database, a_digit(9))
    assert (count_by_label(database, made.key), count_by_label(database)) == ({4: 1}, {9: 1})


def test_a_deleted_set_takes_its_digits_and_no_others_with_it(database: Database) -> None:
    made = make_own_set(database, "mine")
    for place in range(3):
        save(database, a_digit(4, at=place), made.key)
        save(database, a_digit(4, at=place))
    assert delete_own_set(database, made.key) == 3
    assert [(one.name, one.digits) for one in list_sets(database)] == [("own-digits", 3)]


def test_the_set_of_sketch_is_emptied_and_stays(database: Database) -> None:
    save(database, a_digit(4))
    assert delete_own_set(database, SKETCH) == 1
    assert [(one.key, one.digits) for one in list_sets(database)] == [(SKETCH, 0)]


def test_a_set_that_is_deleted_while_it_is_read_is_read_whole(database: Database) -> None:
    made = make_own_set(database, "mine")
    for place in range(3):
        save(database, a_digit(4, at=place), made.key)
    reading = read_every(database, made.key)
    first = next(reading)
    delete_own_set(database, made.key)
    assert len([first, *reading]) == 3
    assert list(read_every(database, made.key)) == []


def test_whoever_has_a_deleted_set_before_them_hears_of_it(database: Database) -> None:
    made = make_own_set(database, "mine")
    saved = save(database, a_digit(4), made.key)
    delete_own_set(database, made.key)
    # Another set of that name is another set.
    make_own_set(database, "mine")
    with pytest.raises(DataError, match="it was deleted meanwhile"):
        save(database, a_digit(4), made.key)
    with pytest.raises(DataError, match="it was deleted meanwhile"):
        keep_once(database, a_digit(4), made.key)
    with pytest.raises(DataError, match="This digit is not there any more"):
        change_label(database, saved.digit.key, 3, made.key)
    with pytest.raises(DataError, match="it was deleted meanwhile"):
        delete_own_set(database, made.key)
    with pytest.raises(DataError, match="it was deleted meanwhile"):
        change_set(database, made.key, "ours", "")
    assert remove(database, saved.digit.key, made.key) is None
    assert undo(database, saved, made.key) is False
    assert [one.digits for one in list_sets(database)] == [0, 0]
