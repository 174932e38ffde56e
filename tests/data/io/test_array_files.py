"""Files of digits are read exactly, or refused with what is wrong."""

import gzip
import hashlib
import re
import struct
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.checksums import idx_sha256
from mnist_dash.data.io import array_files
from mnist_dash.data.io.array_files import read_idx, read_npz
from mnist_dash.errors import DataError
from tests.data.samples import sample, write_idx, write_npz

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
    read = read_idx(tmp_path / name, axes=3)
    assert read.dtype == np.uint8
    assert np.array_equal(read, images)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "starts with nothing"),
        (struct.pack(">II", 0x803, 3), "starts with 00 00 08 03; an IDX file of labels starts with 00 00 08 01"),
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
        read_idx(tmp_path / "labels", axes=1)


def test_an_idx_file_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(array_files, "MAX_ARRAYS", 1_000_000)
    header = struct.pack(">II", 0x801, 0xFFFFFFFF)
    (tmp_path / "labels.gz").write_bytes(gzip.compress(header + bytes(5_000_000)))
    with pytest.raises(DataError, match="holds more than 1,000,000 bytes"):
        read_idx(tmp_path / "labels.gz", axes=1)


def test_a_file_that_cannot_be_opened_is_a_data_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_idx(tmp_path, axes=1)


def test_npz_keeps_both_splits_under_the_names_of_keras(tmp_path: Path) -> None:
    train, test = sample(20, 0), sample(10, 1)
    write_npz(tmp_path / "mnist.npz", train, test)
    with np.load(tmp_path / "mnist.npz") as archive:
        assert sorted(archive) == ["x_test", "x_train", "y_test", "y_train"]
    splits = read_npz(tmp_path / "mnist.npz")
    assert np.array_equal(splits.train.images, train.images)
    assert splits.test is not None
    assert np.array_equal(splits.test.labels, test.labels)


def test_npz_may_hold_one_split(tmp_path: Path) -> None:
    write_npz(tmp_path / "own", sample(20, 0))
    assert read_npz(tmp_path / "own").test is None


@pytest.mark.parametrize("shape", [(2, 28, 28, 1), (2, 784), (2, 28, 28)])
def test_npz_takes_other_integers_and_shapes_of_the_same_images(tmp_path: Path, shape: tuple[int, ...]) -> None:
    pixels = np.arange(2 * 784) % 256
    np.savez(tmp_path / "a.npz", x_train=pixels.reshape(shape), y_train=np.array([3, 4]))
    train = read_npz(tmp_path / "a.npz").train
    assert train.images.dtype == np.uint8
    assert np.array_equal(train.images.ravel(), pixels)


IMAGES = np.zeros((3, 28, 28), np.uint8)


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"images": IMAGES, "labels": LABELS}, "holds images, labels; needed are x_train and y_train"),
        ({"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES}, "holds x_train, y_train, x_test; needed"),
        ({"x_train": IMAGES, "y_train": LABELS[:2]}, "3 images but 2 labels"),
        ({"x_train": IMAGES, "y_train": LABELS + 5}, "Label 0 is 10"),
        ({"x_train": IMAGES, "y_train": np.array([1, 2, 256])}, "from 1 to 256"),
        ({"x_train": IMAGES / 255, "y_train": LABELS}, "images are float64"),
        ({"x_train": IMAGES[:, 1:], "y_train": LABELS}, "shape (3, 27, 28)"),
        ({"x_train": IMAGES.astype(object), "y_train": LABELS}, "cannot be read as NPZ: Object arrays"),
    ],
)
def test_an_npz_file_without_digits_is_refused(tmp_path: Path, arrays: dict[str, np.ndarray], words: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(DataError, match=rf"a\.npz.*{re.escape(words)}"):
        read_npz(tmp_path / "a.npz")


def test_a_damaged_npz_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    write_npz(path, sample(20, 0))
    whole = path.read_bytes()
    for content in (whole[:-30], whole[:4000] + b"\x00" * 100 + whole[4100:], b"PK\x03\x04"):
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"a\.npz cannot be read as NPZ"):
            read_npz(path)
    path.write_bytes(b"x_train")
    with pytest.raises(DataError, match="is not an NPZ file"):
        read_npz(path)
