"""Files are opened, gzipped or not, and whatever goes wrong names them."""

import bz2
import gzip
import lzma
from pathlib import Path

import pytest

from mnist_dash.data.io import array_files
from mnist_dash.data.io.array_files import open_file, read_whole
from mnist_dash.errors import DataError


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_content_is_the_same_packed_or_not(tmp_path: Path, pack: type[bytes]) -> None:
    (tmp_path / "a").write_bytes(pack(b"digits"))
    with open_file(tmp_path / "a") as stream:
        assert stream.read() == b"digits"
    assert read_whole(tmp_path / "a") == b"digits"


def test_a_file_that_is_cut_off_or_no_file_is_named(tmp_path: Path) -> None:
    for pack in (gzip.compress, bz2.compress, lzma.compress):
        (tmp_path / "a").write_bytes(pack(b"digits")[:-3])
        with pytest.raises(DataError, match="a is damaged"):
            read_whole(tmp_path / "a")
    with pytest.raises(DataError, match="cannot be read"):
        read_whole(tmp_path)


def test_a_file_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(array_files, "MAX_ARRAYS", 1_000)
    for pack in (gzip.compress, bz2.compress, lzma.compress):
        (tmp_path / "a").write_bytes(pack(bytes(1_001)))
        with pytest.raises(DataError, match="holds more than 1,000 bytes"):
            read_whole(tmp_path / "a")
