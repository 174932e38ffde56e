"""Imaginary writers, each with a hand of their own that stays the same and varies a little from digit to digit.

Whoever is the writer of that number under that seed has one slant, one pen and a favourite form of every digit; what
chance gives is drawn before any parameter is looked at, so that other parameters change the same writers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from mnist_dash.arrays import Float64s, Integers
from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.generator.parameters import Handwriting

MOST_POINTS, MOST_STROKES = 32, 4
"""Control points and strokes that a form may have."""
WAVES = 3
"""Of how many waves the distortion is made that gives a form of somebody's its own shape."""
_FARTHEST = 2.5
"""Standard deviations beyond which no hand goes."""


@dataclass(frozen=True, slots=True)
class _Spread:
    """Standard deviations from writer to writer, and from digit to digit of one writer."""

    writers: float
    digits: float


@dataclass(frozen=True, slots=True)
class _Tuning:
    """How much hands differ where difference and variation are 1: chosen by `benchmarks.handwriting`."""

    slant: _Spread = _Spread(11, 4)
    turn: _Spread = _Spread(3, 4)
    # Of the logarithms of width, waist, pen and tremor.
    width: _Spread = _Spread(0.17, 0.1)
    balance: _Spread = _Spread(0.15, 0.12)
    pen: _Spread = _Spread(0.32, 0.08)
    tremor: _Spread = _Spread(0.5, 0.2)
    roundness: _Spread = _Spread(0.17, 0.08)
    haste: _Spread = _Spread(0.2, 0.1)
    overshoot: _Spread = _Spread(0.1, 0.08)
    # Of the height: waves of a form, where a point lies, where a stroke lies.
    bend: _Spread = _Spread(0.065, 0.03)
    slip: float = 0.016
    shift: float = 0.02
    # How often the favourite form is taken.
    favourite: float = 0.75


_TUNED = _Tuning()


@dataclass(frozen=True, slots=True, eq=False)
class Bends:
    """Smooth distortions of the plane: `waves` (n, 2, w), `phases` (n, 1, w) and `reach` (n, w, 2)."""

    waves: Float64s
    phases: Float64s
    reach: Float64s

    def __getitem__(self, index: Integers) -> "Bends":
        """The distortions at `index`."""
        return Bends(self.waves[index], self.phases[index], self.reach[index])

    def bend(self, points: Float64s) -> Float64s:
        """Points (n, c, 2), moved: those that lie close together move together."""
        return np.asarray(points + np.sin(points @ self.waves + self.phases) @ self.reach)


@dataclass(frozen=True, slots=True, eq=False)
class Hands:
    """How each of n digits is written: all arrays are (n, …).

    `taste` (n,) from 0 to 1 chooses among the forms of the digit · `slant`, `turn` in degrees · `width`, `balance`,
    `roundness`, `haste`, `overshoot`, `tremor` as in `parameters` · `pen` as a share of the height · `own` and `now`
    are the distortions of this writer's form and of this digit · `slips` (n, MOST_POINTS, 2) and `shifts`
    (n, MOST_STROKES, 2) where points and strokes are off · `hooks` (n, MOST_STROKES, 2, 2) from the ends of a stroke
    to the tips of its hooks · `gaps` (n, 3): which stroke, where and how much of it is missing, 0 for nothing.
    """

    taste: Float64s
    slant: Float64s
    turn: Float64s
    width: Float64s
    balance: Float64s
    roundness: Float64s
    haste: Float64s
    overshoot: Float64s
    tremor: Float64s
    pen: Float64s
    own: Bends
    now: Bends
    slips: Float64s
    shifts: Float64s
    hooks: Float64s
    gaps: Float64s

    def take(self, index: Integers) -> "Hands":
        """The hands at `index`."""
        return Hands(**{field.name: getattr(self, field.name)[index] for field in fields(self)})


_TRAITS = ("slant", "turn", "width", "balance", "pen", "tremor", "roundness", "haste", "overshoot")
_BEND = WAVES * 5
_EACH = len(_TRAITS) + _BEND + 2 * (MOST_POINTS + MOST_STROKES) + 4 * MOST_STROKES
_CHANCES = 2 + 2 * MOST_STROKES + 4
"""Normal and uniform numbers that chance gives each digit."""


@dataclass(frozen=True, slots=True, eq=False)
class _Chance:
    """What chance gives n digits: of their writers, and of each."""

    traits: Float64s
    tastes: Float64s
    bends: Float64s
    each: Float64s
    chances: Float64s


def draw_hands(seed: Sequence[int], labels: Integers, writers: Integers, handwriting: Handwriting) -> Hands:
    """How each of n digits with these labels (n,) is written by the writers of these numbers (n,), which rise."""
    return _made(_draw_chance(seed, labels, writers), handwriting)


def _draw_chance(seed: Sequence[int], labels: Integers, writers: Integers) -> _Chance:
    numbers, counts = np.unique(writers, return_counts=True)
    people = [
        _draw_writer(np.random.default_rng((*seed, int(w))), int(n)) for w, n in zip(numbers, counts, strict=True)
    ]
    traits, tastes, bends, each, chances = zip(*people, strict=True)
    who = np.repeat(np.arange(len(numbers)), counts)
    return _Chance(
        np.stack(traits)[who],
        np.stack(tastes)[who, labels],
        np.stack(bends)[who, labels],
        np.concatenate(each),
        np.concatenate(chances),
    )


def _draw_writer(rng: np.random.Generator, digits: int) -> tuple[Float64s, ...]:
    return (
        np.clip(rng.normal(size=len(_TRAITS)), -_FARTHEST, _FARTHEST),
        rng.random((CLASSES, 2)),
        rng.normal(size=(CLASSES, _BEND)),
        np.clip(rng.normal(size=(digits, _EACH)), -_FARTHEST, _FARTHEST),
        rng.random((digits, _CHANCES)),
    )


def _made(chance: _Chance, asked: Handwriting) -> Hands:
    """Chance as hands, by the parameters."""
    n = len(chance.each)
    ends = np.cumsum([len(_TRAITS), _BEND, 2 * MOST_POINTS, 2 * MOST_STROKES, 4 * MOST_STROKES])
    traits, now, slips, shifts, hooks = np.split(chance.each, ends[:-1], axis=1)
    differ = dict.fromkeys(_TRAITS, asked.difference) | {"pen": asked.pens}
    off = {
        name: differ[name] * _spread(name).writers * chance.traits[:, at]
        + asked.variation * _spread(name).digits * traits[:, at]
        for at, name in enumerate(_TRAITS)
    }
    prefers = chance.chances[:, 0] < _TUNED.favourite
    return Hands(
        taste=np.where(prefers, chance.tastes[:, 0], chance.tastes[:, 1]),
        slant=np.clip(asked.slant + off["slant"], -50, 50),
        turn=off["turn"],
        width=asked.width * np.exp(off["width"]),
        balance=asked.balance * np.exp(off["balance"]),
        roundness=np.clip(asked.roundness + off["roundness"], 0, 1.6),
        haste=np.clip(asked.haste + off["haste"], 0, 1),
        overshoot=np.clip(asked.overshoot + off["overshoot"], 0, 1.2),
        tremor=asked.tremor * np.exp(off["tremor"]),
        pen=np.clip(asked.pen / 100 * np.exp(off["pen"]), 0.02, 0.4),
        own=_bends(chance.bends, asked.difference * _TUNED.bend.writers),
        now=_bends(now, asked.variation * _TUNED.bend.digits),
        slips=asked.variation * _TUNED.slip * slips.reshape(n, MOST_POINTS, 2),
        shifts=asked.variation * _TUNED.shift * shifts.reshape(n, MOST_STROKES, 2),
        hooks=_hooks(hooks.reshape(n, MOST_STROKES, 2, 2), chance.chances[:, 2 : 2 + 2 * MOST_STROKES], asked.hooks),
        gaps=_gaps(chance.chances[:, -4:], asked.gaps),
    )


def _spread(name: str) -> _Spread:
    found: _Spread = getattr(_TUNED, name)
    return found


def _bends(drawn: Float64s, reach: float) -> Bends:
    """Distortions by normal numbers (n, _BEND)."""
    waves, phases, reaches = np.split(drawn, [2 * WAVES, 3 * WAVES], axis=1)
    return Bends(3.5 * waves.reshape(-1, 2, WAVES), 6.0 * phases[:, np.newaxis], reach * reaches.reshape(-1, WAVES, 2))


def _hooks(tips: Float64s, chances: Float64s, often: float) -> Float64s:
    """A hook of 4 to 10 % of the height at some ends of strokes."""
    lengths = np.hypot(tips[..., 0], tips[..., 1])[..., np.newaxis]
    there = chances.reshape(*tips.shape[:3]) < often
    return np.asarray(there[..., np.newaxis] * tips / np.maximum(lengths, 0.1) * np.clip(0.05 * lengths, 0.04, 0.1))


def _gaps(chances: Float64s, often: float) -> Float64s:
    missing = np.where(chances[:, 0] < often, 0.06 + 0.12 * chances[:, 3], 0)
    return np.stack([chances[:, 1], chances[:, 2], missing], axis=1)
