"""MNIST-C: what may befall the picture of a digit, from noise to a line drawn through it, and its digit stays the same.

Source: Norman Mu and Justin Gilmer, "MNIST-C: A robustness benchmark for computer vision" (2019, arXiv 1906.02337).
Steps and numbers are those of the recipe that they published, of which each corruption names its own; random numbers
are NumPy's, so that images are of the same kind as the published ones, but not the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from mnist_dash.arrays import Float32s, Floats, Images
from mnist_dash.data.corruptions import blurs, marks
from mnist_dash.data.corruptions.canny import find_edges
from mnist_dash.data.corruptions.plasma import make_plasma
from mnist_dash.data.dataset import SIDE, check_images
from mnist_dash.data.warping import FROM_CENTRE, sample_bilinear
from mnist_dash.errors import DataError

SEVERITIES = range(1, 6)
_BLOCK = 500
"""Images worked on together: 60,000 at once would take gigabytes."""
_CHOOSE = "Choose one of these."

Number = Float32s | float
"""One for all images, or (n,): one for each."""


class Corruption(StrEnum):
    """The fifteen corruptions, in the order of the paper."""

    SHOT_NOISE = "shot_noise"
    IMPULSE_NOISE = "impulse_noise"
    GLASS_BLUR = "glass_blur"
    MOTION_BLUR = "motion_blur"
    SHEAR = "shear"
    SCALE = "scale"
    ROTATE = "rotate"
    BRIGHTNESS = "brightness"
    TRANSLATE = "translate"
    STRIPE = "stripe"
    FOG = "fog"
    SPATTER = "spatter"
    DOTTED_LINE = "dotted_line"
    ZIGZAG = "zigzag"
    CANNY_EDGES = "canny_edges"


def corrupt(images: Images, corruption: Corruption, rng: np.random.Generator, severity: int | None = None) -> Images:
    """Images (n, 28, 28) uint8, white on black, each corrupted by itself, as new images of the same type and shape.

    `severity` from 1 to 5 grows; without it, it is that of MNIST-C. The same generator in the same state gives the
    same bits. Raises DataError for other arrays, for an unknown corruption, for a severity outside 1 to 5, and for
    one where the recipe has none.
    """
    check_images(images)
    recipe, numbers = _find_recipe(corruption), _find_numbers(corruption, severity)
    changed = np.empty_like(images)
    for start in range(0, len(images), _BLOCK):
        part = slice(start, start + _BLOCK)
        ink = images[part].astype(np.float32) / np.float32(255)
        changed[part] = np.rint(255 * np.clip(recipe.apply(ink, rng, *numbers), 0, 1))
    return changed


def has_severities(corruption: Corruption) -> bool:
    """Whether the recipe of a corruption has the severities 1 to 5; three are always the same."""
    return _RECIPES[corruption].usual is not None


def _find_recipe(corruption: Corruption) -> "_Recipe":
    if corruption not in _RECIPES:
        raise DataError(f"There is no corruption {corruption!r:.40}; allowed are {', '.join(Corruption)}. {_CHOOSE}")
    return _RECIPES[corruption]


def _find_numbers(corruption: Corruption, severity: int | None) -> tuple[float, ...]:
    """The numbers of the recipe at a severity."""
    recipe = _RECIPES[corruption]
    if recipe.usual is None:
        if severity is not None:
            raise DataError(
                f"The severity is {severity!r}, but the corruption {corruption} has none: it is always the same. "
                "Leave the severity out."
            )
        return ()
    chosen = recipe.usual if severity is None else severity
    if chosen not in SEVERITIES:
        raise DataError(f"The severity is {chosen!r}; allowed is 1, 2, 3, 4 or 5. {_CHOOSE}")
    return recipe.levels[int(chosen) - 1]


def _add_shot_noise(ink: Float32s, rng: np.random.Generator, photons: float) -> Floats:
    """As if full ink were `photons` photons on average, whose number is a Poisson variable."""
    return np.asarray(rng.poisson(ink * np.float32(photons)) / photons)


def _add_impulse_noise(ink: Float32s, rng: np.random.Generator, share: float) -> Floats:
    """Salt and pepper: that `share` of the pixels becomes full ink or paper, as likely as each other."""
    drawn = rng.random(ink.shape, np.float32)
    return np.where(drawn < share, (drawn < share / 2).astype(np.float32), ink)


def _shear(ink: Float32s, rng: np.random.Generator, angle: float) -> Floats:
    """The y axis leant by `angle` in radians to either side; its length is kept, so that the digit gets lower."""
    angles = _either_way(len(ink), rng) * angle
    return _read_affine(ink, 1, -np.sin(angles), 0, np.cos(angles))


def _rotate(ink: Float32s, rng: np.random.Generator, angle: float) -> Floats:
    """A turn by `angle` in radians to either side, about the centre of the image."""
    angles = _either_way(len(ink), rng) * angle
    return _read_affine(ink, np.cos(angles), -np.sin(angles), np.sin(angles), np.cos(angles))


def _scale(ink: Float32s, _rng: np.random.Generator, factor: float) -> Floats:
    """Smaller by that factor, about the centre of the image."""
    return _read_affine(ink, 1 / factor, 0, 0, 1 / factor)


def _translate(ink: Float32s, rng: np.random.Generator, pixels: float) -> Floats:
    """By so many pixels to the left or right, and as many up or down."""
    across, down = (_either_way(len(ink), rng) * pixels for _ in range(2))
    return _read_affine(ink, 1, 0, 0, 1, across, down)


def _brighten(ink: Float32s, _rng: np.random.Generator, light: float) -> Floats:
    """The value in the colour space HSV, which of a grey level is the level itself, is raised."""
    return ink + np.float32(light)


def _invert_stripes(ink: Float32s, _rng: np.random.Generator) -> Floats:
    """The first and the last quarter of the columns become black on white."""
    changed, quarter = ink.copy(), SIDE // 4
    for columns in (slice(quarter), slice(-quarter, None)):
        changed[:, :, columns] = 1 - changed[:, :, columns]
    return changed


def _add_fog(ink: Float32s, rng: np.random.Generator, density: float, decay: float) -> Floats:
    """A plasma fractal over the image, whose contrast shrinks until both find room below its lightest pixel."""
    lightest = ink.max(axis=(1, 2), keepdims=True)
    fog = make_plasma(len(ink), SIDE, rng, decay)
    return np.asarray((ink + density * fog) * lightest / (lightest + density))


def _find_canny_edges(ink: Float32s, _rng: np.random.Generator) -> Floats:
    """The outlines alone, as full ink: Canny's edges at their usual width and thresholds."""
    return find_edges(ink).astype(np.float32)


def _either_way(count: int, rng: np.random.Generator) -> Float32s:
    """(count,): 1 or -1."""
    return rng.integers(2, size=count).astype(np.float32) * 2 - 1


def _read_affine(
    ink: Float32s, xx: Number, xy: Number, yx: Number, yy: Number, across: Number = 0, down: Number = 0
) -> Float32s:
    """Each image at x' = xx·x + xy·y + across and y' = yx·x + yy·y + down, from its centre; outside is paper."""
    x, y = FROM_CENTRE, FROM_CENTRE[:, np.newaxis]
    xx, xy, yx, yy, across, down = (
        np.asarray(number, np.float32).reshape(-1, 1, 1) for number in (xx, xy, yx, yy, across, down)
    )
    each = np.zeros(ink.shape, np.float32)
    return sample_bilinear(ink, each + xx * x + xy * y + across, each + yx * x + yy * y + down)


@dataclass(frozen=True, slots=True)
class _Recipe:
    """What changes ink (n, 28, 28) from 0 to 1, its numbers at each severity, and the severity of MNIST-C, if any.

    What comes out below 0 or above 1 is cut off.
    """

    apply: Callable[..., Floats]
    levels: tuple[tuple[float, ...], ...] = ()
    usual: int | None = None


_RECIPES: Mapping[Corruption, _Recipe] = MappingProxyType(
    {
        Corruption.SHOT_NOISE: _Recipe(_add_shot_noise, ((60,), (25,), (12,), (5,), (3,)), 5),
        Corruption.IMPULSE_NOISE: _Recipe(_add_impulse_noise, ((0.03,), (0.06,), (0.09,), (0.17,), (0.27,)), 4),
        Corruption.GLASS_BLUR: _Recipe(blurs.blur_by_glass, blurs.GLASS, 1),
        Corruption.MOTION_BLUR: _Recipe(blurs.blur_by_motion, blurs.MOTION, 1),
        Corruption.SHEAR: _Recipe(_shear, ((0.2,), (0.4,), (0.6,), (0.8,), (1,)), 2),
        Corruption.SCALE: _Recipe(_scale, ((0.9,), (0.8,), (0.7,), (0.6,), (0.5,)), 3),
        Corruption.ROTATE: _Recipe(_rotate, ((0.2,), (0.4,), (0.6,), (0.8,), (1,)), 2),
        Corruption.BRIGHTNESS: _Recipe(_brighten, ((0.1,), (0.2,), (0.3,), (0.4,), (0.5,)), 5),
        Corruption.TRANSLATE: _Recipe(_translate, ((1,), (2,), (3,), (4,), (5,)), 3),
        Corruption.STRIPE: _Recipe(_invert_stripes),
        Corruption.FOG: _Recipe(_add_fog, ((1.5, 2), (2, 2), (2.5, 1.7), (2.5, 1.5), (3, 1.4)), 5),
        Corruption.SPATTER: _Recipe(marks.spatter, marks.SPATTER, 4),
        Corruption.DOTTED_LINE: _Recipe(marks.add_dotted_line),
        Corruption.ZIGZAG: _Recipe(marks.add_zigzag),
        Corruption.CANNY_EDGES: _Recipe(_find_canny_edges),
    }
)
