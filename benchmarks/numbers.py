"""How many pages of several digits are read wholly right: the claim is 97 % where the digits do not touch.

MNIST_DASH_DATA=FOLDER python -m benchmarks.numbers

Digits are MNIST test images, enlarged and made binary, side by side at heights of 35 to 90 % of the page. What the
reader makes of each of them alone bounds what it can make of the page, so that bound is kept beside the figure. Digits
that people wrote with a pen stand side by side on the page's own sheets, too: numbers on the wide one, and two on the
sheet for one digit, where parts that stand apart are taken for one digit more readily.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks import record
from benchmarks.written_numbers import write_numbers
from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.arrays import Ink, Probabilities
from mnist_dash.data.dataset import Digits
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.cut_confidence import make_cut_confidence
from mnist_dash.models.rejection import load_digit_detector
from mnist_dash.settings import Settings
from mnist_dash.sketch.cutting import CutConfidence
from mnist_dash.sketch.digits import segment_digits
from mnist_dash.sketch.mnist_preprocessing import BOX, SIDE, preprocess
from mnist_dash.sketch.sheet import Paper, Sheet
from mnist_dash.sketch.sheet_reading import read_sheet

PAGES = 1_000
SEED = 0
LENGTHS = (2, 10)
PAGE = 200
"""The height of a page in pixels."""
SIZES = (0.35, 0.9)
"""The longer side of a digit as a share of the height of the page."""
APART = (1, 40)
TOUCHING = (-3, 0)
"""Columns between the boxes of two digits, in pixels of the page."""
GOAL = 0.97
WRITTEN = {Paper.NUMBER: (2, 7), Paper.DIGIT: (2, 2)}
"""How many digits people write on each sheet."""


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One number: its ink (PAGE, w), its digits, and the ink (h, w) of each of them alone."""

    ink: Ink
    digits: tuple[int, ...]
    alone: Sequence[Ink]


def main() -> None:
    """Read separated and touching pages, cut as networks confirm, as the program does, and by the shape alone."""
    ways = [(gaps, judge) for gaps in (TOUCHING, APART) for judge in (True, False)]
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        people = processes.map(measure_people, WRITTEN)
        found = dict(zip(ways, processes.map(measure, *zip(*ways, strict=True)), strict=True))
        written = dict(zip(WRITTEN, people, strict=True))
    separated = found[APART, True]
    result = {
        "claim": f"at least {GOAL:.0%} of pages of separated digits are read wholly right",
        "holds": separated["read_wholly_right"] >= GOAL,
        "pages": PAGES,
        "digits_a_page": LENGTHS,
        "reader": DEFAULT,
        "separated": separated,
        "separated_without_judge": found[APART, False],
        "touching": found[TOUCHING, True],
        "touching_without_judge": found[TOUCHING, False],
        "people": written[Paper.NUMBER],
        "people_two_digits": written[Paper.DIGIT],
    }
    record.write("numbers", result)


def measure(gaps: tuple[int, int], judge: bool) -> dict[str, Any]:
    """What pages with such gaps give, cut as networks confirm or by the shape alone."""
    test, reader = open_dataset(Settings.from_environment(os.environ), "mnist").test, load_bundled(DEFAULT)
    confidence = make_cut_confidence(reader, load_digit_detector()) if judge else None
    return figures(list(pages(test, gaps)), reader, confidence)


def measure_people(paper: Paper) -> dict[str, Any]:
    """What numbers that people wrote give on that sheet, each read as the page Sketch reads it."""
    reader = load_bundled(DEFAULT)
    confidence = make_cut_confidence(reader, load_digit_detector())
    numbers = list(write_numbers(paper, WRITTEN[paper], PAGES, SEED))
    read = [
        tuple(reader.probabilities(np.array([stages.image for stages in sketches])).argmax(axis=1).tolist())
        for sketches in (read_sheet(Sheet(paper, ink=number.ink), confidence) for number in numbers)
    ]
    counted = sum(len(answer) == len(number.digits) for answer, number in zip(read, numbers, strict=True))
    right = sum(answer == number.digits for answer, number in zip(read, numbers, strict=True))
    return {
        "numbers": len(numbers),
        "digits": WRITTEN[paper],
        "read_wholly_right": right / len(numbers),
        "interval": [round(end, 4) for end in wilson_interval(right, len(numbers))],
        "digits_counted_right": counted / len(numbers),
        "digits_counted_interval": [round(end, 4) for end in wilson_interval(counted, len(numbers))],
    }


def pages(digits: Digits, gaps: tuple[int, int], seed: int = SEED, count: int = PAGES) -> Iterator[Page]:
    """Seeded pages, each with digits taken at random and set in a line with gaps between `gaps`."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        chosen = digits.take(rng.integers(len(digits), size=rng.integers(LENGTHS[0], LENGTHS[1] + 1)))
        alone = [enlarged(image, rng.uniform(*SIZES) * PAGE) for image in chosen.images]
        yield Page(_set(alone, gaps, rng), tuple(chosen.labels.tolist()), alone)


def enlarged(image: npt.NDArray[np.uint8], longer: float) -> Ink:
    """Ink (h, w), cut out, of an MNIST image (28, 28) whose longer side becomes about `longer` pixels."""
    side = round(longer * SIDE / BOX)
    ink = np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC)) > 127
    made = preprocess(ink)
    assert made is not None
    return made.cut


def _set(alone: Sequence[Ink], gaps: tuple[int, int], rng: np.random.Generator) -> Ink:
    height = max(PAGE, *(len(ink) for ink in alone))
    page = np.zeros((height, sum(ink.shape[1] + max(gaps) for ink in alone)), bool)
    at = 0
    for ink in alone:
        top = rng.integers(height - len(ink) + 1)
        page[top : top + len(ink), at : at + ink.shape[1]] |= ink
        at += ink.shape[1] + int(rng.integers(gaps[0], gaps[1] + 1))
    return page


def figures(drawn: Sequence[Page], reader: Classifier, confidence: CutConfidence | None) -> dict[str, Any]:
    """Shares of pages, with 95 % intervals, and what the reader's own mistakes leave possible."""
    pieces = [[piece.ink for piece in segment_digits(page.ink, confidence)] for page in drawn]
    read = [tuple(answers(inks, reader).argmax(axis=1).tolist()) for inks in pieces]
    alone = [tuple(answers(page.alone, reader).argmax(axis=1).tolist()) for page in drawn]
    right = sum(answer == page.digits for answer, page in zip(read, drawn, strict=True))
    counted = sum(len(answer) == len(page.digits) for answer, page in zip(read, drawn, strict=True))
    bound = sum(answer == page.digits for answer, page in zip(alone, drawn, strict=True))
    same = sum(answer == one for answer, one in zip(read, alone, strict=True))
    hits = [a == b for answer, page in zip(alone, drawn, strict=True) for a, b in zip(answer, page.digits, strict=True)]
    return {
        "read_wholly_right": right / len(drawn),
        "interval": [round(end, 4) for end in wilson_interval(right, len(drawn))],
        "digits_counted_right": counted / len(drawn),
        "digits_counted_interval": [round(end, 4) for end in wilson_interval(counted, len(drawn))],
        "read_as_its_digits_are_alone": same / len(drawn),
        "each_digit_alone_right": round(float(np.mean(hits)), 4),
        "expected_bound": round(float(np.mean([np.mean(hits) ** len(page.digits) for page in drawn])), 4),
        "bound_on_these_pages": bound / len(drawn),
    }


def answers(inks: Sequence[Ink], reader: Classifier) -> Probabilities:
    """Probabilities (n, 10) for ink (h, w) each, by the procedure that made MNIST."""
    made = [preprocess(ink) for ink in inks]
    return reader.probabilities(np.array([one.image for one in made if one is not None]))


if __name__ == "__main__":
    main()
