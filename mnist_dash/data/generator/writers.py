"""Digits from a pen-stroke generator, for whoever has no data: many imaginary writers vary a few hand-made shapes.

Every image has a writer of its own, with a slant, proportions and a pen; the strokes are then drawn large and go
through the procedure that sketches go through. The shapes were drawn and the spreads chosen by hand, with misread
training images of MNIST beside them; its test images had no part in it.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import cast

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Curve, Ink, Labels
from mnist_dash.data.dataset import CLASSES, SIDE, Digits
from mnist_dash.data.generator.skeletons import SKELETONS, Skeleton
from mnist_dash.errors import DataError
from mnist_dash.sketch import mnist_preprocessing, pen

MAX_COUNT = 1_000_000
HEIGHT = 96
"""Pixels that a digit is high when it is drawn, before the procedure reduces it to 20."""
PEN = 0.14
"""The usual breadth of the pen, as a share of the digit's height."""
SAMPLES = 6
"""Points of the curve from one control point to the next."""


def generate(count: int, seed: int, progress: Callable[[float], None] | None = None) -> Digits:
    """`count` shuffled digits, as many of each class as can be; the same seed gives the same bits.

    `progress` is told the share done, from 0 to 1, about a hundred times. Raises DataError for a count outside 1
    to 1,000,000 or a negative seed.
    """
    _check(count, seed)
    labels = _balanced(count, np.random.default_rng((seed, 0)))
    images = np.empty((count, SIDE, SIDE), np.uint8)
    step = max(1, count // 100)
    for i, label in enumerate(labels):
        images[i] = _image(int(label), np.random.default_rng((seed, i + 1)))
        done = i + 1
        if progress and (done % step == 0 or done == count):
            progress(done / count)
    return Digits(images, labels)


def _check(count: int, seed: int) -> None:
    if not 1 <= count <= MAX_COUNT:
        raise DataError(f"The count is {count:,}; allowed is 1 to {MAX_COUNT:,}. Ask for a number in that range.")
    if seed < 0:
        raise DataError(f"The seed is {seed}; allowed is 0 or more. Choose another whole number.")


def _balanced(count: int, rng: np.random.Generator) -> Labels:
    return rng.permutation(np.arange(count, dtype=np.int64) % CLASSES).astype(np.uint8)


def _image(digit: int, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """(28, 28): one digit by one imaginary writer."""
    ink = ink_curves(write_strokes(_chosen(digit, rng), rng), PEN * np.exp(0.28 * np.clip(rng.normal(), -2, 2)))
    return cast(mnist_preprocessing.Stages, mnist_preprocessing.preprocess(ink)).image  # a pen always leaves ink


def _chosen(digit: int, rng: np.random.Generator) -> Skeleton:
    ways = SKELETONS[digit]
    total = np.cumsum([way.weight for way in ways])
    return ways[int(np.searchsorted(total, rng.random() * total[-1], side="right"))]


def write_strokes(skeleton: Skeleton, rng: np.random.Generator) -> list[Curve]:
    """The skeleton's strokes as one writer would write them once, as smooth curves about one unit high."""
    bend, hand, lobes = _bend(rng), _hand(rng), np.exp(rng.normal(0, 0.16))
    curves = []
    for stroke in skeleton.strokes:
        points = _points(stroke) ** (1, lobes)
        points = points + bend(points) + _slip(points, rng)
        curves.append(smooth(points) @ hand)
    return curves


@lru_cache(maxsize=256)
def _points(stroke: str) -> Curve:
    return np.array([pair.split(",") for pair in stroke.split()], np.float64) / 100


def _bend(rng: np.random.Generator) -> Callable[[Curve], Curve]:
    """A smooth distortion of the plane: points that lie close together move together."""
    waves, phases = rng.normal(0, 3.5, (2, 3)), rng.uniform(0, 2 * np.pi, 3)
    reach = rng.normal(0, 0.035, (3, 2))
    return lambda points: np.sin(points @ waves + phases) @ reach


def _hand(rng: np.random.Generator) -> Curve:
    """(2, 2): the writer's proportions, slant and turn, to be multiplied from the right."""
    wide = np.diag([np.exp(rng.normal(0, 0.16)), 1])
    slant = np.array([[1, 0], [-rng.normal(0.08, 0.25), 1]])
    turn = rng.normal(0, 0.08)
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return np.asarray(wide @ slant @ rotation)


def _slip(points: Curve, rng: np.random.Generator) -> Curve:
    """What each point is off by itself, and the stroke as a whole; both halves of a corner stay together."""
    off = rng.normal(0, 0.015, points.shape)
    again = 1 + np.flatnonzero((points[1:] == points[:-1]).all(axis=1))
    off[again] = off[again - 1]
    return np.asarray(off + rng.normal(0, 0.015, 2))


def smooth(points: Curve) -> Curve:
    """The curve through `points`, `SAMPLES` points a segment, as a Catmull–Rom spline.

    Source: Catmull and Rom, "A class of local interpolating splines" (1974); the ends are mirrored.
    """
    return np.asarray(_spline(len(points)) @ points)


@lru_cache(maxsize=64)
def _spline(count: int) -> Curve:
    """(samples, count): each sample of the curve as a mixture of the control points."""
    t = np.arange(SAMPLES)[:, np.newaxis] / SAMPLES
    basis = np.hstack([-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2]) / 2
    each = np.eye(count)
    padded = np.vstack([2 * each[0] - each[1], each, 2 * each[-1] - each[-2]])
    return np.vstack([*(basis @ padded[i : i + 4] for i in range(count - 1)), each[-1]])


def ink_curves(curves: Sequence[Curve], breadth: float) -> Ink:
    """The curves, `HEIGHT` pixels along the longer side, by a pen as `breadth` as they measure it."""
    every = np.vstack(curves)
    low, high = every.min(axis=0), every.max(axis=0)
    scale = HEIGHT / (high - low).max()
    width, height = np.ceil((high - low + 2 * breadth) * scale).astype(int)
    return pen.draw([(curve - low + breadth) * scale for curve in curves], int(width), int(height), breadth * scale)
