"""Rows of digits are read however they are written, and a wrong one is named by its line."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.dataset import FEATURES, Digits
from mnist_dash.data.io import csv_rows
from mnist_dash.data.io.csv_rows import has_labels, read_rows
from mnist_dash.errors import DataError
from tests.data.samples import sample

NAMES = ",".join(f"pixel{n}" for n in range(784))
ZEROS = ",0" * 783


def lines_of(digits: Digits) -> list[str]:
    """Label first, without a header."""
    pixels = digits.images.reshape(len(digits), -1).tolist()
    return [",".join(map(str, [label, *row])) for label, row in zip(digits.labels, pixels, strict=True)]


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


def read_csv(path: Path) -> Digits:
    """The rows of a file of 28×28 images as digits."""
    pixels, labels = read_rows(path, FEATURES)
    return Digits(pixels.reshape(-1, 28, 28), labels)


@pytest.fixture
def four() -> Digits:
    """Four digits, whose labels do not count the rows."""
    return Digits(sample(4, 0).images, np.array([5, 0, 4, 1], np.uint8))


@pytest.mark.parametrize("head", ["", f"label,{NAMES}\n", f'"Label","{NAMES.replace(",", chr(34) + "," + chr(34))}"\n'])
@pytest.mark.parametrize("encode", [str.encode, lambda text: gzip.compress(text.encode())])
def test_rows_are_read_with_and_without_header_and_gzip(
    tmp_path: Path, four: Digits, head: str, encode: Callable[[str], bytes]
) -> None:
    (tmp_path / "a.csv").write_bytes(encode(head + "\n".join(lines_of(four))))
    read = read_csv(tmp_path / "a.csv")
    assert np.array_equal(read.images, four.images)
    assert np.array_equal(read.labels, four.labels)


def test_a_header_may_put_the_label_last(tmp_path: Path, four: Digits) -> None:
    rows = [",".join([*line.split(",")[1:], line.split(",")[0]]) for line in lines_of(four)]
    read = read_csv(write(tmp_path / "a.csv", f"{NAMES},class", *rows))
    assert np.array_equal(read.images, four.images)
    assert np.array_equal(read.labels, four.labels)


def test_a_header_may_number_the_pixels(tmp_path: Path, four: Digits) -> None:
    head = ",".join(["label", *map(str, range(784))])
    assert len(read_csv(write(tmp_path / "a.csv", head, *lines_of(four)))) == 4


def test_a_spreadsheet_may_add_its_mark_line_ends_and_blank_lines(tmp_path: Path, four: Digits) -> None:
    text = "\r\n".join([lines_of(four)[0], "", *lines_of(four)[1:], "  ", ""])
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert np.array_equal(read_csv(tmp_path / "a.csv").labels, four.labels)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("7,0,0", "has 3 values"),
        (f"7,0{ZEROS},1", "has 786 values"),
        (f"7,0{ZEROS},", "has 786 values"),
        (f"7,256{ZEROS}", "has '256' as value 2"),
        (f"7,-1{ZEROS}", "has '-1' as value 2"),
        (f"7,0.5{ZEROS}", "has '0.5' as value 2"),
        (f"7,{ZEROS}", "has '' as value 2"),
        (f"seven,0{ZEROS}", "has 'seven' as label"),
        (f"10,0{ZEROS}", "has '10' as label"),
        ("," * 784, "has '' as label"),
    ],
)
@pytest.mark.parametrize("head", [(), (f"label,{NAMES}",)])
def test_a_broken_row_is_named_by_its_line(
    tmp_path: Path, four: Digits, head: tuple[str, ...], row: str, words: str
) -> None:
    path = write(tmp_path / "a.csv", *head, *lines_of(four)[:2], "", row, *lines_of(four)[2:])
    # Without a header it is not known yet which column is the label.
    words = words if head or words == "has '10' as label" else words.replace("as label", "as value 1")
    said = f"Line {4 + len(head)} of {path} {words}; expected are 785 whole numbers"
    with pytest.raises(DataError, match=re.escape(said)):
        read_csv(path)


def test_a_broken_first_row_is_not_taken_for_a_header(tmp_path: Path, four: Digits) -> None:
    with pytest.raises(DataError, match=r"Line 1 of .* has 'x' as value 1"):
        read_csv(write(tmp_path / "a.csv", f"x,0{ZEROS}", *lines_of(four)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no rows"),
        (f"label,{NAMES}\n".encode(), "holds no rows"),
        (b"5,\xff\xfe\n", "is not a CSV file of text"),
        (b"label;a;b\n1;2;3\n", "Every row of .* has 3 values; expected are 785, a label and"),
    ],
)
def test_a_file_without_rows_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(DataError, match=words):
        read_csv(tmp_path / "a.csv")


def test_images_without_labels_are_told_apart(tmp_path: Path, four: Digits) -> None:
    assert has_labels(write(tmp_path / "train.csv", *lines_of(four)))
    assert not has_labels(write(tmp_path / "test.csv", NAMES))


def test_rows_of_another_square_are_read_and_their_label_is_found_at_either_end(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 17, (30, 64))
    labels = np.arange(30) % 10
    for columns in ([labels, pixels], [pixels * (np.arange(64) > 0), labels]):
        np.savetxt(tmp_path / "a.csv", np.column_stack(columns), "%d", ",")
        read, found = read_rows(tmp_path / "a.csv")
        assert read.shape == (30, 64)
        assert np.array_equal(found, labels)
    with pytest.raises(DataError, match=r"Every row of .* has 65 values; expected are 785"):
        read_csv(tmp_path / "a.csv")


def test_a_file_is_read_block_by_block_and_a_broken_row_far_down_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_rows, "BLOCK", 1_000)
    digits = sample(50, 0)
    lines = [f"label,{NAMES}", *lines_of(digits)[:25], "", *lines_of(digits)[25:]]
    shares: list[float] = []
    pixels, labels = read_rows(write(tmp_path / "a.csv", *lines), None, lambda _text, share: shares.append(share))
    assert np.array_equal(pixels.reshape(-1, 28, 28), digits.images)
    assert np.array_equal(labels, digits.labels)
    assert shares == sorted(shares)
    assert (shares[0] < 0.5, shares[-1]) == (True, 1.0)
    for row, words in ((f"5,0{ZEROS}\0", "has '0\\x00' as value 785"), (f"12,0{ZEROS}", "has '12' as label")):
        path = write(tmp_path / "b.csv", *lines, row, *lines[1:3])
        with pytest.raises(DataError, match=f"Line 53 of .* {re.escape(words)}"):
            read_rows(path)


def test_what_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_bytes(gzip.compress(f"5,0{ZEROS}\n".encode() + b" " * 30_000_000))
    with pytest.raises(DataError, match=r"Line 2 of .* allowed are 2,097,152 characters a line, 1,000,000 lines"):
        read_rows(tmp_path / "a.csv")
    (tmp_path / "a.csv").write_bytes(gzip.compress(f"5,0{ZEROS}\n".encode() + b"\n" * 9_000_000))
    with pytest.raises(DataError, match="too far down"):
        read_rows(tmp_path / "a.csv")
    monkeypatch.setattr(csv_rows, "MAX_BYTES", 1_000_000)
    (tmp_path / "a.csv").write_bytes(gzip.compress(f"5,0{ZEROS}\n".encode() * 3_000))
    with pytest.raises(DataError, match="and 1,000,000 characters in all"):
        read_rows(tmp_path / "a.csv")


def test_fractions_are_held_to_the_same_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.csv", *(["3" + ",.5" * 64, "4" + ",.5" * 64] * 10))
    assert read_rows(path)[0].dtype == np.float32
    monkeypatch.setattr(csv_rows, "MAX_BYTES", 4_500)
    with pytest.raises(DataError, match="holds more than 17 images of that size"):
        read_rows(path)
