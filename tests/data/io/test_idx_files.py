"""IDX files are read exactly, or refused with what is wrong; QMNIST's labels say who wrote each digit too."""

import gzip
import hashlib
import re
import struct
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.checksums import idx_sha256
from mnist_dash.data.io import idx_files
from mnist_dash.data.io.idx_files import is_idx, read_idx, read_idx_set
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError
from tests.data.samples import sample, write_idx

LABELS = np.array([5, 0, 4], np.uint8)
CONTENT = struct.pack(">II", 0x801, 3) + LABELS.tobytes()
ZIPPED = gzip.compress(CONTENT, mtime=0)


def test_idx_has_the_layout_that_was_published(tmp_path: Path) -> None:
    write_idx(tmp_path / "labels", LABELS)
    assert (tmp_path / "labels").read_bytes() == CONTENT
    assert idx_sha256(LABELS) == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize("name", ["images", "images.gz"])
def test_idx_comes_back_as_it_was_written(tmp_path: Path, name: str) -> None:
    images = sample(5, 0).images
    write_idx(tmp_path / name, images)
    assert (tmp_path / name).read_bytes().startswith(b"\x1f\x8b") == name.endswith(".gz")
    read = read_idx(tmp_path / name)
    assert read.dtype == np.uint8
    assert np.array_equal(read, images)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "starts with nothing"),
        (b"PNG", "starts with 50 4e 47; an IDX file starts with 00 00"),
        (CONTENT[:6], "ends within its header, after 6 bytes"),
        (CONTENT[:-1], "only 2 bytes after its header, which promises 3 = 3"),
        (CONTENT + b"\x00", "more bytes after its header"),
        (
            struct.pack(">II", 0x801, 0xFFFFFFFF) + b"\x01",
            "only 1 bytes after its header, which promises 4,294,967,295",
        ),
        (ZIPPED[:-9], "is damaged"),
        (ZIPPED[:10] + b"\xff" * 12, "is damaged: Error -3"),
        (ZIPPED[:-8] + b"\x00" * 8, "is damaged: CRC"),
    ],
)
def test_a_broken_idx_file_is_refused_with_what_is_wrong(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "labels").write_bytes(content)
    with pytest.raises(DataError, match=rf"labels.*{re.escape(words)}"):
        read_idx(tmp_path / "labels")


def test_an_idx_file_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idx_files, "MAX_ARRAYS", 1_000_000)
    header = struct.pack(">II", 0x801, 0xFFFFFFFF)
    (tmp_path / "labels.gz").write_bytes(gzip.compress(header + bytes(5_000_000)))
    with pytest.raises(DataError, match="holds more than 1,000,000 bytes"):
        read_idx(tmp_path / "labels.gz")


def test_a_file_that_cannot_be_opened_is_a_data_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_idx(tmp_path)


@pytest.mark.parametrize(
    "kind", [(0x08, "u1"), (0x09, "i1"), (0x0B, ">i2"), (0x0C, ">i4"), (0x0D, ">f4"), (0x0E, ">f8")]
)
def test_every_type_of_values_is_read(tmp_path: Path, kind: tuple[int, str]) -> None:
    values = np.array([[1, 2], [3, 4]], kind[1])
    (tmp_path / "a").write_bytes(bytes([0, 0, kind[0], 2]) + struct.pack(">II", 2, 2) + values.tobytes())
    assert is_idx((tmp_path / "a").read_bytes())
    assert read_idx(tmp_path / "a").tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("head", [b"", b"\x00\x00\x08", b"\x00\x00\x07\x01", b"\x00\x00\x08\x05", b"\x00\x01\x08\x01"])
def test_other_beginnings_are_no_idx(head: bytes) -> None:
    assert not is_idx(head)


def qmnist(path: Path, columns: int = 8) -> Path:
    """QMNIST's labels: digit, series, writer and five more numbers for each image."""
    rows = np.zeros((5, columns), ">i4")
    rows[:, 0], rows[:, 2] = [3, 1, 4, 1, 5], [2500, 2501, 2500, 3999, 2501]
    path.write_bytes(bytes([0, 0, 0x0C, 2]) + struct.pack(">II", 5, columns) + rows.tobytes())
    return path


def test_qmnists_labels_name_digit_and_writer(tmp_path: Path) -> None:
    write_idx(tmp_path / "images", sample(5, 0).images)
    files = tmp_path / "images", qmnist(tmp_path / "qmnist-train-labels-idx2-int")
    assert idx_files.READER.arrange(files[::-1]) == files
    found = read_idx_set(files, silent).train
    assert found.labels.tolist() == [3, 1, 4, 1, 5]
    assert found.writers is not None
    assert found.writers.tolist() == [2500, 2501, 2500, 3999, 2501]


def test_labels_of_another_shape_are_refused(tmp_path: Path) -> None:
    write_idx(tmp_path / "images", sample(5, 0).images)
    with pytest.raises(DataError, match=r"holds labels of shape \(5, 7\); allowed is one for each image, or QMNIST's"):
        read_idx_set((tmp_path / "images", qmnist(tmp_path / "labels", 7)), silent)


def test_images_and_labels_in_each_others_place_are_refused(tmp_path: Path) -> None:
    write_idx(tmp_path / "images", sample(3, 0).images)
    write_idx(tmp_path / "labels", LABELS)
    with pytest.raises(DataError, match="labels starts with 00 00 08 01; an IDX file of images starts"):
        read_idx_set((tmp_path / "labels", tmp_path / "images"), silent)
    with pytest.raises(DataError, match="images starts with 00 00 08 03; an IDX file of labels starts"):
        read_idx_set((tmp_path / "images", tmp_path / "images"), silent)
