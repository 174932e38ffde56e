"""MNIST that somebody already has is found under its usual names, and what is missing is named."""

import os
import re
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.data.io import idx_files
from mnist_dash.data.io.discovery import find_source, hold_out
from mnist_dash.errors import DataError
from tests.data.samples import IDX_NAMES, SmallSet, sample, write_npz

DOTTED = tuple(name.replace("-idx", ".idx") for name in IDX_NAMES)


def write_csv(path: Path, digits: Digits, labelled: bool = True) -> Path:
    pixels = digits.images.reshape(len(digits), -1)
    columns = [digits.labels[:, np.newaxis], pixels] if labelled else [pixels]
    np.savetxt(path, np.hstack(columns), fmt="%d", delimiter=",")
    return path


@pytest.mark.parametrize("names", [IDX_NAMES, DOTTED, tuple(name.upper() for name in IDX_NAMES)])
@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("below", [".", "raw", "MNIST/raw"])
def test_idx_files_are_found_in_any_usual_naming(
    tmp_path: Path, small: SmallSet, names: tuple[str, ...], suffix: str, below: str
) -> None:
    small.write_idx(tmp_path / below, names, suffix)
    source = find_source(tmp_path)
    loaded = source.load()
    assert source.reader is idx_files.READER
    assert loaded.notice is None
    assert np.array_equal(loaded.train.images, small.train.images)
    assert np.array_equal(loaded.test.labels, small.test.labels)


def test_an_npz_file_is_found_by_its_folder_and_by_its_name(tmp_path: Path, small: SmallSet) -> None:
    small.write_npz(tmp_path / "digits.npz")
    for path in (tmp_path, tmp_path / "digits.npz"):
        assert len(find_source(path).load().test) == 20


def test_of_several_npz_files_only_mnist_is_taken_unasked(tmp_path: Path, small: SmallSet) -> None:
    small.write_npz(tmp_path / "a.npz")
    small.write_npz(tmp_path / "b.npz")
    with pytest.raises(DataError, match=r"found a\.npz, b\.npz"):
        find_source(tmp_path)
    small.write_npz(tmp_path / "MNIST.NPZ")
    assert find_source(tmp_path).files == (tmp_path / "MNIST.NPZ",)


@pytest.mark.parametrize(("train", "test"), [("mnist_train.csv", "mnist_test.csv"), ("train.csv.gz", "test.csv")])
def test_two_csv_files_are_found_by_their_folder_and_by_the_first(
    tmp_path: Path, small: SmallSet, train: str, test: str
) -> None:
    write_csv(tmp_path / train, small.train)
    write_csv(tmp_path / test, small.test)
    loaded = find_source(tmp_path).load()
    assert loaded.notice is None
    assert (len(loaded.train), len(loaded.test)) == (70, 20)


def test_naming_the_training_csv_takes_its_partner_along(tmp_path: Path, small: SmallSet) -> None:
    named = write_csv(tmp_path / "my_train_digits.csv", small.train)
    partner = write_csv(tmp_path / "my_test_digits.csv", small.test)
    assert find_source(named).files == (named, partner)
    assert find_source(partner).files == (partner,)


def test_a_source_with_one_split_holds_out_the_last_seventh(tmp_path: Path, small: SmallSet) -> None:
    write_npz(tmp_path / "own.npz", small.train)
    loaded = find_source(tmp_path).load()
    assert (len(loaded.train), len(loaded.test)) == (60, 10)
    assert np.array_equal(loaded.test.images, small.train.images[-10:])
    assert loaded.notice == (
        "own.npz has no test split: the last seventh of each digit, 10 of 70 images, is held out as one."
    )


def test_held_out_digits_are_of_every_class_though_the_source_is_sorted(small: SmallSet) -> None:
    train, test = hold_out(small.train.take(np.argsort(small.train.labels, kind="stable")))
    assert np.bincount(train.labels).tolist() == [6] * 10
    assert np.bincount(test.labels).tolist() == [1] * 10


def test_a_test_csv_without_labels_is_left_aside(tmp_path: Path, small: SmallSet) -> None:
    write_csv(tmp_path / "train.csv", small.train)
    write_csv(tmp_path / "test.csv", small.test, labelled=False)
    loaded = find_source(tmp_path).load()
    assert len(loaded.test) == 10
    assert loaded.notice is not None
    assert loaded.notice.startswith("test.csv has no labels and is not used. train.csv has no test split")


def test_images_without_labels_cannot_be_trained_on(tmp_path: Path, small: SmallSet) -> None:
    path = write_csv(tmp_path / "test.csv", small.test, labelled=False)
    with pytest.raises(DataError, match="has images without labels"):
        find_source(path).load()


def test_a_source_too_small_for_a_test_split_is_refused(tmp_path: Path) -> None:
    write_npz(tmp_path / "few.npz", sample(6, 0))
    with pytest.raises(DataError, match=r"few\.npz leaves no image for the test split.* needed are 7 of one digit"):
        find_source(tmp_path).load()


def test_images_and_labels_of_different_files_must_fit(tmp_path: Path, small: SmallSet) -> None:
    small.write_idx(tmp_path)
    (tmp_path / IDX_NAMES[1]).write_bytes((tmp_path / IDX_NAMES[3]).read_bytes())
    with pytest.raises(DataError, match="70 images but 20 labels"):
        find_source(tmp_path).load()


def test_images_and_labels_that_changed_places_are_refused(tmp_path: Path, small: SmallSet) -> None:
    swapped = (IDX_NAMES[1], IDX_NAMES[0], *IDX_NAMES[2:])
    small.write_idx(tmp_path, swapped)
    with pytest.raises(DataError, match="an IDX file of images starts with 00 00 08 03"):
        find_source(tmp_path).load()


def test_a_missing_idx_file_is_named(tmp_path: Path, small: SmallSet) -> None:
    small.write_idx(tmp_path / "MNIST" / "raw", DOTTED, ".gz")
    (tmp_path / "MNIST" / "raw" / f"{DOTTED[3]}.gz").unlink()
    with pytest.raises(DataError, match=r"found MNIST/raw/t10k.*; missing is t10k-labels-idx1-ubyte \(or \.gz\)"):
        find_source(tmp_path)


@pytest.mark.parametrize(
    ("files", "words"),
    [((), "found no files; looked for were train-images"), (tuple("abcdefgh"), "found a, b, c, d, e, f and 2 more;")],
)
def test_a_folder_without_mnist_says_what_is_there(tmp_path: Path, files: tuple[str, ...], words: str) -> None:
    for name in files:
        (tmp_path / name).touch()
    with pytest.raises(DataError, match=re.escape(words)):
        find_source(tmp_path)


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is nothing at .*/nowhere"):
        find_source(tmp_path / "nowhere")


def test_a_file_of_no_known_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no digits here")
    with pytest.raises(DataError, match=r"notes\.txt is in no format that is read here"):
        find_source(tmp_path / "notes.txt")


def test_one_idx_file_leads_to_its_folder(tmp_path: Path, small: SmallSet) -> None:
    small.write_idx(tmp_path)
    with pytest.raises(DataError, match=f"Name their folder instead: {tmp_path}"):
        find_source(tmp_path / IDX_NAMES[0])


def test_the_key_changes_with_size_and_time_but_not_its_prefix(tmp_path: Path, small: SmallSet) -> None:
    source = find_source(small.write_npz(tmp_path / "mnist.npz"))
    first = source.key()
    os.utime(source.files[0], ns=(0, 1))
    second = source.key()
    with source.files[0].open("ab") as stream:
        stream.write(b"\x00")
    os.utime(source.files[0], ns=(0, 1))
    third = source.key()
    assert len({first, second, third}) == 3
    assert all(key.startswith(source.prefix()) for key in (first, second, third))
    assert source.key() == third
