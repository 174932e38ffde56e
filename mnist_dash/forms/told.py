"""A page of digits that is no form: whoever wrote it tells its lines, and each digit that was found gets its label."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np
from PIL import Image

from mnist_dash.arrays import Probabilities
from mnist_dash.data.progress import Progress, silent, within
from mnist_dash.errors import FormError
from mnist_dash.forms.reading import Ask, State, WrittenBox
from mnist_dash.models.drawing_answers import REFUSED, Answers
from mnist_dash.sketch.cutting import CutConfidence
from mnist_dash.sketch.mnist_preprocessing import Stages, preprocess
from mnist_dash.sketch.photo import Box, Photo, read_photo
from mnist_dash.words import join_words

MOST = 20_000
"""Characters that may be told: more than the digits of a page."""
_BETWEEN = re.compile(r"[\s,;.|–-]+")
"""What may stand between digits."""
_FOREIGN = re.compile(rf"[^0-9{re.escape(REFUSED)}]")
_UNLIKELY = 1e-3
"""The least probability of a digit that counts: a person's word is never impossible."""
_PASSED = 1e-2
"""A digit is passed over, or was not found, where all else is less likely than this."""
_NAMED = 12
"""Lines that a sentence names one by one."""
_BEFORE, _PARTED = 0.25, 0.9
"""The shares of the work on a photo after which what reads is loaded, and all digits are found."""
_EMPTY = (
    "No digits were found on this page. Write with a darker pen, go closer, and keep the camera straight. A sheet "
    "that was printed here is read as one."
)


@dataclass(frozen=True, slots=True, eq=False)
class ReadPage:
    """The digits of a page line by line: their `stages`, a model's `answers`, and how many each of the `lines` has."""

    stages: Sequence[Stages]
    answers: Answers
    lines: Sequence[int]

    @property
    def numbers(self) -> list[str]:
        """Each line as it is read, REFUSED for what is no digit or is struck through."""
        return [self.answers.number[line] for line in self.slices]

    @property
    def slices(self) -> list[slice]:
        """Where each line stands among all digits."""
        ends = list(accumulate(self.lines))
        return [slice(end - count, end) for end, count in zip(ends, self.lines, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class PageInPhoto:
    """A page as it was `read` in the file `name`.

    `shown`, `boxes` and `notes` are those of the photo: what a person sees of it, where each digit stands, and what is
    worth knowing.
    """

    name: str
    shown: Image.Image
    boxes: Sequence[Box]
    notes: Sequence[str]
    read: ReadPage


def read_photographed_page(
    source: Path, ask: Ask, confidence: CutConfidence, progress: Progress = silent
) -> PageInPhoto:
    """What a model reads in the photo of a page; raises ImageError where it cannot be opened or holds no digits."""
    photo = read_photo(source, source.name, confidence, tell=within(progress, _BEFORE, _PARTED))
    progress(f"Reading {len(photo.alone):,} digits", _PARTED)
    return PageInPhoto(photo.name, photo.shown, photo.boxes, photo.notes, read_page(photo, ask))


def read_page(photo: Photo, ask: Ask) -> ReadPage:
    """What a model reads in a photo; raises FormError where no digits are found."""
    stages = [made for alone in photo.alone if (made := preprocess(alone))]
    if not stages:
        raise FormError(_EMPTY)
    return ReadPage(stages, ask(stages), photo.lines)


def parse_told(text: str) -> list[str]:
    """Lines of digits without what stands between them; empty lines do not count.

    Raises FormError for anything but digits and REFUSED, which stands for a place where no digit is to be kept.
    """
    if len(text) > MOST:
        raise FormError(f"{len(text):,} characters were told; allowed are {MOST:,}. Bring the pages one by one.")
    lines = [told for line in text.splitlines() if (told := _BETWEEN.sub("", line))]
    for number, line in enumerate(lines, 1):
        if foreign := _FOREIGN.search(line):
            raise FormError(
                f"Line {number} has {foreign.group()!r}; allowed are digits, and {REFUSED} for what is to be left out."
            )
    if not lines:
        raise FormError("Nothing was told. Write the digits of the first line, or of every line.")
    return lines


def label_page(page: ReadPage, told: Sequence[str]) -> list[WrittenBox]:
    """Every digit that was told and found, with its label; a digit that a model reads otherwise is doubtful.

    One line that is told holds for all. Where a line has more or fewer digits than were told, they are matched so that
    the labels are likeliest together. Raises FormError where neither one line was told nor all of them.
    """
    if len(told) not in (1, len(page.lines)):
        raise FormError(
            f"{len(told)} lines were told, and {len(page.lines)} are found on the page. Tell every line, or the first "
            "alone if all lines hold the same."
        )
    return [
        _label(page, line.start + place, number, int(digit))
        for number, (line, digits) in enumerate(zip(page.slices, _repeat(told, page), strict=True), 1)
        for place, digit in match_line(page.answers.probabilities[line], digits)
        if digit != REFUSED
    ]


def describe_uneven(page: ReadPage, told: Sequence[str]) -> str:
    """In which lines other numbers of digits are found than were told; empty where there is none."""
    pairs = enumerate(zip(page.lines, _repeat(told, page), strict=True), 1)
    uneven = [str(line) for line, (count, digits) in pairs if count != len(digits)]
    if not uneven:
        return ""
    lines = f"{'line' if len(uneven) == 1 else 'lines'} {join_words(uneven, _NAMED)}"
    return (
        f"In {lines} more or fewer digits are found than told; they are matched as is likeliest. Look at those twice."
    )


def _repeat(told: Sequence[str], page: ReadPage) -> Sequence[str]:
    """What was told of each line: one line holds for all."""
    return list(told) * len(page.lines) if len(told) == 1 else told


def _label(page: ReadPage, place: int, line: int, digit: int) -> WrittenBox:
    state = State.GOOD if page.answers.read(place) == digit else State.DOUBTFUL
    return WrittenBox(place, line, digit, state, page.stages[place], page.answers.probabilities[place])


def match_line(probabilities: Probabilities, told: str) -> list[tuple[int, str]]:
    """Which of the digits of a line, (n, 10), each of those that were told is, from left to right: places and digits.

    As many as were told are taken as they stand. Otherwise some are passed over: the matching is the likeliest one,
    found by dynamic programming (Needleman and Wunsch, "A general method applicable to the search for similarities in
    the amino acid sequence of two proteins", 1970).
    """
    if len(probabilities) == len(told):
        return list(enumerate(told))
    passed = np.log(_PASSED)
    worth = np.stack([_find_worth(probabilities, digit) for digit in told], axis=1)
    found, asked = worth.shape
    best = np.add.outer(np.arange(found + 1), np.arange(asked + 1)) * passed
    for i in range(found):
        for j in range(asked):
            best[i + 1, j + 1] = max(best[i, j] + worth[i, j], best[i, j + 1] + passed, best[i + 1, j] + passed)
    return [(i, told[j]) for i, j in _go_back(best, worth, passed)][::-1]


def _find_worth(probabilities: Probabilities, digit: str) -> Probabilities:
    """The logarithm of how likely each digit (n,) of a line is that one; for REFUSED as likely as any."""
    shares = np.full(len(probabilities), 0.1) if digit == REFUSED else probabilities[:, int(digit)]
    return np.asarray(np.log(np.maximum(shares, _UNLIKELY)))


def _go_back(best: Probabilities, worth: Probabilities, passed: float) -> Iterator[tuple[int, int]]:
    """The pairs of the best matching, from the last one to the first."""
    i, j = worth.shape
    while i and j:
        if best[i, j] == best[i - 1, j - 1] + worth[i - 1, j - 1]:
            i, j = i - 1, j - 1
            yield i, j
        elif best[i, j] == best[i - 1, j] + passed:
            i -= 1
        else:
            j -= 1
