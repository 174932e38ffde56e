"""A model of handwriting: digits as imaginary writers write them, for whoever has no data or wants other hands.

Parameters and a seed make writers (`hands`), writers make strokes of the forms that people use (`skeletons`) by the
way that hands move (`kinematics`), and strokes become images by the pen and the procedure of every sketch. No image of
MNIST is in it: the forms were drawn by hand. Which forms, their shares and the usual parameters were chosen on MNIST
training images and on real pen strokes (all four donors of UNIPEN), never on test images: `benchmarks.handwriting`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np

from mnist_dash.arrays import Curve, Float64s, Image, Ink, Integers
from mnist_dash.data.dataset import CLASSES, SIDE, Digits
from mnist_dash.data.generator import kinematics
from mnist_dash.data.generator.hands import Hands, draw_hands
from mnist_dash.data.generator.parameters import USUAL, Handwriting
from mnist_dash.data.generator.skeletons import SKELETONS, Skeleton
from mnist_dash.errors import DataError
from mnist_dash.sketch import mnist_preprocessing, pen

MAX_COUNT = 1_000_000
HEIGHT = 96
"""Pixels that a digit is high when it is drawn, before the procedure reduces it to 20."""
BLOCK = 4_000
"""Digits, about, that are written at once."""
_RINGED = frozenset({0, 4, 6, 8, 9})
_LEGIBLE = 0.27
"""The broadest pen for digits with a ring, as a share of the shorter side of what it writes."""
_FINEST = 0.02
"""The finest pen."""
_STIFF = 0.65
"""How much less of a hand's distortions a straight line takes on than a loop."""
_SHAKE = 0.006
"""How far a hand with a tremor of 1 shakes."""
_CYCLES = 2.4
"""How often it shakes in the time that takes a path one unit long."""
NOBODY = -1
"""The writer of a digit of whose hand nothing is known."""


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A digit as it was written: `strokes` about one unit high, `breadth` of the pen in the same unit."""

    label: int
    writer: int
    strokes: tuple[Curve, ...]
    breadth: float


def generate(
    count: int,
    seed: int,
    progress: Callable[[float], None] | None = None,
    handwriting: Handwriting = USUAL,
    first_writer: int = 0,
) -> Digits:
    """`count` digits in the order of `write`, as many of each class as can be; the same arguments give the same bits.

    Who wrote each is known. `progress` is told the share done, from 0 to 1, about a hundred times. Raises DataError for
    a count outside 1 to 1,000,000 or a negative seed.
    """
    check(count, seed)
    images, labels = np.empty((count, SIDE, SIDE), np.uint8), np.empty(count, np.uint8)
    step = max(1, count // 100)
    for at, written in enumerate(write(count, seed, handwriting, first_writer)):
        images[at], labels[at] = draw_image(written), written.label
        if progress and ((at + 1) % step == 0 or at + 1 == count):
            progress((at + 1) / count)
    return Digits(images, labels, handwriting.assign_writers(count, first_writer))


def check(count: int, seed: int) -> None:
    """Refuse what nothing can be drawn by; raises DataError."""
    if not 1 <= count <= MAX_COUNT:
        raise DataError(f"The count is {count:,}; allowed is 1 to {MAX_COUNT:,}. Ask for a number in that range.")
    if seed < 0:
        raise DataError(f"The seed is {seed}; allowed is 0 or more. Choose another whole number.")


def write(count: int, seed: int, handwriting: Handwriting = USUAL, first_writer: int = 0) -> Iterator[Written]:
    """`count` digits, writer after writer from `first_writer`, each of whom writes them in an order of their own.

    Raises DataError as `generate` does.
    """
    check(count, seed)
    writers = handwriting.assign_writers(count, first_writer)
    order = np.lexsort((np.random.default_rng((seed, 1, first_writer)).random(count), writers))
    labels = (np.arange(count) % CLASSES)[order]
    # Blocks end between writers: what chance gives somebody is drawn at once.
    block = max(1, BLOCK // handwriting.digits_each) * handwriting.digits_each
    for start in range(0, count, block):
        part = slice(start, min(count, start + block))
        yield from _write_block((seed, 0), labels[part], writers[part], handwriting)


def write_skeleton(skeleton: Skeleton, rng: np.random.Generator, handwriting: Handwriting = USUAL) -> list[Curve]:
    """One form, a digit's or not, as a writer of its own would write it once: curves about one unit high."""
    hands = draw_hands((int(rng.integers(2**62)),), np.zeros(1, int), np.zeros(1, int), handwriting)
    return list(next(_write_form(skeleton, hands)))


def _write_block(
    seed: Sequence[int], labels: Integers, writers: Integers, handwriting: Handwriting
) -> Iterator[Written]:
    hands = draw_hands(seed, labels, writers, handwriting)
    strokes: list[tuple[Curve, ...]] = [()] * len(labels)
    for digit, skeletons in SKELETONS.items():
        asked = np.flatnonzero(labels == digit)
        chosen = _choose_forms(skeletons, hands.taste[asked], handwriting.evenness)
        for form, skeleton in enumerate(skeletons):
            those = asked[chosen == form]
            if len(those):
                for at, written in zip(those, _write_form(skeleton, hands.take(those)), strict=True):
                    strokes[at] = written
    for at, curves in enumerate(strokes):
        yield Written(
            int(labels[at]), int(writers[at]), curves, _fit_pen(int(labels[at]), curves, float(hands.pen[at]))
        )


def _fit_pen(digit: int, strokes: Sequence[Curve], pen: float) -> float:
    """A pen as broad as leaves the digit legible: whoever has a broad one writes rings larger."""
    if digit not in _RINGED:
        return pen
    return min(pen, max(_FINEST, _LEGIBLE * float(np.ptp(np.vstack(strokes), axis=0).min())))


def _choose_forms(skeletons: Sequence[Skeleton], taste: Float64s, evenness: float) -> Integers:
    """(n,): the form that each taste (n,) chooses, by shares that are the more alike the more even they are."""
    shares = np.array([skeleton.share for skeleton in skeletons])
    mixed = (1 - evenness) * shares / shares.sum() + evenness / len(shares)
    return np.searchsorted(np.cumsum(mixed)[:-1], taste, side="right")


def _write_form(skeleton: Skeleton, hands: Hands) -> Iterator[tuple[Curve, ...]]:
    """One form as n hands write it: the strokes of each."""
    affine, start, trajectories = _affine(hands), 0, []
    for number, text in enumerate(skeleton.strokes):
        stroke = _read_stroke(text)
        points = np.repeat(stroke.points[np.newaxis], len(hands.taste), axis=0)
        points[..., 1] = np.sign(points[..., 1]) * np.abs(points[..., 1]) ** hands.balance[:, np.newaxis]
        points += stroke.softness * (hands.now.bend(hands.own.bend(points)) - points)
        points += hands.slips[:, start + stroke.firsts] + hands.shifts[:, number, np.newaxis]
        points[:, 0] += hands.hooks[:, number, 0]
        points[:, -1] += hands.hooks[:, number, 1]
        traits = hands.roundness, hands.haste, hands.overshoot
        path = kinematics.move(points, stroke.points, stroke.corners, *traits)
        trajectories.append(_shake(path, hands.tremor, hands.own.phases[:, 0]) @ affine)
        start += len(stroke.points)
    for at in range(len(hands.taste)):
        yield _with_gaps([trajectory[at] for trajectory in trajectories], *hands.gaps[at])


@dataclass(frozen=True, slots=True, eq=False)
class _Stroke:
    """Control points (c, 2) of a stroke, with one more at each end for a hook; and what is known of them.

    `corners` are those that lie where the one before does, `firsts` (c,) the first at each one's place. `softness` is
    how much of a hand's distortions a stroke takes on: straight lines stay straight.
    """

    points: Curve
    corners: tuple[int, ...]
    firsts: Integers
    softness: float


@lru_cache(maxsize=512)
def _read_stroke(text: str) -> _Stroke:
    points = np.array([pair.split(",") for pair in text.split()], np.float64) / 100
    again = np.flatnonzero((points[1:] == points[:-1]).all(axis=1)) + 1
    straight = np.hypot(*(points[-1] - points[0])) / np.hypot(*np.diff(points, axis=0).T).sum()
    hooked = np.concatenate([points[:1], points, points[-1:]])
    firsts = np.arange(len(hooked))
    # A hook is at first where its stroke ends, and is moved along with it.
    firsts[again + 1], firsts[0], firsts[-1] = again, 1, len(points)
    return _Stroke(hooked, tuple((again + 1).tolist()), firsts, float(1 - _STIFF * straight**2))


def _affine(hands: Hands) -> Float64s:
    """(n, 2, 2): proportions, slant and turn, to be multiplied from the right."""
    slant, turn = np.radians(hands.slant), np.radians(hands.turn)
    one, none = np.ones_like(slant), np.zeros_like(slant)
    wide = np.stack([hands.width, none, none, one], axis=1).reshape(-1, 2, 2)
    leaning = np.stack([one, none, -np.tan(slant), one], axis=1).reshape(-1, 2, 2)
    turned = np.stack([np.cos(turn), np.sin(turn), -np.sin(turn), np.cos(turn)], axis=1).reshape(-1, 2, 2)
    return np.asarray(wide @ leaning @ turned)


def _shake(path: Float64s, tremor: Float64s, phases: Float64s) -> Float64s:
    """Trajectories (n, t, 2) of hands that shake by `tremor` (n,), each in its own way by `phases` (n, w)."""
    time = kinematics.PACE * np.arange(path.shape[1])[np.newaxis, :, np.newaxis]
    cycles = _CYCLES * np.array([1.0, 0.83]) * (1 + 0.15 * np.sin(phases[:, np.newaxis, :2]))
    wave = np.sin(2 * np.pi * cycles * time + 3 * phases[:, np.newaxis, :2])
    return np.asarray(path + _SHAKE * tremor[:, np.newaxis, np.newaxis] * wave)


def _with_gaps(strokes: list[Curve], which: float, where: float, missing: float) -> tuple[Curve, ...]:
    """Strokes with a share of one `missing`: of its beginning, its end, or in its middle."""
    if not missing:
        return tuple(strokes)
    chosen = int(which * len(strokes))
    stroke = strokes[chosen]
    length = max(1, round(missing * len(stroke)))
    start = round(np.clip(2 * where - 0.5, 0, 1) * (len(stroke) - length))
    left = [part for part in (stroke[:start], stroke[start + length :]) if len(part)]
    return (*strokes[:chosen], *left, *strokes[chosen + 1 :])


def draw_image(written: Written) -> Image:
    """(28, 28): a digit as the procedure of every sketch makes it."""
    ink = ink_curves(written.strokes, written.breadth)
    return cast(mnist_preprocessing.Stages, mnist_preprocessing.preprocess(ink)).image  # a pen always leaves ink


def ink_curves(curves: Sequence[Curve], breadth: float) -> Ink:
    """The curves, `HEIGHT` pixels along the longer side, by a pen as `breadth` as they measure it."""
    every = np.vstack(curves)
    low, high = every.min(axis=0), every.max(axis=0)
    scale = HEIGHT / (high - low).max()
    width, height = np.ceil((high - low + 2 * breadth) * scale).astype(int)
    return pen.draw([(curve - low + breadth) * scale for curve in curves], int(width), int(height), breadth * scale)
