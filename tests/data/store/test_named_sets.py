"""A set is kept under one name, whole or not at all, and is gone at once when it is deleted."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_dash.data.checksums import checksums
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.store import catalog, named_sets
from mnist_dash.errors import DataError, SettingsError
from mnist_dash.settings import Settings
from tests.conftest import Python
from tests.data.samples import SmallSet

SAVE = """
import sys
from pathlib import Path
import numpy as np
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.store import cache, named_sets
from mnist_dash.settings import Settings
digits = Digits(np.zeros((9, 28, 28), np.uint8), np.arange(9, dtype=np.uint8))
def write(folder, dataset, write=cache.write):
    write(folder, dataset)
    print("written", flush=True)
    sys.stdin.read()
if "hold" in sys.argv:
    cache.write = write
named_sets.save(Settings(home=Path(sys.argv[1])), sys.argv[2], Dataset("unnamed", digits, digits, "a test"))
"""


@pytest.fixture
def dataset(small: SmallSet) -> Dataset:
    """A small set that says it were the official one."""
    return Dataset(name="mnist", train=small.train, test=small.test, origin="mnist, 3 left out", official=True)


def test_a_set_is_kept_and_opened_by_its_name(settings: Settings, dataset: Dataset) -> None:
    saved = named_sets.save(settings, "my-set_2", replace(dataset, sha256={"train_images": "of another set"}))
    opened = catalog.open_dataset(settings, "my-set_2")
    for found in (saved, opened):
        assert (found.name, found.origin, found.official) == ("my-set_2", "mnist, 3 left out", False)
        assert np.array_equal(found.train.images, dataset.train.images)
        assert np.array_equal(found.test.labels, dataset.test.labels)
        assert found.sha256 == checksums(dataset.train, dataset.test)
    assert isinstance(opened.train.images.base, np.memmap)


def test_sets_are_listed_after_those_that_are_always_there(settings: Settings, dataset: Dataset) -> None:
    assert catalog.names(settings) == ("mnist", "generated", "optdigits")
    for name in ("b", "a", "7"):
        named_sets.save(settings, name, dataset)
    assert catalog.names(settings) == ("mnist", "generated", "optdigits", "7", "a", "b")
    assert catalog.is_ready(settings, "a")
    assert not catalog.is_ready(settings, "c")
    with pytest.raises(DataError, match="no data set 'c'; allowed are mnist, generated, optdigits, 7, a and b"):
        catalog.open_dataset(settings, "c")


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("", "digits"),
        ("My Digits", "my-digits"),
        ("Größe", "groe"),
        ("../../etc", "etc"),
        ("-a", "a"),
        ("a.b", "a-b"),
        ("a\n", "a"),
        ("x" * 41, "x" * 36),
        ("con", "con-2"),
        ("COM1", "com1-2"),
        ("７", "7"),
    ],
)
def test_a_name_that_is_not_allowed_is_refused_with_one_that_is(
    settings: Settings, dataset: Dataset, name: str, suggestion: str
) -> None:
    with pytest.raises(DataError, match=f"cannot be used; allowed are 1 to 40 of .* Try '{suggestion}'"):
        named_sets.save(settings, name, dataset)
    assert catalog.names(settings) == ("mnist", "generated", "optdigits")
    assert len(named_sets.save(settings, suggestion, dataset).train) == 70


@pytest.mark.parametrize("name", ["mnist", "generated", "optdigits", "mine"])
def test_a_name_is_given_once(settings: Settings, dataset: Dataset, name: str) -> None:
    named_sets.save(settings, "mine", dataset)
    with pytest.raises(DataError, match=f"already a data set '{name}'.*try '{name}-2'"):
        named_sets.save(settings, name, dataset)


def test_a_deleted_set_is_gone_for_who_looks_and_stays_for_who_has_it(settings: Settings, dataset: Dataset) -> None:
    opened = named_sets.save(settings, "mine", dataset)
    named_sets.delete(settings, "mine")
    assert named_sets.names(settings) == ()
    assert np.array_equal(opened.train.images, dataset.train.images)
    with pytest.raises(DataError, match="no data set 'mine' to delete; there are none"):
        named_sets.delete(settings, "mine")
    assert named_sets.save(settings, "mine", dataset).name == "mine"


@pytest.mark.parametrize("name", ["..", "../data", "mnist", "mine/.."])
def test_only_sets_are_deleted(settings: Settings, dataset: Dataset, name: str) -> None:
    named_sets.save(settings, "mine", dataset)
    with pytest.raises(DataError, match="to delete; there are mine"):
        named_sets.delete(settings, name)
    assert named_sets.names(settings) == ("mine",)


def test_a_damaged_set_is_told_and_can_be_deleted(settings: Settings, dataset: Dataset) -> None:
    named_sets.save(settings, "mine", dataset)
    (named_sets.folder_of(settings, "mine") / "train_labels.npy").unlink()
    with pytest.raises(DataError, match=r"'mine' is damaged\. Delete it and import it again"):
        named_sets.open_set(settings, "mine")
    named_sets.delete(settings, "mine")


def test_a_set_that_was_being_written_when_its_process_was_killed_is_none(
    settings: Settings, dataset: Dataset, python: Python
) -> None:
    child = python(SAVE, str(settings.home), "mine", "hold")
    assert child.stdout is not None
    assert child.stdout.readline() == b"written\n"
    child.kill()
    child.wait()
    folder = settings.home / "sets"
    assert [path.name for path in folder.iterdir()] == ["mine.part"]
    assert named_sets.names(settings) == ()
    (folder / "older.gone").mkdir()
    named_sets.save(settings, "another", dataset)
    assert [path.name for path in folder.iterdir()] == ["another"]


def test_of_two_processes_that_take_a_name_at_once_one_gets_it(settings: Settings, python: Python) -> None:
    first = python(SAVE, str(settings.home), "mine", "hold")
    assert first.stdout is not None
    assert first.stdout.readline() == b"written\n"
    second = python(SAVE, str(settings.home), "mine")
    assert named_sets.names(settings) == ()
    _, _ = first.communicate()
    _, error = second.communicate()
    assert (first.returncode, second.returncode) == (0, 1)
    assert b"already a data set 'mine'" in error


def test_a_home_that_cannot_be_written_is_told(settings: Settings, dataset: Dataset) -> None:
    settings.home.write_text("")
    with pytest.raises(SettingsError, match="cannot be written"):
        named_sets.save(settings, "mine", dataset)


def test_a_full_disk_is_told_and_leaves_nothing(
    settings: Settings, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mnist_dash.data.store.cache.os.fsync", full)
    with pytest.raises(DataError, match="No space left on device"):
        named_sets.save(settings, "mine", dataset)
    assert list((settings.home / "sets").iterdir()) == []
