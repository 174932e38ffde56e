"""LIBSVM is read as USPS and MNIST are kept for it."""

import bz2
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.arrays import AnyNumbers
from mnist_dash.data.dataset import Digits
from mnist_dash.data.io.discovery import Holdout
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.libsvm_files import READER, is_libsvm
from mnist_dash.data.io.sources import ReadingOptions
from mnist_dash.errors import DataError


def write_lines(rows: AnyNumbers, labels: AnyNumbers, *, sparse: bool) -> bytes:
    """A line for each row: the label, then number and value of every pixel, or of those alone that are not 0."""
    lines = (
        f"{label} " + " ".join(f"{at}:{value:g}" for at, value in enumerate(row, 1) if value or not sparse)
        for row, label in zip(rows, labels.tolist(), strict=True)
    )
    return "".join(f"{line} \n" for line in lines).encode()


def as_usps(digits: Digits) -> bytes:
    """16×16 pixels from −1 to 1, and labels from 1."""
    rows = digits.images[:, 6:22, 6:22].reshape(len(digits), 256) / 127.5 - 1
    return write_lines(rows, digits.labels + 1, sparse=False)


def test_usps_is_read_with_its_test_images(tmp_path: Path, calm: Digits) -> None:
    train, test = calm.take(slice(60)), calm.take(slice(60, 90))
    (tmp_path / "usps.bz2").write_bytes(bz2.compress(as_usps(train)))
    (tmp_path / "usps.t.bz2").write_bytes(bz2.compress(as_usps(test)))
    found = read_dataset([tmp_path / "usps.t.bz2", tmp_path / "usps.bz2"])
    assert (found.format, found.sizes) == ("LIBSVM", "16×16")
    assert np.array_equal(found.dataset.train.labels, train.labels)
    assert np.array_equal(found.dataset.test.labels, test.labels)
    assert found.notes[-2:] == ("Values from −1 to 1 became 0 to 1.", "Labels from 1 to 10 became the digits 0 to 9.")


def test_pixels_have_their_places_and_those_that_are_not_named_are_paper(tmp_path: Path, calm: Digits) -> None:
    digits = calm.take(slice(40))
    path = tmp_path / "mnist.scale"
    path.write_bytes(write_lines(digits.images.reshape(40, 784), digits.labels, sparse=True))
    assert is_libsvm(path.read_bytes()[:4096])
    found = read_dataset([path], ReadingOptions(holdout=Holdout.NONE))
    assert found.sizes == "28×28"
    assert np.array_equal(found.dataset.train.labels, digits.labels)
    assert np.array_equal(found.dataset.train.images, digits.images)


def test_a_text_that_begins_with_a_number_is_none() -> None:
    assert not is_libsvm(b"5 people wrote 10:30")
    assert not is_libsvm(b"7,0,0,0")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"3 1:0 2:x\n", r"Line 2 of .* is no label with NUMBER:VALUE"),
        (b"3 1:0 2\n", r"Line 2 of .* is no label with NUMBER:VALUE"),
        (b"3 0:1 2:5\n", r"Line 2 of .* numbers from 1 to 262,144"),
        (b"3 1:nan 2:5\n", r"Line 2 of .* is no label with NUMBER:VALUE"),
        (b"3 1:-5 2:0\n", r"The values run from -5 to 255; allowed are −1 to 1"),
        (b"12 1:0 2:0\n", r"allowed are the digits 0 to 9"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, calm: Digits, line: bytes, words: str) -> None:
    good = write_lines(calm.images[:1].reshape(1, 784), calm.labels[:1], sparse=False)
    (tmp_path / "mine.svm").write_bytes(good.replace(b"784:0", b"784:255") + line)
    with pytest.raises(DataError, match=words):
        read_dataset([tmp_path / "mine.svm"])


def test_files_whose_names_do_not_say_what_for_are_refused() -> None:
    with pytest.raises(DataError, match=r"a.svm, b.svm all have labels, and their names do not say what each is for"):
        READER.arrange([Path("a.svm"), Path("b.svm")])
