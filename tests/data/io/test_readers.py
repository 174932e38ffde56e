"""Files are known by their content, and belong together or not."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.checksums import idx_header
from mnist_dash.data.io import idx_files, npz_files
from mnist_dash.data.io.csv_files import READER as CSV
from mnist_dash.data.io.reader import Reader
from mnist_dash.data.io.readers import READERS, find_reader
from mnist_dash.errors import DataError
from tests.data.samples import write_idx

LABELS = np.array([5, 0, 4], np.uint8)
CONTENT = idx_header(LABELS) + LABELS.tobytes()


@pytest.mark.parametrize(
    ("content", "reader"),
    [
        (CONTENT, idx_files.READER),
        (gzip.compress(CONTENT, mtime=0), idx_files.READER),
        (b"PK\x03\x04", npz_files.READER),
        (b"5,0,0\n", CSV),
        (gzip.compress(b"label,pixel0\n", mtime=0), CSV),
        (b"a poem\n, with a comma", None),
        (b"\x89PNG\r\n\x1a\n\x00,", None),
        (b"", None),
    ],
)
def test_a_format_is_known_by_its_content(tmp_path: Path, content: bytes, reader: Reader | None) -> None:
    (tmp_path / "file").write_bytes(content)
    assert find_reader(tmp_path / "file") is reader


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["b", "a"], ["b", "a"]),
        (["test labels", "test images"], ["test images", "test labels"]),
        (["t10k-b", "a", "t10k-a", "b"], ["b", "a", "t10k-b", "t10k-a"]),
        (["a"], None),
        (["a", "t10k-b"], None),
        (["a", "b", "t10k-a"], None),
        (["a", "test/b", "b", "test/a"], ["b", "a", "test/b", "test/a"]),
    ],
)
def test_idx_files_are_read_images_first_and_the_training_split_first(
    tmp_path: Path, names: list[str], order: list[str] | None
) -> None:
    (tmp_path / "test").mkdir()
    for name in names:
        images = name.endswith(("b", "images"))
        write_idx(tmp_path / name, np.zeros((3, 28, 28), np.uint8) if images else LABELS)
    arranged = idx_files.READER.arrange([tmp_path / name for name in names])
    assert (arranged and [path.relative_to(tmp_path).as_posix() for path in arranged]) == order


def test_idx_files_of_two_sets_are_named(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_idx(tmp_path / name, LABELS)
    with pytest.raises(DataError, match=r"/a and .*/b are both the labels of the training split, and differ"):
        idx_files.READER.arrange([tmp_path / "a", tmp_path / "b"])


ROW = "1" + ",0" * 784
UNLABELLED = ",".join(["0"] * 784)


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        ({"a": ROW}, ["a"]),
        ({"a": "ImageId,Label"}, ["a"]),
        ({"test": ROW, "train": ROW}, ["train", "test"]),
        ({"train": ROW, "test": UNLABELLED, "sample_submission": "ImageId,Label"}, ["train", "test"]),
        ({"b": UNLABELLED, "a": ROW, "c": UNLABELLED}, ["a", "b", "c"]),
        ({"test": ROW, "val": ROW, "train": ROW}, ["train", "val", "test"]),
        ({"test": ROW, "val": ROW}, ["val", "test"]),
        ({"a": UNLABELLED, "b": UNLABELLED}, ["a", "b"]),
        ({"train": f"\n{ROW}", "test": ROW}, ["train", "test"]),
        ({"test": f"\ufeff\r\n{ROW}", "train": f"\ufeff\n{ROW}"}, ["train", "test"]),
        ({"a": "ImageId,Label", "b": "ImageId,Label"}, None),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_rows_come_in_one_file_or_in_two_and_what_has_no_labels_comes_last(
    tmp_path: Path, rows: dict[str, str], order: list[str] | None
) -> None:
    for name, row in rows.items():
        (tmp_path / name).write_text(f"{row}\n", "utf-8")
    arranged = CSV.arrange([tmp_path / name for name in rows])
    assert (arranged and [path.name for path in arranged]) == order


@pytest.mark.parametrize("names", [("a", "b"), ("test", "testing"), ("train", "test", "b"), ("train", "val", "dev")])
def test_labelled_rows_of_which_names_do_not_say_what_for_are_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (tmp_path / name).write_text(f"{ROW}\n")
    with pytest.raises(DataError, match=f"^{', '.join(names)} all have labels, and their names do not say what each"):
        CSV.arrange([tmp_path / name for name in names])


def test_two_npz_files_are_a_set_by_their_names_and_other_zips_are_none() -> None:
    train, test = Path("train.npz"), Path("test.npz")
    assert npz_files.READER.arrange([test, train]) == (train, test)
    assert npz_files.READER.arrange([Path("train.csv.zip"), Path("test.csv.zip")]) is None


def test_every_format_has_a_name_and_endings_of_its_own() -> None:
    names = [reader.name for reader in READERS]
    assert len(set(names)) == len(names)
    assert all(suffix == suffix.lower() for reader in READERS for suffix in reader.suffixes)
    assert READERS[-1] is CSV
