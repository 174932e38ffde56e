"""Sheets that hold no digit, each by kind: letters, signs, scribbles, noise, blanks, and digits that
are turned or are no single one.

Written by the generator's pen, seeded; for making and measuring what tells digits from everything else.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from scipy import ndimage  # type: ignore[import-untyped]

from mnist_dash.arrays import Curve, Images, Ink
from mnist_dash.data.dataset import CLASSES, SIDE, Digits
from mnist_dash.data.generator.kinematics import spline
from mnist_dash.data.generator.skeletons import Skeleton
from mnist_dash.data.generator.writers import ink_curves, write_skeleton
from mnist_dash.data.reader_set.characters import write_character
from mnist_dash.data.reader_set.letters import LETTERS, LIKE_DIGITS, OTHERWISE, SIGNS
from mnist_dash.data.reader_set.redrawing import preprocess_inks

_PLAIN = sorted(set(LETTERS) - LIKE_DIGITS)

PEN = 0.14
"""The usual breadth of the pen, as a share of what it writes."""
SHEET = 280
"""Pixels along each side of the sheets that are not written by the pen."""

Turn = Callable[[Images], Images]
TURNS: Mapping[Turn, frozenset[int]] = MappingProxyType(
    {
        np.fliplr: frozenset((3, 4, 6, 9)),
        np.rot90: frozenset((2, 3, 5)),
        lambda image: np.rot90(image, -1): frozenset((2, 3, 5)),
        lambda image: np.rot90(image, 2): frozenset((3, 4)),
    }
)
"""What a digit may be turned by, and which are no digit then: a mirrored 2 is a 5, and a 7 on its side may be a 1."""

Writer = Callable[[np.random.Generator], Ink]


def draw_breadth(rng: np.random.Generator) -> float:
    """The breadth of a pen, as a share of what it writes: from a fine line on a large sheet to a marker on a small."""
    return float(np.clip(PEN * np.exp(0.35 * rng.normal()), 0.05, 0.3))


def _of(skeletons: Mapping[str, Skeleton], names: Sequence[str]) -> Writer:
    return lambda rng: ink_curves(
        write_skeleton(skeletons[names[int(rng.integers(len(names)))]], rng), draw_breadth(rng)
    )


def _scribble(rng: np.random.Generator) -> Ink:
    """One to four curves with many turns: back and forth, round and round, or anywhere."""
    ways = (_zigzag, _coil, _tangle)
    return ink_curves(
        [ways[rng.integers(3)](rng) for _ in range(rng.integers(1, 5))], draw_breadth(rng) * rng.uniform(0.4, 1)
    )


def _zigzag(rng: np.random.Generator) -> Curve:
    turns = int(rng.integers(6, 16))
    across = np.where(np.arange(turns) % 2, 1.0, 0.0) * rng.uniform(0.4, 1) + rng.normal(0, 0.08, turns)
    along = np.linspace(0, rng.uniform(0.5, 1.2), turns) + rng.normal(0, 0.03, turns)
    return _smooth(np.stack([across, along], axis=1)) @ _turn(rng.uniform(0, np.pi))


def _coil(rng: np.random.Generator) -> Curve:
    turns = rng.uniform(2.5, 6)
    angle = np.linspace(0, 2 * np.pi * turns, int(12 * turns))
    radius = rng.uniform(0.2, 0.5) * (1 + 0.3 * np.sin(angle * rng.uniform(0.1, 0.7)))
    centre = np.stack([angle * rng.uniform(0, 0.08), angle * rng.uniform(-0.03, 0.03)], axis=1)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius[:, None]
    return np.asarray((centre + ring) @ _turn(rng.uniform(0, np.pi)) + rng.normal(0, 0.02, ring.shape))


def _tangle(rng: np.random.Generator) -> Curve:
    return _smooth(rng.random((int(rng.integers(8, 24)), 2)))


def _smooth(points: Curve) -> Curve:
    return np.asarray(spline(len(points))[0] @ points)


def _turn(angle: float) -> Curve:
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def _noise(rng: np.random.Generator) -> Ink:
    """Specks of any density and size, or blots."""
    sheet: npt.NDArray[np.floating] = rng.normal(size=(SHEET, SHEET))
    if rng.random() < 0.5:
        sheet = ndimage.gaussian_filter(sheet, rng.uniform(4, 24))
    else:
        grain = int(rng.integers(1, 29))
        sheet = np.kron(sheet[: SHEET // grain + 1, : SHEET // grain + 1], np.ones((grain, grain)))[:SHEET, :SHEET]
    return np.asarray(sheet > np.quantile(sheet, rng.uniform(0.3, 0.97)))


def _blank(rng: np.random.Generator) -> Ink:
    """A sheet full of ink but for a few gaps, a dot, or a bar lying down."""
    if rng.random() < 1 / 3:
        full = np.ones((SHEET, SHEET), bool)
        full[rng.integers(SHEET, size=20), rng.integers(SHEET, size=20)] = False
        return full
    y, x = np.mgrid[-1 : 1 : 1j * SHEET, -1 : 1 : 1j * SHEET]
    if rng.random() < 0.5:
        return np.asarray(x**2 + y**2 * rng.uniform(0.8, 1.25) <= 0.9)
    return np.asarray((abs(x) <= 0.95) & (abs(y) <= rng.uniform(0.03, 0.6)))


KINDS: Mapping[str, Writer] = MappingProxyType(
    {
        "letters": _of(LETTERS, _PLAIN),
        "letters_otherwise": _of(OTHERWISE, sorted(OTHERWISE)),
        "letters_like_digits": _of(LETTERS, sorted(LIKE_DIGITS)),
        "letters_all": _of(LETTERS, sorted(LETTERS)),
        "signs": _of(SIGNS, sorted(SIGNS)),
        "characters": lambda rng: ink_curves(write_character(rng), draw_breadth(rng)),
        "scribbles": _scribble,
        "noise": _noise,
        "blanks": _blank,
    }
)
"""Who writes each kind."""


def draw_strangers(kind: str, count: int, seed: int) -> Images:
    """`count` images (n, 28, 28) of a kind, as the procedure makes them; the same seed gives the same bits."""
    write = KINDS[kind]
    return preprocess_inks(write(np.random.default_rng((seed, number))) for number in range(count))


def draw_turned(digits: Digits, count: int, seed: int) -> Images:
    """`count` digits (n, 28, 28) mirrored, lying or upside down, of those alone that are then no other digit."""
    ways = tuple(TURNS)
    allowed = np.array([[digit in TURNS[way] for digit in range(CLASSES)] for way in ways])
    rng = np.random.default_rng((seed, 4))
    chosen = rng.integers(len(ways), size=12 * count), rng.integers(len(digits), size=12 * count)
    fitting = np.flatnonzero(allowed[chosen[0], digits.labels[chosen[1]]])[:count]
    turned = [ways[chosen[0][n]](digits.images[chosen[1][n]]) for n in fitting]
    return np.stack(turned)


def draw_pairs(images: Images, count: int, seed: int) -> Images:
    """Two digits of `images` each, so close that they touch, as one piece of ink: `count` images (n, 28, 28)."""
    rng = np.random.default_rng((seed, 1))
    return np.stack([_pair(images[rng.integers(len(images), size=2)], rng) for _ in range(count)])


def draw_wrong_cuts(images: Images, count: int, seed: int) -> tuple[Images, Images]:
    """What is left of two digits of `images` that touch when the broader one is cut through its middle.

    `count` halves of a digit, and `count` digits with the other half beside them, both (n, 28, 28).
    """
    rng = np.random.default_rng((seed, 5))
    sides = [_cut(images[rng.integers(len(images), size=2)], rng) for _ in range(count)]
    return np.stack([half for half, _ in sides]), np.stack([whole for _, whole in sides])


def _pair(both: Images, rng: np.random.Generator) -> Images:
    return _as_image(_join(both, rng)[0])


def _cut(both: Images, rng: np.random.Generator) -> tuple[Images, Images]:
    sheet, joint = _join(both, rng)
    width = sheet.shape[1]
    first = 2 * joint >= width
    cut = int(np.clip((joint if first else joint + width) / 2 + rng.normal(0, 1.5), 3, width - 3))
    sides = _as_image(sheet[:, :cut]), _as_image(sheet[:, cut:])
    return sides if first else sides[::-1]


def _join(both: Images, rng: np.random.Generator) -> tuple[Images, int]:
    """Two digits that touch, as one sheet (28, width), and the column at which the second begins."""
    left, right = (image[:, image.any(axis=0)] for image in both)
    start = max(0, left.shape[1] - int(rng.integers(0, 4)))
    sheet = np.zeros((SIDE, left.shape[1] + right.shape[1]), np.uint8)
    sheet[:, : left.shape[1]] = left
    sheet[:, start : start + right.shape[1]] = np.maximum(sheet[:, start : start + right.shape[1]], right)
    return sheet[:, : start + right.shape[1]], start


def _as_image(sheet: Images) -> Images:
    (image,) = preprocess_inks([np.kron(sheet > 100, np.ones((6, 6), bool))])
    return np.asarray(image)
