"""A ZIP file is checked before anything of it is unpacked, and never gives more than it says."""

import re
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from mnist_dash.data.io import archive, limits
from mnist_dash.data.io.archive import open_archive
from mnist_dash.errors import DataError
from tests.data.archives import zipped


def test_files_are_read_and_unpacked_in_their_folders(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"one/a.csv": b"a" * 3_000_000, "b.csv": b"b", "one/": b""})
    with open_archive(path) as opened:
        assert [opened.content(entry)[:1] for entry in opened.entries] == [b"a", b"b"]
        (tmp_path / "out").mkdir()
        files = opened.unpack(opened.entries, tmp_path / "out")
    found = [(file.relative_to(tmp_path / "out").as_posix(), file.stat().st_size) for file in files]
    assert found == [("one/a.csv", 3_000_000), ("b.csv", 1)]


def test_backslashes_part_folders_as_powershell_writes_them(tmp_path: Path) -> None:
    with open_archive(zipped(tmp_path / "a.zip", {"one\\two\\a.csv": b"a", "one\\": b""})) as opened:
        (entry,) = opened.entries
        (file,) = opened.unpack(opened.entries, tmp_path / "out")
        assert (entry.filename, opened.content(entry)) == ("one/two/a.csv", b"a")
    assert file == tmp_path / "out" / "one" / "two" / "a.csv"


@pytest.mark.parametrize("names", [("a", "a/b"), ("a/b", "a"), ("x" * 300, "b")])
def test_names_that_no_disk_can_hold_are_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    path = zipped(tmp_path / "a.zip", dict.fromkeys(names, b"a"))
    with open_archive(path) as opened, pytest.raises(DataError, match=r"a\.zip holds '.*, which cannot be unpacked"):
        opened.unpack(opened.entries, tmp_path / "out")


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../up.png", "0/../../up.png", "C:/x.png", "..\\x.png", "C:\\x.png", "\\x.png"]
)
def test_a_name_outside_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "a.zip", {"0/a.png": b"", "0/b_.png": b""})
    other, told = name.encode(), re.escape(repr(name.replace("\\", "/")))
    with zipfile.ZipFile(path, "a") as opened:
        entry = zipfile.ZipInfo("x")
        entry.filename = name
        opened.writestr(entry, b"")
    assert other in path.read_bytes()
    with (
        pytest.raises(DataError, match=f"holds {told}, which is no name inside a folder"),
        open_archive(path),
    ):
        pytest.fail("it was opened")


def test_links_encrypted_files_and_zips_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("0/link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as made:
        made.writestr(link, "/etc/passwd")
    zipped(tmp_path / "nested.zip", {"more.ZIP": b"PK"})
    content = bytearray(zipped(tmp_path / "secret.zip", {"a.png": b"a"}).read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "secret.zip").write_bytes(content)
    for name, words in (("link", "a link"), ("nested", "a ZIP in a ZIP"), ("secret", "encrypted")):
        with pytest.raises(DataError, match=f"which is {words}"), open_archive(tmp_path / f"{name}.zip"):
            pytest.fail("it was opened")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr("0/a.png", b"1")
        made.writestr("0/a.png", b"2")
    with pytest.raises(DataError, match=r"holds '0/a\.png', which is there twice"), open_archive(tmp_path / "a.zip"):
        pytest.fail("it was opened")


def test_a_bomb_is_refused_by_its_ratio_and_by_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "a.zip", {"0/a.png": bytes(2_000_000)})
    with open_archive(path):
        pass
    monkeypatch.setattr(archive, "SMALL", 1_000_000)
    with pytest.raises(DataError, match=r"unpacks from [\d,]+ bytes to 2,000,000"), open_archive(path):
        pytest.fail("it was opened")
    monkeypatch.setattr(archive, "MAX_BYTES", 1_000_000)
    monkeypatch.setattr(archive, "MAX_RATIO", 1_000_000)
    with pytest.raises(DataError, match="allowed are 1,000,000"), open_archive(path):
        pytest.fail("it was opened")


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_says(tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path / "a.zip", {"a.csv": bytes(50_000_000)}).read_bytes())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(mark) + at
        content[start : start + 4] = struct.pack("<I", 1_000)
    (tmp_path / "a.zip").write_bytes(content)
    words = r"is damaged at 'a\.csv' \(Bad CRC-32"
    with open_archive(tmp_path / "a.zip") as opened, pytest.raises(DataError, match=words):
        opened.unpack(opened.entries, tmp_path)
    assert (tmp_path / "a.csv").stat().st_size <= 1_000


def test_too_many_files_are_refused_before_each_becomes_an_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(tmp_path / "a.zip", {f"{n}": b"" for n in range(100)})
    monkeypatch.setattr(archive, "MAX_FILES", 99)
    with pytest.raises(DataError, match="holds 100 files; allowed are 99"), open_archive(path):
        pytest.fail("it was opened")
    monkeypatch.setattr(archive, "TABLE", 99)
    with (
        pytest.raises(DataError, match=r"its table of contents has [0-9,]+ bytes; allowed are 99"),
        open_archive(path),
    ):
        pytest.fail("it was opened")
    assert limits.MAX_FILES == 200_000


@pytest.mark.parametrize("keep", [0, 10, -5])
def test_a_damaged_archive_is_refused(tmp_path: Path, keep: int) -> None:
    content = zipped(tmp_path / "a.zip", {"a": b"abc"}).read_bytes()
    (tmp_path / "a.zip").write_bytes(content[:keep])
    with pytest.raises(DataError, match="cannot be opened as ZIP"), open_archive(tmp_path / "a.zip"):
        pytest.fail("it was opened")


def test_a_damaged_file_in_an_archive_is_named(tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path / "a.zip", {"a.png": bytes(range(256))}).read_bytes())
    content[60] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(content)
    with open_archive(tmp_path / "a.zip") as opened, pytest.raises(DataError, match=r"damaged at 'a\.png'"):
        opened.content(opened.entries[0])


def test_an_archive_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"), open_archive(tmp_path / "a.zip"):
        pytest.fail("it was opened")
