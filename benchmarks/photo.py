"""How many photos of handwritten digits are read right, by what the paper is like, beside the way of even light.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.photo`. Photos are imaginary (`benchmarks.paper`): MNIST's test digits
written with a pen on paper, photographed askew. What the reader makes of the same ink, upright and by itself, bounds
what it can make of the photo. Constants of the procedure were chosen on training digits, with other seeds.
"""

import io
import os
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import count

import numpy as np
from PIL import Image

from benchmarks import record
from benchmarks.numbers import answers
from benchmarks.paper import Condition, photo
from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.arrays import Ink
from mnist_dash.data.dataset import Digits
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.cut_confidence import make_cut_confidence
from mnist_dash.models.rejection import load_digit_detector
from mnist_dash.settings import Settings
from mnist_dash.sketch import even_light
from mnist_dash.sketch.cutting import CutConfidence
from mnist_dash.sketch.digits import segment_digits
from mnist_dash.sketch.photo import draw_alone, read_photo

SINGLES = 300
NUMBERS = 200
LENGTHS = 2, 6
SEED = 2026
LARGE = 4_000, 3_000
"""Pixels of a photo of 12 megapixels, as phones take them."""
REPEATS = 9
GOAL_MS = 1_500


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands on a photo, and what was read: by the program, as in even light, and of the ink alone."""

    condition: Condition
    written: tuple[int, ...]
    read: tuple[int, ...]
    evenly: tuple[int, ...]
    alone: tuple[int, ...]


def main() -> None:
    """Read photos of one digit and of numbers under every condition, and time a large one."""
    lengths = np.random.default_rng(SEED).integers(LENGTHS[0], LENGTHS[1] + 1, NUMBERS)
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        readings = list(processes.map(reading, [1] * SINGLES + lengths.tolist(), count(), chunksize=5))
    singles, numbers = readings[:SINGLES], readings[SINGLES:]
    milliseconds = timed(test_digits())
    result = {
        "claim": f"a photo of {LARGE[0] * LARGE[1] // 1_000_000} megapixels is read within {GOAL_MS} ms",
        "holds": milliseconds <= GOAL_MS,
        "seed": SEED,
        "one_digit": figures(singles),
        "numbers": figures(numbers),
        "median_ms": round(milliseconds),
    }
    record.write("photo", result)


@cache
def test_digits() -> Digits:
    """MNIST's test images."""
    return open_dataset(Settings.from_environment(os.environ), "mnist").test


@cache
def bundled_reader() -> Classifier:
    """The reader that comes with the program."""
    return load_bundled(DEFAULT)


@cache
def cut_confidence() -> CutConfidence:
    """What tells good cuts from bad ones, as on the page."""
    return make_cut_confidence(bundled_reader(), load_digit_detector())


def reading(length: int, number: int) -> Reading:
    """The photo of that number, of as many digits; conditions take turns."""
    rng, digits = np.random.default_rng((SEED, number)), test_digits()
    condition = tuple(Condition)[number % len(Condition)]
    chosen = digits.take(rng.integers(len(digits), size=length))
    taken = photo(chosen.images, condition, rng)
    file = io.BytesIO()
    taken.image.save(file, "PNG", compress_level=1)
    ours = read_photo(file, "photo", cut_confidence()).alone
    grey = np.asarray(taken.image.convert("L"), np.float64)
    evenly = [piece.ink for piece in segment_digits(even_light.find_ink(grey).ink)]
    return Reading(
        condition,
        tuple(chosen.labels.tolist()),
        *(_read(inks) for inks in (ours, evenly, [draw_alone(ink) for ink in taken.alone])),
    )


def _read(inks: Sequence[Ink]) -> tuple[int, ...]:
    return tuple(answers(inks, bundled_reader()).argmax(axis=1).tolist()) if inks else ()


def figures(readings: Sequence[Reading]) -> dict[str, object]:
    """Shares of photos that were read wholly right, of all and by condition."""
    by = {condition.value: [r for r in readings if r.condition is condition] for condition in Condition}
    return {"all": shares(readings), **{name: shares(some) for name, some in by.items()}}


def shares(readings: Sequence[Reading]) -> dict[str, object]:
    """The share read right, with a 95 % interval, beside that of even light and the bound by the reader itself."""

    def right(way: Callable[[Reading], tuple[int, ...]]) -> int:
        return sum(way(reading) == reading.written for reading in readings)

    ours = right(lambda reading: reading.read)
    return {
        "photos": len(readings),
        "read_right": round(ours / len(readings), 4),
        "interval": [round(end, 4) for end in wilson_interval(ours, len(readings))],
        "in_even_light": round(right(lambda reading: reading.evenly) / len(readings), 4),
        "bound": round(right(lambda reading: reading.alone) / len(readings), 4),
    }


def timed(digits: Digits) -> float:
    """Milliseconds from the file of a large squared, shadowed photo to its digits, the median of several."""
    rng = np.random.default_rng((SEED, 0))
    taken = photo(digits.images[:4], Condition.BOTH, rng).image
    size = LARGE if taken.width > taken.height else LARGE[::-1]
    file = io.BytesIO()
    taken.resize(size, Image.Resampling.BICUBIC).save(file, "JPEG", quality=90)
    spans = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        read_photo(io.BytesIO(file.getvalue()), "photo")
        spans.append(1000 * (time.perf_counter() - started))
    return statistics.median(spans)


if __name__ == "__main__":
    main()
