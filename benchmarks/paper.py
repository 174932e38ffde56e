"""Imaginary photos of digits on paper, from a seed: pen, page, lines, light, camera, each with its usual troubles.

A photo is made as one comes about. Ink lies on a page of some tint and grain, printed lines under it; the page is
turned and tilted before the camera, on a table that may come into view; light falls unevenly, perhaps with the edge
of a shadow; and the camera blurs, adds noise and compresses.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage  # type: ignore[import-untyped]

from mnist_dash.arrays import Ink
from mnist_dash.data.reader_set.centre_lines import FINER, enlarge, find_segments, thin
from mnist_dash.sketch.pen import draw

Floats = npt.NDArray[np.float64]
"""(h, w, 3): light from 0 to 1."""
Plane = npt.NDArray[np.float64]
"""(h, w): a share from 0 to 1."""
Tint = tuple[float, float, float]

HEIGHT = 960
"""Pixels of a photo's height; its width is a third more."""
SIZE = 0.05, 0.4
"""The longer side of a digit as a share of the photo's height."""
BREADTH = 0.05, 0.13
"""The pen's breadth as a share of the digit's longer side."""
TURN = 8.0
"""Degrees that a page may be turned to either side."""
TABLE = 0.3
"""The share of photos with a table in view."""
PENS: dict[str, tuple[Tint, float, float]] = {
    "blue": ((0.10, 0.16, 0.55), 0.75, 0.08),
    "black": ((0.08, 0.08, 0.10), 0.85, 0.05),
    "pencil": ((0.30, 0.30, 0.32), 0.60, 0.30),
}
"""The colour of each pen, the least share of it that covers, and how patchy it is."""
CHALK = ((0.93, 0.93, 0.88), 0.7, 0.3)
LINES: Sequence[Tint] = (
    (0.60, 0.72, 0.88),
    (0.45, 0.60, 0.85),
    (0.62, 0.62, 0.64),
    (0.70, 0.62, 0.85),
    (0.45, 0.72, 0.70),
    (0.88, 0.55, 0.55),
)


class Condition(StrEnum):
    """What the page is like, and the light on it."""

    PLAIN = "plain"
    SHADOW = "shadow"
    RULED = "ruled"
    SQUARED = "squared"
    BOTH = "both"
    """Ruled or squared, and in a shadow."""
    BOARD = "board"
    """Chalk on a board."""


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A photo, and the ink (h, w) of each digit in it as it was written, upright and by itself."""

    image: Image.Image
    alone: Sequence[Ink]


def photo(images: npt.NDArray[np.uint8], condition: Condition, rng: np.random.Generator) -> Photo:
    """Digits (n, 28, 28), side by side in one line, written with one pen and photographed; n may be 0."""
    width, height = _frame(len(images), rng)
    alone = _written(images, width, height, rng)
    mask = _laid(alone, width, height, rng)
    page = _inked(_page(condition, width, height, rng), mask, condition, rng)
    seen = _before_camera(page, rng)
    lit = seen * draw_light(condition, width, height, rng)[..., np.newaxis]
    return Photo(take(lit, rng), alone)


def _frame(count: int, rng: np.random.Generator) -> tuple[int, int]:
    across, down = HEIGHT * 4 // 3, HEIGHT
    return (down, across) if count < 3 and rng.random() < 0.4 else (across, down)


def _written(images: npt.NDArray[np.uint8], width: int, height: int, rng: np.random.Generator) -> list[Ink]:
    """Each digit's centre line, drawn by a round pen at one size, give or take a tenth."""
    count = len(images)
    size = np.exp(rng.uniform(*np.log(SIZE))) * HEIGHT
    if not count:
        return []
    size = min(size, 0.8 * width / (1.15 * count), 0.7 * height)
    breadth = rng.uniform(*BREADTH) * size
    lines = thin(np.stack([enlarge(image, FINER) for image in images]))
    return [_traced(line, size * rng.uniform(0.9, 1.1), breadth) for line in lines]


def _traced(line: Ink, size: float, breadth: float) -> Ink:
    drawn = find_segments(line)
    low, high = drawn.min(axis=(0, 1)), drawn.max(axis=(0, 1))
    scale = max(1.0, size - breadth) / max(1.0, float((high - low).max()))
    room = np.ceil((high - low) * scale + breadth).astype(int)
    return draw(list((drawn - low) * scale + (breadth - 1) / 2), int(room[0]), int(room[1]), breadth)


def _laid(alone: Sequence[Ink], width: int, height: int, rng: np.random.Generator) -> Plane:
    """(height, width): the digits in a line, somewhere with room on all sides."""
    tall = max((len(ink) for ink in alone), default=0)
    gaps = [int(rng.uniform(0.12, 0.4) * tall) for _ in alone]
    long = sum(ink.shape[1] for ink in alone) + sum(gaps[1:])
    at = int(0.1 * width + rng.random() * max(0.0, 0.8 * width - long))
    base = int(0.12 * height + tall + rng.random() * max(0.0, 0.76 * height - 1.15 * tall))
    mask = np.zeros((height, width))
    for ink, gap in zip(alone, gaps, strict=True):
        bottom = base + int(rng.uniform(-0.07, 0.07) * tall)
        top = max(0, bottom - len(ink))
        here = mask[top : top + len(ink), at : at + ink.shape[1]]
        here[:] = np.maximum(here, ink[: here.shape[0], : here.shape[1]])
        at += ink.shape[1] + gap
    return mask


def _page(condition: Condition, width: int, height: int, rng: np.random.Generator) -> Floats:
    """The empty page, with grain, stains and printed lines."""
    tint = np.array([0.93, 0.92, 0.89]) * rng.uniform(0.9, 1.05) * rng.uniform(0.97, 1.03, 3)
    if condition is Condition.BOARD:
        tint = np.array([[0.13, 0.24, 0.18], [0.14, 0.15, 0.16]][rng.integers(2)]) * rng.uniform(0.8, 1.4)
    grain = 1 + 0.015 * draw_noise(height, width, 0.7, rng) + 0.02 * draw_noise(height, width, 25, rng)
    if condition is Condition.BOARD:
        grain += 0.15 * np.maximum(0, draw_noise(height, width, 30, rng))
    page = np.clip(tint * grain[..., np.newaxis], 0, 1)
    if condition in (Condition.RULED, Condition.SQUARED, Condition.BOTH):
        squared = condition is Condition.SQUARED or (condition is Condition.BOTH and rng.random() < 0.5)
        page = _printed(page, squared, rng)
    return page


def _printed(page: Floats, squared: bool, rng: np.random.Generator) -> Floats:
    """The page with lines over its whole width, and over its height where squared; else perhaps a red margin."""
    height, width = page.shape[:2]
    spacing = rng.uniform(0.03, 0.12) * height
    breadth = max(1.0, rng.uniform(0.0012, 0.003) * height)
    colour, cover = np.array(LINES)[rng.integers(len(LINES))], rng.uniform(0.5, 1.0)
    rows = _stripes(height, spacing, breadth, rng.random())[:, np.newaxis] * np.ones(width)
    columns = _stripes(width, spacing, breadth, rng.random())[np.newaxis] * np.ones((height, 1))
    page = _over(page, np.maximum(rows, columns) if squared else rows, colour, cover)
    if not squared and rng.random() < 0.5:
        margin = _stripes(width, 10.0 * width, breadth, -rng.uniform(0.06, 0.15) / 10)
        page = _over(page, margin[np.newaxis] * np.ones((height, 1)), np.array([0.85, 0.4, 0.42]), 0.8)
    return page


def _stripes(length: int, spacing: float, breadth: float, phase: float) -> Plane:
    """(length,): how much of each pixel lies on a stripe."""
    off = np.abs((np.arange(length) / spacing + phase + 0.5) % 1 - 0.5) * spacing
    return np.clip(breadth / 2 + 0.5 - off, 0, 1)


def _over(page: Floats, mask: Plane, colour: Floats, cover: float) -> Floats:
    share = (mask * cover)[..., np.newaxis]
    return np.asarray(page * (1 - share) + page * colour * share)


def _inked(page: Floats, mask: Plane, condition: Condition, rng: np.random.Generator) -> Floats:
    board = condition is Condition.BOARD
    colour, least, patchy = CHALK if board else PENS[tuple(PENS)[rng.integers(len(PENS))]]
    cover = rng.uniform(least, 1) * (1 - patchy * np.clip(draw_noise(len(mask), mask.shape[1], 1.2, rng), 0, 1.5) / 1.5)
    share = np.clip(mask * cover, 0, 1)[..., np.newaxis]
    return np.asarray(page * (1 - share) + np.array(colour) * share)


def _before_camera(page: Floats, rng: np.random.Generator) -> Floats:
    """The page turned and tilted, larger than the photo, or with a table beyond its edges."""
    height, width = page.shape[:2]
    if rng.random() < TABLE:
        table, scale = draw_table(height, width, rng), rng.uniform(0.8, 0.95)
        beyond = np.zeros((height, width, 4))
        beyond[..., :3], beyond[..., 3] = page, 1
        moved = _moved(beyond, scale, rng)
        share = moved[..., 3:]
        return np.asarray(moved[..., :3] + table * (1 - share))
    pad = height // 4
    padded = np.pad(page, ((pad, pad), (pad, pad), (0, 0)), mode="reflect")
    return _moved(padded, rng.uniform(0.95, 1.05), rng)[pad : pad + height, pad : pad + width]


def _moved(picture: Floats, scale: float, rng: np.random.Generator) -> Floats:
    """A picture (h, w, c) turned, scaled and tilted about its middle; black beyond it."""
    height, width, channels = picture.shape
    angle = np.deg2rad(rng.uniform(-TURN, TURN))
    cos, sin = np.cos(angle) / scale, np.sin(angle) / scale
    tilt = rng.uniform(-0.08, 0.08, 2) / np.array([width, height])
    x, y = width / 2, height / 2
    centre = np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1]])
    turned = np.array([[cos, -sin, 0], [sin, cos, 0], [*tilt, 1]])
    matrix = np.linalg.inv(centre) @ turned @ centre
    way = tuple((matrix / matrix[2, 2]).ravel()[:8])
    planes = [Image.fromarray(picture[..., i].astype(np.float32)) for i in range(channels)]
    done = [
        p.transform(p.size, Image.Transform.PERSPECTIVE, way, resample=Image.Resampling.BILINEAR, fillcolor=0)
        for p in planes
    ]
    return np.stack([np.asarray(p, np.float64) for p in done], axis=-1)


def draw_table(height: int, width: int, rng: np.random.Generator) -> Floats:
    """Wood, stone or cloth."""
    tint = np.array([[0.45, 0.30, 0.18], [0.25, 0.25, 0.27], [0.70, 0.62, 0.50]][rng.integers(3)])
    grain = 1 + 0.06 * draw_noise(height, width, (2, 60), rng) + 0.08 * draw_noise(height, width, 40, rng)
    return np.asarray(tint * grain[..., np.newaxis])


def draw_light(condition: Condition, width: int, height: int, rng: np.random.Generator) -> Plane:
    """(height, width): how much light falls on each place, 1 at the most."""
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    way = rng.uniform(0, 2 * np.pi)
    light = 1 + rng.uniform(0, 0.2) * (x * np.cos(way) + y * np.sin(way))
    light = light * (1 - rng.uniform(0, 0.15) * (x * x + y * y))
    if condition in (Condition.SHADOW, Condition.BOTH):
        light = light * _shadow(x, y, rng)
    return np.asarray(light / light.max() * rng.uniform(0.8, 1.0))


def _shadow(x: Plane, y: Plane, rng: np.random.Generator) -> Plane:
    """Half the view in the dark beyond an edge, or a band across it; the edge may be hard or soft."""
    way, soft = rng.uniform(0, 2 * np.pi), np.exp(rng.uniform(np.log(0.004), np.log(0.3)))
    along = x * np.cos(way) + y * np.sin(way) + 0.1 * np.sin(3 * (x * np.sin(way) - y * np.cos(way)) + rng.random())
    edge = rng.uniform(-0.5, 0.5)
    dark = 1 / (1 + np.exp(-np.clip((along - edge) / soft * 4, -30, 30)))
    if rng.random() < 0.4:
        dark = dark / (1 + np.exp(-np.clip((edge + rng.uniform(0.4, 0.9) - along) / soft * 4, -30, 30)))
    return np.asarray(1 - rng.uniform(0.3, 0.65) * dark)


def take(lit: Floats, rng: np.random.Generator) -> Image.Image:
    """What the camera makes of it: blur, noise, gamma and JPEG."""
    blurred = ndimage.gaussian_filter(lit, (*(rng.uniform(0.4, 1.4),) * 2, 0))
    noisy = blurred + rng.normal(0, rng.uniform(0.005, 0.02), lit.shape)
    image = Image.fromarray(np.rint(np.clip(noisy, 0, 1) * 255).astype(np.uint8))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=int(rng.integers(55, 93)))
    return Image.open(file)


def draw_noise(height: int, width: int, grain: float | tuple[float, float], rng: np.random.Generator) -> Plane:
    """(height, width): smooth noise of unit spread, `grain` pixels fine."""
    coarse = max(1, int(np.min(grain) / 2))
    small = rng.normal(0, 1, (-(-height // coarse), -(-width // coarse)))
    smoothed = ndimage.gaussian_filter(small, np.array(grain) / coarse, mode="wrap")
    smoothed = smoothed.repeat(coarse, axis=0).repeat(coarse, axis=1)[:height, :width]
    return np.asarray((smoothed - smoothed.mean()) / max(1e-9, smoothed.std()))
