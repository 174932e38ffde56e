"""Images and labels in tables of their own are read as ARDIS' are written."""

from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.data.io.csv_pairs import is_label_table
from mnist_dash.data.io.discovery import Holdout
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.sources import ReadingOptions
from mnist_dash.errors import DataError


@pytest.fixture
def ardis(tmp_path: Path, calm: Digits) -> Path:
    """A folder as it is unpacked from the download: 28×28 pixels a line, and ten numbers a line for the labels."""
    folder = tmp_path / "ARDIS_DATASET_IV"
    folder.mkdir()
    for split, digits in (("train", calm.take(slice(60))), ("test", calm.take(slice(60, 90)))):
        np.savetxt(folder / f"ARDIS_{split}_2828.csv", digits.images.reshape(len(digits), 784), "%.6e")
        np.savetxt(folder / f"ARDIS_{split}_labels.csv", np.eye(10)[digits.labels], "%.6e")
    return folder


def test_ardis_is_read_from_its_folder_and_file_by_file(ardis: Path, calm: Digits) -> None:
    for paths in ([ardis], sorted(ardis.iterdir())):
        found = read_dataset(paths)
        assert np.array_equal(found.dataset.train.images, calm.images[:60])
        assert np.array_equal(found.dataset.train.labels, calm.labels[:60])
        assert np.array_equal(found.dataset.test.images, calm.images[60:90])
        assert np.array_equal(found.dataset.test.labels, calm.labels[60:90])
        assert "The labels of ARDIS_train_2828.csv are those of ARDIS_train_labels.csv." in found.notes


def test_one_split_alone_is_enough(ardis: Path) -> None:
    paths = [ardis / "ARDIS_train_2828.csv", ardis / "ARDIS_train_labels.csv"]
    found = read_dataset(paths, ReadingOptions(holdout=Holdout.NONE))
    assert (len(found.dataset.train), len(found.dataset.test)) == (60, 0)


def test_labels_that_are_missing_are_told(ardis: Path) -> None:
    (ardis / "ARDIS_test_labels.csv").unlink()
    with pytest.raises(DataError, match="there are 2 tables of images and 1 of labels; allowed is one of each"):
        read_dataset([ardis])


def test_labels_of_other_images_are_told(ardis: Path) -> None:
    labels = ardis / "ARDIS_train_labels.csv"
    labels.write_text("".join(labels.read_text().splitlines(keepends=True)[:-1]))
    with pytest.raises(DataError, match="There are 60 images but 59 labels"):
        read_dataset([ardis])


def test_labels_alone_are_no_set(ardis: Path) -> None:
    with pytest.raises(DataError):
        read_dataset([ardis / "ARDIS_train_labels.csv"])


@pytest.mark.parametrize(
    ("head", "known"),
    [(b"0 0 1 0 0 0 0 0 0 0\n", True), (b"0,1,0,0,0,0,0,0,0,0", True), (b"1 1 0 0 0 0 0 0 0 0", False), (b"7", False)],
)
def test_a_table_of_labels_is_known_by_its_first_line(head: bytes, known: bool) -> None:
    assert is_label_table(head) is known
