"""What was read once is mapped in milliseconds afterwards, and never half of it."""

import errno
import json
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.checksums import PARTS
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.store import cache
from mnist_dash.data.store.cache import load_or_make
from mnist_dash.errors import DataError, DownloadError, SettingsError
from mnist_dash.settings import Settings
from tests.awaiting import deadline
from tests.data.samples import SmallSet


class Maker:
    """Makes the small set and counts how often."""

    def __init__(self, small: SmallSet) -> None:
        self.dataset = Dataset(
            name="mnist",
            train=small.train,
            test=small.test,
            origin="somewhere",
            official=True,
            sha256=small.official,
            notice="Mind the gap.",
        )
        self.made = 0

    def __call__(self, scratch: Path) -> Dataset:
        (scratch / "downloaded").write_bytes(b"for a while")
        self.made += 1
        return self.dataset


@pytest.fixture
def make(small: SmallSet) -> Maker:
    """A maker of the small set."""
    return Maker(small)


def test_a_set_is_made_once_and_comes_back_whole(settings: Settings, make: Maker) -> None:
    opened = [load_or_make(settings, "key", make) for _ in range(2)]
    assert make.made == 1
    for dataset in opened:
        assert np.array_equal(dataset.train.images, make.dataset.train.images)
        assert np.array_equal(dataset.train.labels, make.dataset.train.labels)
        assert np.array_equal(dataset.test.images, make.dataset.test.images)
        assert np.array_equal(dataset.test.labels, make.dataset.test.labels)
        assert dataset.sha256 == make.dataset.sha256
        assert (dataset.name, dataset.origin, dataset.official, dataset.notice) == (
            "mnist",
            "somewhere",
            True,
            "Mind the gap.",
        )


def test_arrays_are_mapped_and_cannot_be_written(settings: Settings, make: Maker) -> None:
    images = load_or_make(settings, "key", make).train.images
    assert isinstance(images.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        images[0, 0, 0] = 1


def test_nothing_but_the_set_remains(settings: Settings, make: Maker, cached_files: Callable[[], list[str]]) -> None:
    load_or_make(settings, "key", make)
    files = ["meta.json", *(f"{part}.npy" for part in PARTS)]
    assert cached_files() == ["data", "data/key", *sorted(f"data/key/{file}" for file in files)]


WRITERS = np.arange(70, dtype=np.uint16)


@pytest.fixture
def make_with_writers(make: Maker) -> Maker:
    """A maker of the small set, of which it is known who wrote it."""
    make.dataset = replace(make.dataset, train=replace(make.dataset.train, writers=WRITERS))
    return make


def test_writers_come_back_with_what_they_wrote(settings: Settings, make_with_writers: Maker) -> None:
    for _ in range(2):
        writers = load_or_make(settings, "key", make_with_writers).train.writers
        assert writers is not None
        assert writers.tolist() == list(range(70))
        assert writers.dtype == np.uint16
        assert isinstance(writers.base, np.memmap)


def test_a_set_of_an_earlier_version_opens_without_writers(settings: Settings, make: Maker) -> None:
    load_or_make(settings, "key", make)
    meta = cache.folder_of(settings, "key") / "meta.json"
    told = json.loads(meta.read_text("utf-8"))
    del told[cache.WRITERS]
    meta.write_text(json.dumps(told), "utf-8")
    opened = load_or_make(settings, "key", make)
    assert (make.made, opened.train.writers) == (1, None)
    assert np.array_equal(opened.train.images, make.dataset.train.images)


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: np.save(path, WRITERS[:69])])
def test_a_set_whose_writers_are_damaged_is_made_again(
    settings: Settings, make_with_writers: Maker, damage: Callable[[Path], object]
) -> None:
    load_or_make(settings, "key", make_with_writers)
    damage(cache.folder_of(settings, "key") / f"{cache.WRITERS}.npy")
    assert cache.load(cache.folder_of(settings, "key")) is None
    assert load_or_make(settings, "key", make_with_writers).train.writers is not None
    assert make_with_writers.made == 2


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        ("train_images.npy", truncate),
        ("test_labels.npy", lambda path: os.truncate(path, 0)),
        ("test_images.npy", Path.unlink),
        ("train_labels.npy", lambda path: np.save(path, np.full(70, 11, np.uint8))),
        ("train_labels.npy", lambda path: path.write_bytes(b"no array")),
        ("meta.json", truncate),
        ("meta.json", lambda path: path.write_text("[]")),
        ("meta.json", lambda path: path.write_bytes(b"\xff")),
    ],
)
def test_a_damaged_set_is_made_again(
    settings: Settings, make: Maker, file: str, damage: Callable[[Path], object]
) -> None:
    load_or_make(settings, "key", make)
    damage(cache.folder_of(settings, "key") / file)
    assert cache.load(cache.folder_of(settings, "key")) is None
    again = load_or_make(settings, "key", make)
    assert make.made == 2
    assert np.array_equal(again.test.images, make.dataset.test.images)


def test_what_a_killed_process_left_is_cleared_away(
    settings: Settings, make: Maker, cached_files: Callable[[], list[str]]
) -> None:
    left = settings.home / "data" / "key.part" / "scratch"
    left.mkdir(parents=True)
    (left / "half.gz").write_bytes(b"half")
    load_or_make(settings, "key", make)
    assert not [name for name in cached_files() if "part" in name]


@pytest.mark.parametrize("error", [DownloadError("no mirror"), KeyboardInterrupt()])
def test_a_failure_leaves_nothing_behind(
    settings: Settings, make: Maker, cached_files: Callable[[], list[str]], error: BaseException
) -> None:
    def fail(scratch: Path) -> Dataset:
        make(scratch)
        raise error

    with pytest.raises(type(error)):
        load_or_make(settings, "key", fail)
    assert cached_files() == ["data"]


def test_a_full_disk_is_told_and_leaves_nothing_behind(
    settings: Settings, make: Maker, cached_files: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("mnist_dash.data.store.cache.os.fsync", full)
    with pytest.raises(DataError, match=r"No space left on device\). Free about 150 MB") as caught:
        load_or_make(settings, "key", make)
    assert not isinstance(caught.value, DownloadError)
    assert cached_files() == ["data"]


def test_a_home_that_is_a_file_is_told(settings: Settings, make: Maker) -> None:
    settings.home.write_text("")
    with pytest.raises(SettingsError, match="home cannot be written"):
        load_or_make(settings, "key", make)
    assert make.made == 0


def test_a_cache_folder_that_is_a_file_is_told(settings: Settings, make: Maker) -> None:
    settings.home.mkdir()
    (settings.home / "data").write_text("")
    with pytest.raises(DataError, match=r"data cannot be written .* set MNIST_DASH_HOME"):
        load_or_make(settings, "key", make)


def test_a_disk_that_loses_what_was_written_is_told(
    settings: Settings, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnist_dash.data.store.cache.os.fsync", lambda descriptor: os.ftruncate(descriptor, 100))
    with pytest.raises(DataError, match="cannot be read back"):
        load_or_make(settings, "key", make)


def test_who_comes_second_waits_and_takes_what_the_first_made(settings: Settings, make: Maker) -> None:
    making, waiting = threading.Event(), threading.Event()
    opened: list[Dataset] = []

    def make_slowly(scratch: Path) -> Dataset:
        making.set()
        assert waiting.wait(deadline())
        return make(scratch)

    def open_second() -> None:
        assert making.wait(deadline())
        opened.append(load_or_make(settings, "key", make_slowly, lambda _text, _share: waiting.set()))

    second = threading.Thread(target=open_second)
    second.start()
    load_or_make(settings, "key", make_slowly)
    second.join(deadline())
    assert make.made == 1
    assert len(opened) == 1


def test_older_states_of_the_same_files_are_discarded(settings: Settings, make: Maker) -> None:
    for key in ("mnist-a-1", "mnist-a-2", "mnist-b-1"):
        load_or_make(settings, key, make)
    cache.discard_older(settings, "mnist-a-", "mnist-a-2")
    left = sorted(path.name for path in (settings.home / "data").iterdir() if path.is_dir())
    assert left == ["mnist-a-2", "mnist-b-1"]


def test_whoever_waits_for_another_that_makes_the_set_can_stop_waiting(settings: Settings, small: SmallSet) -> None:
    told: list[str] = []

    def stop(text: str, _share: float) -> None:
        told.append(text)
        if len(told) == 2:
            raise KeyboardInterrupt

    settings.prepare()
    folder = cache.folder_of(settings, "mnist")
    folder.parent.mkdir()
    with cache.lock_folder(folder), pytest.raises(KeyboardInterrupt):
        load_or_make(settings, "mnist", Maker(small), stop)
    assert told == ["Another process is preparing the images; waiting for it"] * 2
