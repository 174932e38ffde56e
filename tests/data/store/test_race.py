"""Mirrors that hang, crawl or refuse cost a moment; one that delivers is left alone; whoever lost leaves nothing."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mnist_dash.data.store import race
from mnist_dash.data.store.download import Mirror, download
from mnist_dash.errors import DownloadError
from tests.awaiting import deadline
from tests.data.samples import IDX_NAMES, SmallSet, Web

pytestmark = pytest.mark.slow

SOON = 9.0
"""Seconds: far more than head starts take on a busy machine, less than the time-out of one mirror."""


@pytest.fixture
def mirror(web: Web, small: SmallSet, tmp_path: Path) -> Mirror:
    """A mirror of the small set's four gzipped files."""
    return web.mirror("idx", small.write_idx(tmp_path / "idx", suffix=".gz"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where downloads go."""
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture
def mute() -> Iterator[str]:
    """The address of a server that accepts and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


def test_mirrors_that_never_answer_cost_head_starts_and_not_their_time_outs(
    mute: str, mirror: Mirror, folder: Path
) -> None:
    started = time.monotonic()
    assert download([Mirror(mute, mirror.files), Mirror(mute, mirror.files), mirror], folder).origin == mirror.base
    assert 2 * race.HEAD_START <= time.monotonic() - started < SOON
    assert [path.name for path in folder.iterdir()] == ["arrived"]


def test_a_name_lookup_that_hangs_costs_a_head_start(
    mirror: Mirror, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up, ended = socket.getaddrinfo, threading.Event()

    def hangs(host: str, *more: object, **named: object) -> object:
        if host == "hangs.invalid":
            ended.wait(deadline())
        return look_up(host, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    started = time.monotonic()
    assert download([Mirror("http://hangs.invalid/", mirror.files), mirror], folder).origin == mirror.base
    assert time.monotonic() - started < SOON
    with pytest.raises(DownloadError, match=r"hangs\.invalid: no answer in time"):
        download([Mirror("http://hangs.invalid/", mirror.files, patience=0.2)], folder)
    ended.set()


def test_one_that_refuses_costs_nothing(mirror: Mirror, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(race, "HEAD_START", 60.0)
    started = time.monotonic()
    assert download([Mirror("http://127.0.0.1:9/", mirror.files), mirror], folder).origin == mirror.base
    assert time.monotonic() - started < 2 * SOON


def test_nobody_is_asked_beside_a_mirror_that_delivers(
    web: Web, mirror: Mirror, small: SmallSet, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(race, "LULL", 60.0)
    monkeypatch.setattr(race, "HEAD_START", 2.0)
    other = web.mirror("other", small.write_idx(tmp_path / "other", suffix=".gz"))
    web.held.add(f"/idx/{IDX_NAMES[0]}.gz")
    began = time.monotonic()

    def watch(_text: str, _share: float) -> None:
        if time.monotonic() - began > 3 * race.HEAD_START:
            web.second_half.set()

    assert download([mirror, other], folder, watch).origin == mirror.base
    assert [path for path in web.requests if path.startswith("/other/")] == []


def test_the_progress_does_not_fall_where_a_mirror_breaks_off_in_the_middle(
    web: Web, mirror: Mirror, small: SmallSet, tmp_path: Path, folder: Path
) -> None:
    other = web.mirror("other", small.write_idx(tmp_path / "other", suffix=".gz"))
    web.held.add(f"/idx/{IDX_NAMES[0]}.gz")
    web.cut.add(f"/idx/{IDX_NAMES[0]}.gz")
    shares: list[float] = []

    def watch(_text: str, share: float) -> None:
        shares.append(share)
        if share:
            web.second_half.set()

    assert download([mirror, other], folder, watch).origin == other.base
    assert shares == sorted(shares)
    assert any(0 < share < 1 for share in shares)


def test_one_that_stalls_in_the_middle_is_overtaken(
    web: Web, mirror: Mirror, small: SmallSet, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(race, "LULL", 0.2)
    other = web.mirror("other", small.write_idx(tmp_path / "other", suffix=".gz"))
    web.held.add(f"/idx/{IDX_NAMES[0]}.gz")
    shares: list[float] = []
    assert download([mirror, other], folder, lambda _text, share: shares.append(share)).origin == other.base
    assert shares == sorted(shares)
    assert 0 < shares[-2] <= shares[-1] == 1


def test_a_crawling_one_gets_a_rival_and_is_stopped(
    web: Web, mirror: Mirror, small: SmallSet, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in (("LULL", 60.0), ("PROOF", 0.2), ("SLOW", 0.1)):
        monkeypatch.setattr(race, name, seconds)
    other = web.mirror("other", small.write_idx(tmp_path / "other", suffix=".gz"))
    web.held |= {f"/idx/{IDX_NAMES[0]}.gz"}
    assert download([mirror, other], folder).origin == other.base


def test_one_that_was_stopped_for_being_slower_comes_back_where_the_faster_fails(
    web: Web, mirror: Mirror, small: SmallSet, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in (("LULL", 60.0), ("PROOF", 0.1), ("SLOW", 0.0)):
        monkeypatch.setattr(race, name, seconds)
    other = web.mirror("other", small.write_idx(tmp_path / "other", suffix=".gz"))
    # Both lack but their third file, which waits; the first is stopped, and what the second then sends is wrong.
    held = [f"/{name}/{IDX_NAMES[0]}.gz" for name in ("idx", "other")]
    web.held |= set(held)
    web.files[held[1]] = bytes(len(web.files[held[1]]))
    began: list[float] = []

    def watch(_text: str, _share: float) -> None:
        if held[1] in web.requests:
            began.append(time.monotonic())
        if began and time.monotonic() - began[0] > 2.0:
            web.second_half.set()

    assert download([mirror, other], folder, watch).origin == mirror.base
    assert web.requests.count(held[0]) == 2


def test_what_the_progress_raises_stops_even_those_that_never_answer(mute: str, mirror: Mirror, folder: Path) -> None:
    def stop(_text: str, _share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download([Mirror(mute, mirror.files)], folder, stop)
    assert list(folder.iterdir()) == []
