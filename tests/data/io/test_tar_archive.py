"""A TAR gives plain files below its folder, bounded in size and number, and nothing else."""

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from mnist_dash.data.io import archive, tar_archive
from mnist_dash.data.io.tar_archive import is_tar, unpack_tar
from mnist_dash.errors import DataError
from tests.data.archives import tarred, zipped


@pytest.mark.parametrize("name", ["a.tar", "a.tgz", "a.tar.xz", "a.tar.bz2"])
def test_files_are_unpacked_in_their_folders(tmp_path: Path, name: str) -> None:
    files = {"./b.csv": b"b", "one/a.csv": b"a" * 3_000_000, "one\\two\\c": b"c", "n" * 120: b""}
    path = tarred(tmp_path / name, files)
    assert is_tar(path)
    unpack_tar(path, out := tmp_path / "out")
    found = [file for file in out.rglob("*") if file.is_file()]
    sizes = {file.relative_to(out).as_posix(): file.stat().st_size for file in found}
    assert sizes == {"b.csv": 1, "one/a.csv": 3_000_000, "one/two/c": 1, "n" * 120: 0}


@pytest.mark.parametrize("content", [b"", b"label,pixel0\n" * 100, bytes(600), b"\x00\x00\x08\x03" + bytes(600)])
def test_other_files_are_no_tar(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    assert not is_tar(tmp_path / "a")
    assert not is_tar(zipped(tmp_path / "a.zip", {"a": content}))


@pytest.mark.parametrize("name", ["/etc/passwd", "../up.png", "0/../../up.png", "C:/x.png", "..\\x.png", "\\x.png"])
def test_a_name_outside_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    path = tarred(tmp_path / "a.tar", {name: b"x"})
    with pytest.raises(DataError, match=r"a\.tar holds '.*', which is no name inside a folder\. Make it again"):
        unpack_tar(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (tarfile.SYMTYPE, "a link"),
        (tarfile.LNKTYPE, "a link"),
        (tarfile.CHRTYPE, "no plain file"),
        (tarfile.BLKTYPE, "no plain file"),
        (tarfile.FIFOTYPE, "no plain file"),
        (tarfile.GNUTYPE_SPARSE, "no plain file"),
    ],
)
def test_what_is_no_plain_file_is_refused(tmp_path: Path, kind: bytes, words: str) -> None:
    member = tarfile.TarInfo("a.csv")
    member.type, member.linkname = kind, "/etc/passwd"
    with tarfile.open(tmp_path / "a.tar", "w") as made:
        made.addfile(member)
    with pytest.raises(DataError, match=f"which is {words}"):
        unpack_tar(tmp_path / "a.tar", tmp_path / "out")


@pytest.mark.parametrize("name", ["a.ZIP", "b.tar.gz", "c.txz", "d.tar.bz2"])
def test_an_archive_in_an_archive_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="which is an archive in an archive"):
        unpack_tar(tarred(tmp_path / "a.tar", {name: b""}), tmp_path / "out")


def test_a_file_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = tarred(tmp_path / "a.tar", {"a.csv": b"1", "./a.csv": b"2"})
    with pytest.raises(DataError, match=r"holds './a\.csv', which cannot be unpacked"):
        unpack_tar(path, tmp_path / "out")


def test_a_bomb_is_refused_before_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tarred(tmp_path / "a.tgz", {"a.csv": b"", "b.csv": bytes(2_000_000)})
    monkeypatch.setattr(archive, "SMALL", 1_000_000)
    with pytest.raises(DataError, match=r"a\.tgz unpacks to more than 1,000,000 bytes"):
        unpack_tar(path, tmp_path / "out")
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["a.csv"]
    monkeypatch.setattr(tar_archive, "MAX_FILES", 1)
    with pytest.raises(DataError, match="or 1 files"):
        unpack_tar(tarred(tmp_path / "b.tar", {"a": b"", "b": b""}), tmp_path / "more")


def test_a_name_that_would_fill_the_memory_is_not_read(tmp_path: Path) -> None:
    member = tarfile.TarInfo("././@LongLink")
    member.type, member.size = tarfile.GNUTYPE_LONGNAME, 1_000_000_000
    (tmp_path / "a.tar").write_bytes(member.tobuf() + bytes(1024))
    with pytest.raises(DataError, match="a record of 1,000,000,000 bytes that is no file; allowed are 100,000"):
        unpack_tar(tmp_path / "a.tar", tmp_path / "out")


@pytest.mark.parametrize("keep", [600, -20])
def test_a_tar_that_is_cut_off_is_refused(tmp_path: Path, keep: int) -> None:
    whole = gzip.decompress(tarred(tmp_path / "a.tgz", {"a.csv": b"x" * 20_000}).read_bytes())
    content = io.BytesIO(whole[:keep]).getvalue() if keep > 0 else (tmp_path / "a.tgz").read_bytes()[:keep]
    (tmp_path / "b.tar").write_bytes(content)
    with pytest.raises(DataError, match=r"b\.tar is damaged"):
        unpack_tar(tmp_path / "b.tar", tmp_path / "out")
