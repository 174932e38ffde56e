"""Rows that end with a one-hot label are read as Semeion's are written."""

from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.data.io.discovery import Holdout
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.one_hot_rows import is_one_hot
from mnist_dash.data.io.sources import ReadingOptions
from mnist_dash.errors import DataError


def as_semeion(digits: Digits) -> list[str]:
    """16×16 pixels that are ink or none, with four decimals, ten numbers for the label, and a space at the end."""
    inked = digits.images[:, 6:22, 6:22].reshape(len(digits), 256) > 127
    return [
        "".join(f"{pixel:.4f} " for pixel in row) + "".join(f"{int(digit == label)} " for digit in range(10))
        for row, label in zip(inked.astype(float), digits.labels.tolist(), strict=True)
    ]


def test_semeion_is_read(tmp_path: Path, calm: Digits) -> None:
    digits, path = calm.take(slice(50)), tmp_path / "semeion.data"
    path.write_text("\n".join([*as_semeion(digits), ""]))
    assert is_one_hot(path.read_bytes()[:4096])
    found = read_dataset([path], ReadingOptions(holdout=Holdout.NONE))
    assert (found.format, found.sizes) == ("Semeion", "16×16")
    assert np.array_equal(found.dataset.train.labels, digits.labels)
    assert "The label is the one of the last ten values that is 1." in found.notes


@pytest.mark.parametrize(
    "head",
    [
        b"1 0 0",
        b"a poem, in one line\n",
        b",".join([b"0"] * 785) + b"\n",
        b" ".join([b"0"] * 256 + [b"1"] * 10) + b"\n",
        b" ".join([b"0"] * 16 + [b"1"] + [b"0"] * 9) + b"\n",
    ],
)
def test_other_rows_are_none(head: bytes) -> None:
    assert not is_one_hot(head)


@pytest.mark.parametrize("change", [("0.0000", "x"), (" 1 ", " 2 "), ("0.0000 ", "")])
def test_a_wrong_line_is_told(tmp_path: Path, calm: Digits, change: tuple[str, str]) -> None:
    lines = as_semeion(calm.take(slice(5)))
    lines[3] = lines[3].replace(*change, 1)
    (tmp_path / "semeion.data").write_text("\n".join(lines))
    with pytest.raises(DataError, match=r"Line 4 of .* is wrong: expected are 266 numbers"):
        read_dataset([tmp_path / "semeion.data"])
