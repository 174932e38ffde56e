"""The text of a table of digits: its encoding, its lines and the values in them, read within bounds."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mnist_dash.data.io.array_files import open_file
from mnist_dash.data.io.limits import MAX_BYTES, MAX_IMAGES, MAX_SIDE
from mnist_dash.errors import DataError

HEAD = 4096
"""Bytes that tell the encoding."""
SAMPLE, FEWEST, SAMPLED, MOST = 64_000, 3, 12, 1_000_000
"""Characters by which a table is judged; more for the fewest lines, and up to the most for 12: labels end at 9."""
MANY = 16
"""Values of the smallest image: separators between so many are no accident."""
NEARLY_ALL = 0.9
_NUMBERED = 0.8
"""The share of words with figures in them by which a line is told from prose, such as `label`, `id`, `pixel0`."""
LONGEST = 8 * MAX_SIDE**2
"""Characters of a line of the largest image, each value quoted and with a space."""
LINES = 2 * MAX_IMAGES
"""Lines of a file, blank ones and all."""
UTF8 = "utf-8-sig"
SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas"}
"""Asked in this order: where there are tabs or semicolons, commas may be decimal ones."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)


def is_table(head: bytes) -> bool:
    """Whether a file that begins with these bytes may be rows of numbers, or a header above them."""
    encoding = find_encoding(head)
    text = head.decode(encoding, "ignore").lstrip("\r\n")
    line = next(iter(text.splitlines()), "")
    if "\x00" in text or not line.replace("\t", "").isprintable():
        return False
    words = line.split()
    numbered = sum(re.search(r"\d", word) is not None for word in words)
    is_spaced = len(words) >= MANY and numbered >= _NUMBERED * len(words)
    return "," in line or is_spaced or any(line.count(separator) >= MANY - 1 for separator in SEPARATORS)


def find_encoding(head: bytes) -> str:
    """The encoding of a text by its mark or, in UTF-16, by every other byte being zero."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = head[:64]
    for encoding, zeros, letters in (("utf-16-le", start[1::2], start[::2]), ("utf-16-be", start[::2], start[1::2])):
        if len(start) >= 4 and not any(zeros) and all(letters):
            return encoding
    return UTF8


def split_line(line: str, separator: str | None) -> list[str]:
    """The values of a line, without quotes."""
    if separator is None:
        line, separator = " ".join(line.split()), " "
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        # A value longer than any number, which the message cuts down.
        return line.split(separator)


def is_number(text: str) -> bool:
    """Whether a value is a finite number in figures."""
    return _NUMBER.fullmatch(text.strip()) is not None


@contextmanager
def open_text(path: Path, encoding: str) -> Iterator[io.TextIOWrapper]:
    """The lines of a file, gzipped or not; raises DataError where they are no text."""
    with open_file(path) as stream, io.TextIOWrapper(stream, encoding) as lines:
        try:
            yield lines
        except (UnicodeError, csv.Error) as e:
            raise DataError(f"{path} is not a CSV file of text ({e}). Save it as CSV in UTF-8.") from e


def tell_endless(path: Path, number: int, most: int = MAX_BYTES) -> DataError:
    """What is wrong with a line that is too long, or a file with too many."""
    return DataError(
        f"Line {number:,} of {path} is too long, or too far down; allowed are {LONGEST:,} characters a line, {LINES:,} "
        f"lines and {most:,} characters in all. Save it as CSV with a line for each image."
    )


def read_sample(path: Path) -> tuple[str, list[str]]:
    """The encoding of a file and its first lines, those that are not blank and whole; raises DataError."""
    with open_file(path) as stream:
        encoding = find_encoding(stream.read(HEAD))
    with open_text(path, encoding) as text:
        content = text.read(SAMPLE)
        while _is_short(content) and (more := text.read(SAMPLE)):
            content += more
            if len(content) > LONGEST and "\n" not in content[-LONGEST:]:
                raise tell_endless(path, 1 + content.count("\n"))
        lines = content.split("\n")
        is_cut = bool(text.read(1)) and len(lines) > 1
    return encoding, [line for line in (lines[:-1] if is_cut else lines) if line.strip()]


def _is_short(sample: str) -> bool:
    lines = sample.count("\n")
    return lines < FEWEST or (lines < SAMPLED and len(sample) < MOST)


def find_separator(lines: Sequence[str]) -> str | None:
    """What stands between the values in most of some lines; None for any white space."""
    return Counter(map(_separator_of, lines[:SAMPLED])).most_common(1)[0][0] if lines else ","


def _separator_of(line: str) -> str | None:
    found = next((mark for mark in SEPARATORS if line.count(mark) >= MANY - 1), None)
    if found or len(line.split()) >= MANY:
        return found
    return max(",;\t", key=line.count)
