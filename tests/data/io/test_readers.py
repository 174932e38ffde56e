"""Files are known by their content, and belong together or not."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.checksums import idx_header
from mnist_dash.data.io.array_files import Format
from mnist_dash.data.io.readers import READERS, recognise_format
from tests.data.samples import write_idx

LABELS = np.array([5, 0, 4], np.uint8)
CONTENT = idx_header(LABELS) + LABELS.tobytes()


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        (CONTENT, Format.IDX),
        (gzip.compress(CONTENT, mtime=0), Format.IDX),
        (b"PK\x03\x04", Format.NPZ),
        (b"5,0,0\n", Format.CSV),
        (gzip.compress(b"label,pixel0\n", mtime=0), Format.CSV),
        (b"a poem\n, with a comma", None),
        (b"\x89PNG\r\n\x1a\n\x00,", None),
        (b"", None),
    ],
)
def test_a_format_is_known_by_its_content(tmp_path: Path, content: bytes, format_: Format | None) -> None:
    (tmp_path / "file").write_bytes(content)
    assert recognise_format(tmp_path / "file") is format_


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["b", "a"], ["b", "a"]),
        (["test labels", "test images"], ["test images", "test labels"]),
        (["t10k-b", "a", "t10k-a", "b"], ["b", "a", "t10k-b", "t10k-a"]),
        (["a"], None),
        (["a", "t10k-b"], None),
        (["a", "labels"], None),
        (["a", "b", "c", "d"], None),
        (["a", "b", "t10k-a"], None),
    ],
)
def test_idx_files_are_read_images_first_and_the_training_split_first(
    tmp_path: Path, names: list[str], order: list[str] | None
) -> None:
    for name in names:
        images = name.endswith(("b", "images", "d"))
        write_idx(tmp_path / name, np.zeros((3, 28, 28), np.uint8) if images else LABELS)
    arranged = READERS[Format.IDX].arrange([tmp_path / name for name in names])
    assert (arranged and [path.name for path in arranged]) == order


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["a"], ["a"]),
        (["test", "train"], ["train", "test"]),
        (["a", "b"], None),
        (["test", "testing"], None),
        (["train", "test", "b"], None),
    ],
)
def test_rows_come_in_one_file_or_in_two_of_which_one_says_test(names: list[str], order: list[str] | None) -> None:
    arranged = READERS[Format.CSV].arrange([Path(name) for name in names])
    assert (arranged and [path.name for path in arranged]) == order


def test_two_npz_files_are_no_set() -> None:
    assert READERS[Format.NPZ].arrange([Path("train.npz"), Path("test.npz")]) is None
