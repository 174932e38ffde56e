"""An archive that holds one archive is read as the folder that both hold, within the bounds of one."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.generator.writers import generate
from mnist_dash.data.io import archive
from mnist_dash.data.io.export import write
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.errors import DataError
from tests.data.archives import laid, pack, png, tarred, zipped

TRAIN = generate(140, 0)
Make = Callable[[Path, dict[str, bytes]], Path]
PICTURES = {f"digits/{label}/{at}.png": png(TRAIN.images[at]) for at, label in enumerate(TRAIN.labels.tolist())}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The digits as CSV."""
    path = tmp_path_factory.mktemp("rows") / "a.csv"
    write(path, TRAIN)
    return path.read_bytes()


@pytest.mark.parametrize("outer", ["folder", "a.zip", "powershell.zip", "a.tar", "a.tar.xz"])
@pytest.mark.parametrize("inner", ["b.zip", "b.tar", "b.tgz", "b.tar.bz2"])
def test_an_archive_alone_is_read_as_what_it_holds(tmp_path: Path, rows: bytes, outer: str, inner: str) -> None:
    packed = pack(tmp_path, inner, {"train/rows.csv": rows}).read_bytes()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    found = read_dataset([pack(tmp_path, outer, {f"mine/{inner}": packed, "mine/README.md": b"7"})], scratch=scratch)
    kind = "ZIP" if inner == "b.zip" else "TAR"
    assert (found.format, found.notes) == (f"CSV in a {kind}", (f"mine/{inner} was unpacked too.",))
    assert (len(found.dataset.train), len(found.dataset.test)) == (120, 20)
    assert np.array_equal(found.dataset.train.images[:100], TRAIN.images[:100])


def test_pictures_are_read_through_two_archives(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "b.zip", PICTURES).read_bytes()
    found = read_dataset([tarred(tmp_path / "a.tgz", {"b.zip": inner})])
    assert (found.format, len(found.dataset.train), found.left_out) == ("Pictures in a ZIP", 120, 0)


@pytest.mark.parametrize("outer", ["folder", "a.zip", "a.tar"])
def test_beside_a_set_an_archive_is_left_aside_and_told(tmp_path: Path, rows: bytes, outer: str) -> None:
    found = read_dataset([pack(tmp_path, outer, {"train.csv": rows, "older.zip": b"PK"})])
    assert found.notes == ("older.zip is an archive beside other files and is not used.",)
    assert len(found.dataset.train) == 120
    (tmp_path / "b").mkdir()
    found = read_dataset([pack(tmp_path / "b", outer, PICTURES | {"older.zip": b"PK"})])
    assert found.reasons == ("older.zip: lies in no folder of a digit",)


def test_several_archives_are_refused_with_their_names(tmp_path: Path) -> None:
    files = {"train.csv.zip": b"PK", "test.csv.zip": b"PK"}
    for path in (zipped(tmp_path / "a.zip", files), tarred(tmp_path / "a.tar", files), laid(tmp_path / "a", files)):
        words = r"a(\.zip|\.tar)? holds 2 archives \(.*train\.csv\.zip.*\); allowed is one\. Unpack them"
        with pytest.raises(DataError, match=words):
            read_dataset([path])
    with pytest.raises(DataError, match=r"\(a ZIP\) are no set of digits\. Bring an archive alone"):
        read_dataset([laid(tmp_path / "b", files) / name for name in files])


@pytest.mark.parametrize("make", [zipped, tarred])
def test_a_third_level_is_refused_by_its_name(tmp_path: Path, make: Make) -> None:
    innermost = zipped(tmp_path / "c.zip", {"a.csv": b"1"}).read_bytes()
    inner = make(tmp_path / "b", {"c.zip": innermost}).read_bytes()
    path = zipped(tmp_path / "a.zip", {f"b.{'zip' if make is zipped else 'tar'}": inner})
    with pytest.raises(DataError, match=r"a\.zip/b\.(zip|tar) holds 'c\.zip', which is an? (ZIP|archive) in an? ") as e:
        read_dataset([path])
    assert "scratch" not in str(e.value)
    assert "inner" not in str(e.value)


@pytest.mark.parametrize("make", [zipped, tarred])
def test_a_nested_bomb_is_judged_by_the_size_of_the_outer_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Make
) -> None:
    name = "b.zip" if make is zipped else "b.tgz"
    inner = make(tmp_path / name, {"0/a.csv": bytes(2_000_000)}).read_bytes()
    path = zipped(tmp_path / "a.zip", {name: inner})
    monkeypatch.setattr(archive, "SMALL", 1_000)
    monkeypatch.setattr(archive, "MAX_RATIO", 1_500)
    assert path.stat().st_size * 1_500 < 2_000_000 < len(inner) * 1_500
    assert len(inner) < path.stat().st_size * 1_500
    with pytest.raises(DataError, match=rf"a\.zip/{name} unpacks (from [0-9,]+ bytes to 2,000,000|to more than)"):
        read_dataset([path])


def test_a_damaged_archive_is_named_within_the_other(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.zip/b\.zip cannot be opened as ZIP"):
        read_dataset([zipped(tmp_path / "a.zip", {"b.zip": b"PK\x03\x04"})])


@pytest.mark.parametrize("pack_again", [gzip.compress, lzma.compress, bz2.compress], ids=["gz", "xz", "bz2"])
@pytest.mark.parametrize("pictures", [True, False], ids=["pictures", "rows"])
def test_a_zip_that_is_packed_once_more_is_read(
    tmp_path: Path, rows: bytes, pack_again: Callable[[bytes], bytes], pictures: bool
) -> None:
    inner = zipped(tmp_path / "b.zip", PICTURES if pictures else {"train/rows.csv": rows}).read_bytes()
    path = tmp_path / "a.zip.packed"
    path.write_bytes(pack_again(inner))
    found = read_dataset([path])
    assert (found.format, found.notes) == (
        "Pictures in a ZIP" if pictures else "CSV in a ZIP",
        ("a.zip.packed was unpacked too.",),
    )
    assert len(found.dataset.train) == 120


def test_arrays_that_are_packed_once_more_are_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x_train=TRAIN.images, y_train=TRAIN.labels)
    path = tmp_path / "a.npz.gz"
    path.write_bytes(gzip.compress((tmp_path / "a.npz").read_bytes()))
    found = read_dataset([path])
    assert len(found.dataset.train) == 120
    assert np.array_equal(found.dataset.train.images[:100], TRAIN.images[:100])


def test_a_zip_that_is_packed_once_more_and_is_a_bomb_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.zip.gz"
    path.write_bytes(gzip.compress(b"PK" + bytes(5_000_000)))
    monkeypatch.setattr(archive, "SMALL", 1_000)
    with pytest.raises(DataError, match=r"a\.zip\.gz unpacks to more than [0-9,]+ bytes\. Import a part of it"):
        read_dataset([path])


def test_a_damaged_zip_that_is_packed_once_more_is_named_as_it_came(tmp_path: Path) -> None:
    path = tmp_path / "a.zip.gz"
    path.write_bytes(gzip.compress(b"PK\x03\x04"))
    with pytest.raises(DataError, match=r"a\.zip\.gz cannot be opened as ZIP") as e:
        read_dataset([path])
    assert "packed/" not in str(e.value)
    whole = gzip.compress(zipped(tmp_path / "b.zip", PICTURES).read_bytes())
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"a\.zip\.gz is damaged"):
        read_dataset([path])
