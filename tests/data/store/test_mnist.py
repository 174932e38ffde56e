"""MNIST comes from the place that was named, from the cache, or from a mirror, and says which and whether official."""

import os
import selectors
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.data.store.download import Mirror
from mnist_dash.data.store.mnist import is_ready, open_mnist
from mnist_dash.errors import DataError, DownloadError
from mnist_dash.settings import Settings
from tests.awaiting import deadline
from tests.data.samples import IDX_NAMES, SmallSet, Web

REAL = os.environ.get("MNIST_DASH_DATA")


@pytest.fixture
def mirrors(web: Web, small: SmallSet, tmp_path: Path) -> list[Mirror]:
    """The small set as four IDX files, then as one NPZ file."""
    idx = web.mirror("idx", small.write_idx(tmp_path / "idx", suffix=".gz"))
    (tmp_path / "keras").mkdir()
    small.write_npz(tmp_path / "keras" / "mnist.npz")
    return [idx, web.mirror("keras", tmp_path / "keras")]


def test_a_download_is_verified_cached_and_not_repeated(
    settings: Settings, web: Web, mirrors: list[Mirror], small: SmallSet
) -> None:
    told: list[float] = []
    assert not is_ready(settings)
    first = open_mnist(settings, lambda _text, share: told.append(share), mirrors=mirrors, official=small.official)
    asked = len(web.requests)
    second = open_mnist(replace(settings, offline=True), mirrors=mirrors, official=small.official)
    assert is_ready(settings)
    assert (asked, len(web.requests)) == (4, 4)
    for dataset in (first, second):
        assert (dataset.name, dataset.official, dataset.notice) == ("mnist", True, None)
        assert (dataset.origin, dataset.sha256) == (mirrors[0].base, small.official)
        assert np.array_equal(dataset.train.images, small.train.images)
    assert told == sorted(told)
    assert told[-1] == 0.9


def test_the_npz_file_of_keras_is_as_official(settings: Settings, mirrors: list[Mirror], small: SmallSet) -> None:
    dataset = open_mnist(settings, mirrors=mirrors[1:], official=small.official)
    assert (dataset.official, dataset.origin) == (True, mirrors[1].base)


@pytest.mark.parametrize("fault", ["corrupt", "cut"])
def test_a_broken_download_leaves_nothing_and_the_next_mirror_answers(
    settings: Settings,
    web: Web,
    mirrors: list[Mirror],
    small: SmallSet,
    cached_files: Callable[[], list[str]],
    fault: str,
) -> None:
    path = f"/idx/{IDX_NAMES[2]}.gz"
    if fault == "cut":
        web.cut.add(path)
    else:
        web.files[path] = bytes(len(web.files[path]))
    with pytest.raises(DownloadError):
        open_mnist(settings, mirrors=mirrors[:1], official=small.official)
    assert cached_files() == ["data"]
    assert open_mnist(settings, mirrors=mirrors, official=small.official).origin == mirrors[1].base


def test_a_download_that_is_stopped_leaves_nothing(
    settings: Settings, mirrors: list[Mirror], small: SmallSet, cached_files: Callable[[], list[str]]
) -> None:
    def stop(_text: str, share: float) -> None:
        if share > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_mnist(settings, stop, mirrors=mirrors, official=small.official)
    assert cached_files() == ["data"]


def test_a_mirror_of_another_set_is_refused(
    settings: Settings, mirrors: list[Mirror], cached_files: Callable[[], list[str]]
) -> None:
    with pytest.raises(DownloadError, match="did not serve the official set"):
        open_mnist(settings, mirrors=mirrors)
    assert cached_files() == ["data"]


def test_offline_opens_no_socket(
    settings: Settings, web: Web, mirrors: list[Mirror], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with pytest.raises(DownloadError, match="MNIST_DASH_OFFLINE forbids a download"):
        open_mnist(replace(settings, offline=True), mirrors=mirrors)
    assert web.requests == []


CHILD = """
import sys
from pathlib import Path
from mnist_dash.data.store.download import Mirror, RemoteFile
from mnist_dash.data.store.mnist import open_mnist
from mnist_dash.settings import Settings
base, home, official, *files = map(eval, sys.argv[1:])
mirror = Mirror(base, tuple(RemoteFile(*file) for file in files))
watch = lambda text, share: print(text, flush=True)
print(len(open_mnist(Settings(home=Path(home)), watch, mirrors=[mirror], official=official).train), flush=True)
"""


@pytest.mark.slow
def test_two_processes_that_start_at_once_download_once(
    settings: Settings, web: Web, mirrors: list[Mirror], small: SmallSet
) -> None:
    files = [repr((file.name, file.size, file.sha256)) for file in mirrors[0].files]
    arguments = [repr(mirrors[0].base), repr(str(settings.home)), repr(small.official), *files]
    command = [sys.executable, "-c", CHILD, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)

    web.go_on.clear()
    with start() as first:
        assert web.asked.wait(deadline())
        with start() as second:
            assert "Another process" in line_within(second, deadline())
            web.go_on.set()
            said = [process.communicate(timeout=deadline())[0] for process in (first, second)]
    assert [text.splitlines()[-1] for text in said] == ["70", "70"]
    assert len(web.requests) == 4


def line_within(process: subprocess.Popen[str], seconds: float) -> str:
    """The next line that a process prints."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        assert selector.select(seconds), "the process printed nothing in time"
    return process.stdout.readline()


def test_a_folder_with_the_official_files_is_official(settings: Settings, small: SmallSet, tmp_path: Path) -> None:
    local = replace(settings, data=small.write_idx(tmp_path / "here"))
    dataset = open_mnist(local, mirrors=[], official=small.official)
    assert (dataset.official, dataset.notice, dataset.origin) == (True, None, str(tmp_path / "here"))
    assert is_ready(local)
    assert not is_ready(settings)


def test_a_look_alike_says_which_parts_differ(settings: Settings, small: SmallSet, tmp_path: Path) -> None:
    images = small.train.images.copy()
    images[0, 0, 0] ^= 1
    other = SmallSet(Digits(images, small.train.labels), small.test)
    local = replace(settings, data=other.write_npz(tmp_path / "mnist.npz"))
    dataset = open_mnist(local, official=small.official)
    assert not dataset.official
    assert dataset.notice is not None
    assert dataset.notice.startswith("This is not the official MNIST but a look-alike: its train images differ")
    elsewhere = replace(local, home=tmp_path / "another home")
    assert "all its parts differ" in (open_mnist(elsewhere).notice or "")


def test_changed_files_are_read_anew_and_replace_what_was_cached(
    settings: Settings, small: SmallSet, tmp_path: Path
) -> None:
    local = replace(settings, data=small.write_npz(tmp_path / "mnist.npz"))
    open_mnist(local)
    SmallSet(small.test, small.test).write_npz(tmp_path / "mnist.npz")
    assert not is_ready(local)
    assert len(open_mnist(local).train) == 20
    assert len([path for path in (settings.home / "data").iterdir() if path.is_dir()]) == 1


def test_a_held_out_split_is_told_beside_the_look_alike(settings: Settings, small: SmallSet, tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", x_train=small.train.images, y_train=small.train.labels)
    notice = open_mnist(replace(settings, data=tmp_path / "own.npz"), official=small.official).notice or ""
    assert "is held out as one. This is not the official MNIST" in notice


def test_a_broken_folder_is_an_error_and_never_a_download(
    settings: Settings, web: Web, mirrors: list[Mirror], tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    broken = replace(settings, data=tmp_path / "empty")
    assert not is_ready(broken)
    with pytest.raises(DataError, match="holds no complete MNIST"):
        open_mnist(broken, mirrors=mirrors)
    assert web.requests == []


def test_threads_that_open_at_once_share_one_reading(settings: Settings, small: SmallSet, tmp_path: Path) -> None:
    local = replace(settings, data=small.write_npz(tmp_path / "mnist.npz"))
    read: list[str] = []
    start = threading.Barrier(4)

    def open_one() -> None:
        start.wait(deadline())
        open_mnist(local, lambda text, _share: read.append(text))

    threads = [threading.Thread(target=open_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(deadline())
    assert len([text for text in read if text.startswith("Reading")]) == 1


@pytest.mark.skipif(not REAL, reason="MNIST_DASH_DATA names no MNIST")
def test_the_real_test_split_has_the_published_checksums(settings: Settings) -> None:
    dataset = open_mnist(replace(settings, data=Path(REAL or "").absolute()))
    assert (len(dataset.train), len(dataset.test)) == (60_000, 10_000)
    assert dataset.test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert dataset.official or "its train images differ" in (dataset.notice or "")
