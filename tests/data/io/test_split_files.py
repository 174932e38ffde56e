"""Files of several splits are known by their names, and make one set."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from scipy.io import savemat  # type: ignore[import-untyped]

from mnist_dash.data.dataset import Digits
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.parquet_files import write_parquet
from mnist_dash.data.io.split_files import TEST, VALIDATION, find_split
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError
from tests.data.io.test_libsvm_files import write_lines
from tests.data.io.test_one_hot_rows import as_semeion
from tests.data.samples import write_idx

Write = Callable[[Path, str, Digits], None]
"""Writes the digits of a split into a folder, under its name."""


def write_npz(folder: Path, split: str, digits: Digits) -> None:
    np.savez(folder / f"{split}.npz", images=digits.images, labels=digits.labels)


def write_npz_with_names(folder: Path, split: str, digits: Digits) -> None:
    arrays: dict[str, Any] = {f"x_{split}": digits.images, f"y_{split}": digits.labels}
    np.savez(folder / f"mnist_{split}.npz", **arrays)


def write_hdf5(folder: Path, split: str, digits: Digits) -> None:
    with h5py.File(folder / f"{split}.h5", "w") as made:
        made["X"], made["y"] = digits.images, digits.labels


def write_matlab(folder: Path, split: str, digits: Digits) -> None:
    """The number of images last, as MATLAB likes it."""
    savemat(folder / f"{split}_28x28.mat", {"X": np.moveaxis(digits.images, 0, -1), "y": digits.labels.reshape(-1, 1)})


def write_arff(folder: Path, split: str, digits: Digits) -> None:
    names = "".join(f"@ATTRIBUTE pixel{at} real\n" for at in range(784))
    rows = np.column_stack([digits.images.reshape(-1, 784), digits.labels])
    body = "\n".join(",".join(map(str, row)) for row in rows)
    (folder / f"{split}.arff").write_text(f"@RELATION digits\n{names}@ATTRIBUTE class numeric\n@DATA\n{body}\n")


def write_libsvm(folder: Path, split: str, digits: Digits) -> None:
    (folder / f"{split}.svm").write_bytes(write_lines(digits.images.reshape(-1, 784), digits.labels, sparse=True))


def write_parquet_file(folder: Path, split: str, digits: Digits) -> None:
    made = io.BytesIO()
    write_parquet(made, digits, silent)
    (folder / f"{split}-00000-of-00001.parquet").write_bytes(made.getvalue())


def write_idx_files(folder: Path, split: str, digits: Digits) -> None:
    write_idx(folder / f"{split}-images-idx3-ubyte", digits.images)
    write_idx(folder / f"{split}-labels-idx1-ubyte", digits.labels)


def write_csv(folder: Path, split: str, digits: Digits) -> None:
    rows = np.column_stack([digits.labels, digits.images.reshape(-1, 784)])
    (folder / f"{split}.csv").write_text("\n".join(",".join(map(str, row)) for row in rows))


def write_rows_of_ink(folder: Path, split: str, digits: Digits) -> None:
    (folder / f"{split}.data").write_text("\n".join([*as_semeion(digits), ""]))


EVERY_FORMAT = (
    *(write_npz, write_npz_with_names, write_hdf5, write_matlab, write_arff, write_libsvm, write_parquet_file),
    *(write_idx_files, write_csv, write_rows_of_ink),
)


@pytest.mark.parametrize("write", EVERY_FORMAT)
@pytest.mark.parametrize("packed", [False, True], ids=["chosen", "folder"])
def test_every_format_takes_a_file_for_each_split(tmp_path: Path, calm: Digits, write: Write, packed: bool) -> None:
    """Images for validation join the training images, whichever file was named first."""
    train, more, test = calm.take(slice(50)), calm.take(slice(50, 70)), calm.take(slice(70, 100))
    for split, digits in (("test", test), ("val", more), ("train", train)):
        write(tmp_path, split, digits)
    found = read_dataset([tmp_path] if packed else sorted(tmp_path.iterdir()))
    assert found.dataset.train.labels.tolist() == [*train.labels.tolist(), *more.labels.tolist()]
    assert np.array_equal(found.dataset.test.labels, test.labels)
    assert any(
        note.startswith("The 20 images of ") and "joined the training images: a run draws its own" in note
        for note in found.notes
    )


@pytest.mark.parametrize("write", EVERY_FORMAT)
def test_without_training_images_those_for_validation_are_learnt_from(
    tmp_path: Path, calm: Digits, write: Write
) -> None:
    for split, digits in (("validation", calm.take(slice(50))), ("test", calm.take(slice(50, 80)))):
        write(tmp_path, split, digits)
    found = read_dataset([tmp_path])
    assert (len(found.dataset.train), len(found.dataset.test)) == (50, 30)


def test_the_archive_of_machine_learning_names_its_splits_by_their_endings(tmp_path: Path, calm: Digits) -> None:
    """As optdigits.tra and optdigits.tes."""
    for ending, digits in (("tra", calm.take(slice(60))), ("tes", calm.take(slice(60, 90)))):
        rows = np.column_stack([digits.images.reshape(-1, 784), digits.labels])
        (tmp_path / f"optdigits.{ending}").write_text("\n".join(",".join(map(str, row)) for row in rows))
    found = read_dataset([tmp_path])
    assert found.dataset.train.labels.tolist() == calm.labels[:60].tolist()
    assert found.dataset.test.labels.tolist() == calm.labels[60:90].tolist()


def test_splits_of_two_scales_are_refused_and_never_blank(tmp_path: Path, calm: Digits) -> None:
    """Somebody scaled the training images alone, or the images for validation."""
    images, labels = calm.images[:40] / 255, calm.labels[:40]
    for name in ("x_test", "x_val"):
        other = name.replace("x", "y")
        arrays: dict[str, Any] = {"x_train": images * 255, "y_train": labels, name: images[:10], other: labels[:10]}
        np.savez(tmp_path / "a.npz", **arrays)
        with pytest.raises(DataError, match=f"x_train up to 255 and {name} up to 1; both must be of one scale"):
            read_dataset([tmp_path / "a.npz"])
    for name, part in (("train", images * 255), ("val", images)):
        np.savez(tmp_path / f"{name}.npz", images=part, labels=labels)
    with pytest.raises(DataError, match=r"up to 255 and .*up to 1; both must be of one scale"):
        read_dataset([tmp_path / "train.npz", tmp_path / "val.npz"])


def test_images_for_validation_of_another_size_are_refused(tmp_path: Path, calm: Digits) -> None:
    write_arff(tmp_path, "train", calm.take(slice(30)))
    small = "".join(f"@ATTRIBUTE p{at} real\n" for at in range(64))
    row = ",".join(["0"] * 63 + ["255", "3"])
    (tmp_path / "val.arff").write_text(f"@RELATION a\n{small}@ATTRIBUTE class numeric\n@DATA\n{row}\n{row}\n")
    with pytest.raises(DataError, match=r"val\.arff has images of 64 values and train\.arff of 784; all must be"):
        read_dataset([tmp_path])


@pytest.mark.parametrize("write", [write_npz, write_hdf5, write_matlab, write_arff, write_libsvm, write_rows_of_ink])
def test_names_that_do_not_say_what_for_are_refused(tmp_path: Path, calm: Digits, write: Write) -> None:
    for name in ("one", "other"):
        write(tmp_path, name, calm.take(slice(20) if name == "one" else slice(20, 40)))
    with pytest.raises(DataError, match=r"all have labels, and their names do not say what each is for; allowed are"):
        read_dataset(sorted(tmp_path.iterdir()))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("t10k-images", True),
        ("mnist_test.csv", True),
        ("X_TEST.npy", True),
        ("test/images.npy", True),
        ("Testing/images.npy", True),
        ("test/train.csv", False),
        ("train.csv", False),
        ("tests/images.npy", False),
        ("images", False),
        ("usps.t", True),
        ("usps.t.bz2", True),
        ("usps.txt", False),
    ],
)
def test_the_test_split_is_known_by_its_name_or_its_folder(name: str, expected: bool) -> None:
    assert (find_split(Path("/somewhere") / name) == TEST) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("validation.csv", True),
        ("mnist_val.csv", True),
        ("VALID.csv", True),
        ("dev-00.csv", True),
        ("val/rows.csv", True),
        ("val/train.csv", False),
        ("test_val.csv", False),
        ("test/val.csv", False),
        ("values.csv", False),
        ("interval.csv", False),
        ("device.csv", False),
        ("train.csv", False),
    ],
)
def test_images_for_validation_are_known_by_their_name_or_folder(name: str, expected: bool) -> None:
    assert (find_split(Path("/somewhere") / name) == VALIDATION) is expected
