"""Machines that share a database have each other's data sets: whole, verified, the same bytes under a name, or none."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import func, select, update

from mnist_dash.data.checksums import digest_of
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.store import cache, catalog, copies, named_sets
from mnist_dash.errors import DataError, NotAllowedError, UnreachableError
from mnist_dash.settings import Settings
from mnist_dash.store import shared_sets
from mnist_dash.store.database import open_database
from mnist_dash.store.shared_sets import MARK, read_mark
from mnist_dash.store.shared_tables import data_set_parts, data_sets
from mnist_dash.users import Role, User
from tests.awaiting import deadline, until
from tests.conftest import Python
from tests.data.samples import SmallSet
from tests.postgres import Server

pytestmark = pytest.mark.on_postgresql

PUT = """
import os
import sys
import numpy as np
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.store import named_sets
from mnist_dash.store import shared_sets
from mnist_dash.settings import Settings
cut = shared_sets._cut
def slowly(folder, files):
    for content in cut(folder, files):
        yield content
        print("a part", flush=True)
        sys.stdin.readline()
shared_sets._cut = slowly
shared_sets.PART = 1000
digits = Digits(np.zeros((9, 28, 28), np.uint8), np.arange(9, dtype=np.uint8))
named_sets.save(Settings.from_environment(os.environ), "mine", Dataset("mine", digits, digits, "a test"))
"""
FETCH = """
import os
import sys
from mnist_dash.data.store import catalog
from mnist_dash.settings import Settings
def tell(text, share):
    print(text, flush=True)
    if "Fetching" in text:
        sys.stdin.readline()
found = catalog.open_dataset(Settings.from_environment(os.environ), "mine", tell)
print("opened", found.sha256["train_images"], flush=True)
"""


@pytest.fixture
def dataset(small: SmallSet) -> Dataset:
    """A small set."""
    writers = np.arange(len(small.train)) % 7
    return Dataset("mine", Digits(small.train.images, small.train.labels, writers), small.test, "a test")


@pytest.fixture
def other(settings: Settings) -> Settings:
    """The settings of another machine, which has a home of its own."""
    return replace(settings, home=settings.home.with_name("other"))


def count_parts(settings: Settings) -> int:
    with open_database(settings) as database, database.read() as connection:
        return connection.scalar(select(func.count()).select_from(data_set_parts)) or 0


def blacken(dataset: Dataset) -> Dataset:
    """A set of as many other images."""
    return replace(dataset, train=Digits(255 - dataset.train.images, dataset.train.labels))


def list_left(settings: Settings) -> list[str]:
    """All that a home has of data sets, and of what was on its way there."""
    places = (settings.home / "sets", settings.home / "incoming")
    return sorted(path.name for place in places if place.exists() for path in place.iterdir())


def test_a_set_of_one_machine_is_listed_and_opened_on_the_other(
    settings: Settings, other: Settings, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_sets, "PART", 1000)
    saved = named_sets.save(settings, "mine", dataset)
    assert catalog.names(other)[-1] == "mine"
    assert catalog.is_ready(settings, "mine")
    assert not catalog.is_ready(other, "mine")
    told: list[tuple[str, float]] = []
    found = catalog.open_dataset(other, "mine", lambda text, share: told.append((text, share)))
    assert digest_of(found) == digest_of(saved)
    assert (found.name, found.origin, found.sha256) == ("mine", "a test", saved.sha256)
    assert np.array_equal(found.train.images, dataset.train.images)
    assert found.train.writers is not None
    assert np.array_equal(found.train.writers, np.arange(len(dataset.train)) % 7)
    assert {text for text, _ in told} == {"Fetching mine from the database"}
    assert [share for _, share in told] == sorted({share for _, share in told})
    assert len(told) > 50
    assert catalog.is_ready(other, "mine")
    assert list_left(other) == ["mine"]


def test_it_is_fetched_once(settings: Settings, other: Settings, dataset: Dataset) -> None:
    named_sets.save(settings, "mine", dataset)
    catalog.open_dataset(other, "mine")
    with open_database(settings) as database, database.write() as connection:
        connection.execute(data_set_parts.delete())
    assert digest_of(catalog.open_dataset(other, "mine")) == digest_of(catalog.open_dataset(settings, "mine"))


def test_what_is_deleted_on_one_machine_is_gone_on_the_other(
    settings: Settings, other: Settings, dataset: Dataset
) -> None:
    named_sets.save(settings, "mine", dataset)
    opened = catalog.open_dataset(other, "mine")
    named_sets.delete(settings, "mine")
    assert "mine" not in catalog.names(other)
    with pytest.raises(DataError, match="There is no data set 'mine'"):
        catalog.open_dataset(other, "mine")
    assert np.array_equal(opened.train.images, dataset.train.images)
    assert count_parts(settings) == 0
    named_sets.share_own(other)
    assert "mine" not in catalog.names(settings)
    assert list_left(other) == []


def test_what_another_machine_has_brought_can_be_deleted_without_a_copy(
    settings: Settings, other: Settings, dataset: Dataset
) -> None:
    named_sets.save(settings, "mine", dataset)
    named_sets.delete(other, "mine")
    assert "mine" not in catalog.names(settings)
    with pytest.raises(DataError, match="no data set 'mine' to delete; there are none"):
        named_sets.delete(settings, "mine")


def test_it_is_its_owners_on_every_machine_before_it_is_fetched_and_after(
    settings: Settings, other: Settings, dataset: Dataset
) -> None:
    ada, bob = User("a", "Ada", Role.TRAIN), User("b", "Bob", Role.TRAIN)
    named_sets.save(settings, "mine", dataset, ada)
    for is_fetched in (False, True):
        (found,) = named_sets.describe_sets(other).values()
        assert (found.owner, found.is_here) == (("a", "Ada"), is_fetched)
        with pytest.raises(NotAllowedError, match="The data set mine belongs to Ada"):
            named_sets.delete(other, "mine", bob)
        catalog.open_dataset(other, "mine")
    with cache.replace_folder(settings.home / "incoming" / "read") as (folder, _scratch):
        cache.write(folder, named_sets.compute_checksums(dataset))
    named_sets.take_over(settings, "taken", settings.home / "incoming" / "read", ada)
    catalog.open_dataset(other, "taken")
    assert named_sets.owner_of(replace(other, db=None), "taken") == named_sets.owner_of(other, "taken") == ("a", "Ada")
    named_sets.delete(settings, "taken", ada)
    # Offered later, by a process that is nobody's.
    named_sets.save(replace(other, db=None), "alone", blacken(dataset), ada)
    named_sets.share_own(other)
    assert named_sets.owner_of(settings, "alone") == ("a", "Ada")
    for name in ("mine", "alone"):
        named_sets.delete(settings, name, ada)
    assert named_sets.names(other) == ()


def test_what_is_made_anew_under_its_name_takes_the_place_of_a_copy(
    settings: Settings, other: Settings, dataset: Dataset
) -> None:
    named_sets.save(settings, "mine", dataset)
    catalog.open_dataset(other, "mine")
    named_sets.delete(settings, "mine")
    anew = named_sets.save(settings, "mine", blacken(dataset))
    assert not catalog.is_ready(other, "mine")
    assert digest_of(catalog.open_dataset(other, "mine")) == digest_of(anew)
    assert list_left(other) == ["mine"]
    named_sets.delete(other, "mine")
    # The very set that was there first, which is marked as deleted too.
    named_sets.save(other, "mine", dataset)
    assert digest_of(catalog.open_dataset(settings, "mine")) == digest_of(named_sets.open_set(other, "mine"))


def test_a_name_is_given_once_for_all_machines(settings: Settings, other: Settings, dataset: Dataset) -> None:
    named_sets.save(settings, "mine", dataset)
    with pytest.raises(DataError, match=r"already a data set 'mine'.* or try 'mine-2'"):
        named_sets.save(other, "mine", blacken(dataset))


def test_of_two_machines_at_once_one_gets_the_name(settings: Settings, other: Settings, dataset: Dataset) -> None:
    def save(where: Settings, made: Dataset) -> Dataset | None:
        with suppress(DataError):
            return named_sets.save(where, "mine", made)
        return None

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(save, (settings, other), (dataset, blacken(dataset)))
    (made,) = filter(None, (first, second))
    loser = other if first else settings
    assert list_left(loser) == []
    for where in (settings, other):
        assert digest_of(catalog.open_dataset(where, "mine")) == digest_of(made)


def test_what_was_brought_before_is_offered_and_stays(settings: Settings, other: Settings, dataset: Dataset) -> None:
    alone = replace(settings, db=None)
    named_sets.save(alone, "mine", dataset)
    assert catalog.names(settings)[-1] == "mine"
    assert "mine" not in catalog.names(other)
    named_sets.share_own(settings)
    assert digest_of(catalog.open_dataset(other, "mine")) == digest_of(named_sets.open_set(alone, "mine"))
    named_sets.share_own(settings)
    assert count_parts(settings) == 6


def test_the_same_set_brought_to_both_before_is_one(settings: Settings, other: Settings, dataset: Dataset) -> None:
    for where, origin in ((settings, "here"), (other, "there")):
        named_sets.save(replace(where, db=None), "mine", replace(dataset, origin=origin))
    for where in (settings, other):
        named_sets.share_own(where)
    assert named_sets.names(settings) == named_sets.names(other) == ("mine",)
    assert read_mark(settings.home / "sets" / "mine") == read_mark(other.home / "sets" / "mine") is not None


def test_other_images_under_the_same_name_are_kept_under_another(
    settings: Settings, other: Settings, dataset: Dataset, caplog: pytest.LogCaptureFixture
) -> None:
    first = named_sets.save(replace(settings, db=None), "mine", dataset)
    second = named_sets.save(replace(other, db=None), "mine", blacken(dataset))
    named_sets.share_own(settings)
    # Whoever opens it there first gets the one that all have.
    assert digest_of(catalog.open_dataset(other, "mine")) == digest_of(first)
    assert "this machine's is called 'mine-2' from now on" in caplog.text
    named_sets.share_own(other)
    assert named_sets.names(settings) == ("mine", "mine-2")
    assert digest_of(catalog.open_dataset(settings, "mine-2")) == digest_of(second)


def test_what_is_made_under_the_name_of_a_set_on_its_way_is_kept_under_another(
    settings: Settings, other: Settings, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = named_sets.save(settings, "mine", dataset)

    def make_another(_text: str, share: float) -> None:
        if not share:
            named_sets.save(replace(other, db=None), "mine", blacken(dataset))
            # As while the database is away for a moment.
            monkeypatch.setattr(copies, "settle", lambda *_: None)

    assert digest_of(catalog.open_dataset(other, "mine", make_another)) == digest_of(first)
    kept = named_sets.open_set(replace(other, db=None), "mine-2")
    assert digest_of(kept) == digest_of(named_sets.compute_checksums(blacken(dataset)))


def test_a_database_that_does_not_know_a_copy_takes_it(
    settings: Settings, other: Settings, dataset: Dataset, database_server: Server
) -> None:
    named_sets.save(settings, "mine", dataset)
    catalog.open_dataset(other, "mine")
    empty = database_server.make_room()
    named_sets.share_own(replace(other, db=empty))
    third = Settings(home=settings.home.with_name("third"), offline=True, db=empty)
    assert digest_of(catalog.open_dataset(third, "mine")) == digest_of(catalog.open_dataset(settings, "mine"))


@pytest.mark.parametrize("what", ["content", "missing", "list", "outside"])
def test_what_is_damaged_in_the_database_is_refused_and_leaves_nothing(
    settings: Settings, other: Settings, dataset: Dataset, what: str
) -> None:
    named_sets.save(settings, "mine", dataset)
    changes = {
        "content": update(data_set_parts).where(data_set_parts.c.number == 4).values(content=b"zero"),
        "missing": data_set_parts.delete().where(data_set_parts.c.number == 4),
        "list": update(data_sets).values(files="{"),
        "outside": update(data_sets).values(files='[["../../meta.json", 0, ""]]'),
    }
    with open_database(settings) as database, database.write() as connection:
        connection.execute(changes[what])
    with pytest.raises(DataError, match=r"'mine' is damaged in the database \(.*nothing of it was taken. Delete it"):
        catalog.open_dataset(other, "mine")
    assert list_left(other) == []
    # The home that has it goes on with it.
    assert catalog.open_dataset(settings, "mine").sha256


def test_a_full_disk_leaves_nothing(
    settings: Settings, other: Settings, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    named_sets.save(settings, "mine", dataset)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shared_sets, "write_mark", refuse)
    with pytest.raises(DataError, match=r"cannot be written \(No space left on device\)"):
        catalog.open_dataset(other, "mine")
    assert list_left(other) == []


def test_a_set_that_is_damaged_here_is_not_given_to_others(settings: Settings, dataset: Dataset) -> None:
    named_sets.save(replace(settings, db=None), "mine", dataset)
    path = settings.home / "sets" / "mine" / "train_images.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    named_sets.share_own(settings)
    assert count_parts(settings) == 0
    assert named_sets.names(settings) == ("mine",)


def test_while_the_database_is_away_sets_are_made_and_offered_later(
    settings: Settings, other: Settings, dataset: Dataset, away: Server, caplog: pytest.LogCaptureFixture
) -> None:
    named_sets.save(settings, "before", dataset)
    away.stop()
    assert named_sets.names(settings) == ("before",)
    with pytest.raises(UnreachableError):
        catalog.open_dataset(settings, "before")
    with pytest.raises(UnreachableError):
        named_sets.delete(settings, "before")
    caplog.set_level(logging.WARNING)
    made = named_sets.save(settings, "mine", blacken(dataset))
    assert "The data set 'mine' stands on this machine alone" in caplog.text
    with pytest.raises(UnreachableError):
        named_sets.share_own(settings)
    away.start()
    assert "mine" not in catalog.names(other)
    named_sets.share_own(settings)
    assert digest_of(catalog.open_dataset(other, "mine")) == digest_of(made)


def test_a_process_that_is_killed_while_it_puts_one_there_leaves_nothing_that_is_seen(
    settings: Settings, other: Settings, dataset: Dataset, python: Python
) -> None:
    child = python(PUT)
    assert child.stdin
    assert child.stdout
    for _ in range(3):
        assert child.stdout.readline() == b"a part\n"
        child.stdin.write(b"\n")
        child.stdin.flush()
    child.kill()
    child.wait(deadline())
    assert (named_sets.names(other), named_sets.names(settings), count_parts(settings)) == ((), (), 0)
    # Nobody waits for what the dead one has begun.
    saved = named_sets.save(settings, "mine", dataset)
    assert digest_of(catalog.open_dataset(other, "mine")) == digest_of(saved)
    assert list_left(settings) == ["mine"]


def test_a_process_that_is_killed_while_it_fetches_leaves_nothing_that_is_seen(
    settings: Settings, other: Settings, dataset: Dataset, python: Python, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = named_sets.save(settings, "mine", dataset)
    monkeypatch.setenv("MNIST_DASH_HOME", str(other.home))
    child = python(FETCH)
    assert child.stdout
    assert child.stdout.readline() == b"Fetching mine from the database\n"
    until(lambda: "fetch-mine.part" in list_left(other))
    child.kill()
    child.wait(deadline())
    assert not catalog.is_ready(other, "mine")
    assert digest_of(catalog.open_dataset(other, "mine")) == digest_of(saved)
    assert list_left(other) == ["mine"]


def test_two_processes_that_want_it_at_once_fetch_it_once(
    settings: Settings, other: Settings, dataset: Dataset, python: Python, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = named_sets.save(settings, "mine", dataset)
    monkeypatch.setenv("MNIST_DASH_HOME", str(other.home))
    first = python(FETCH)
    assert first.stdout
    assert first.stdout.readline() == b"Fetching mine from the database\n"
    second = python(FETCH)
    assert second.stdout
    assert second.stdout.readline() == b"Another process is preparing the images; waiting for it\n"
    said = [child.communicate(b"\n" * 100, timeout=deadline())[0].decode() for child in (first, second)]
    assert [lines.splitlines()[-1] for lines in said] == [f"opened {saved.sha256['train_images']}"] * 2
    assert "Fetching" not in said[1]


def test_a_home_of_its_own_keeps_nothing_twice(settings: Settings, dataset: Dataset) -> None:
    alone = replace(settings, db=None)
    named_sets.save(alone, "mine", dataset)
    named_sets.share_own(alone)
    assert not (alone.home / "sets" / "mine" / MARK).exists()
    assert count_parts(alone) == 0
