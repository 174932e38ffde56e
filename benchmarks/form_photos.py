"""Imaginary photos of filled forms: printed, written on by people's pen strokes, bent, tilted, lit and photographed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageDraw
from scipy import ndimage  # type: ignore[import-untyped]

from benchmarks.paper import PENS, Condition, draw_light, draw_noise, draw_table, take
from mnist_dash.arrays import Curve, Ink, Matrix, Points
from mnist_dash.data.generator.writers import Written
from mnist_dash.forms import layout
from mnist_dash.forms.boxes import FINE, INSET
from mnist_dash.forms.codes import Label
from mnist_dash.forms.finding import fit_matrix, map_points
from mnist_dash.forms.printing import Paper, print_forms
from mnist_dash.sketch.pen import draw

DOTS = 300
"""Of the printer, an inch."""
_MM = DOTS / 25.4
TILT = 25.0
"""Degrees by which the camera looks from the side at most."""
SIZE = 5.0, 8.5
"""Millimetres of the longer side of a digit."""
BREADTH = 0.35, 0.9
"""Millimetres of the breadth of a pen."""
EMPTY, FILLED = 0.03, 0.02
"""The share of boxes that are left empty, and of those that are filled because it went wrong."""
BEND = 1.2
"""Millimetres by which bent paper moves what is printed on it, at most."""

_NEAR, _MOST = 0.5, 0.97
"""Millimetres that ink may lie off, and the share of it that must lie so near."""


@dataclass(frozen=True, slots=True, eq=False)
class FilledForm:
    """A photo of a form, and what was written in each box: the ink at FINE pixels a millimetre, None where nothing.

    In the boxes `filled` the digit was filled over.
    """

    image: Image.Image
    written: Sequence[Ink | None]
    filled: Sequence[bool]
    digits: Sequence[Written]


def photograph_form(
    digits: Sequence[Written], rng: np.random.Generator, megapixels: float = 3.0, tilt: float = TILT
) -> FilledForm:
    """A photo of a form with these digits, one for each box, of the label that the box asks for."""
    paper = Paper.A4 if rng.random() < 0.5 else Paper.LETTER
    label = Label("imaginary", "Somebody", "".join(rng.choice(list("ABCDEFGH2345"), 4)))
    page = render_form(label, paper, DOTS)
    written, filled = _write(page, digits, rng)
    return FilledForm(_photograph(page, rng, megapixels, tilt), written, filled, digits)


def render_form(label: Label, paper: Paper, dots: float) -> Image.Image:
    """An empty form as it is printed, at so many dots an inch."""
    with pypdfium2.PdfDocument(print_forms([label], paper)) as document:
        page: Image.Image = document[0].render(scale=dots / 72).to_pil().convert("RGB")
    return page


def is_cut_right(found: Ink, written: Ink) -> bool:
    """Whether what was found in a box is what was written: all but a few pixels of each within half a millimetre."""
    inset = round(INSET * FINE)
    whole = np.zeros_like(written)
    height, width = (min(side, room - inset) for side, room in zip(found.shape, written.shape, strict=True))
    whole[inset : inset + height, inset : inset + width] = found[:height, :width]
    return _covers(whole, written) and _covers(written, whole)


def _covers(wide: Ink, ink: Ink) -> bool:
    near = ndimage.binary_dilation(wide, iterations=round(_NEAR * FINE))
    return bool(ink.any() and (near & ink).sum() >= _MOST * ink.sum())


def _write(
    page: Image.Image, digits: Sequence[Written], rng: np.random.Generator
) -> tuple[list[Ink | None], list[bool]]:
    """Write the digits on the page with one pen."""
    pens = list(PENS.values())
    tint, least, _ = pens[rng.integers(len(pens))]
    colour = tuple(int(255 * (1 - rng.uniform(least, 1) * (1 - part))) for part in tint)
    breadth, size = rng.uniform(*BREADTH), rng.uniform(*SIZE)
    origin = (np.array(page.size) / _MM - layout.GRID) / 2
    canvas = ImageDraw.Draw(page)
    found, filled = [], []
    for box, digit in zip(layout.BOXES, digits, strict=True):
        chance = rng.random()
        strokes = None if chance < EMPTY else _place(digit, size * rng.uniform(0.85, 1.1), breadth, rng)
        wrong = EMPTY <= chance < EMPTY + FILLED
        for stroke in _scrawl(strokes, rng) if wrong and strokes else strokes or ():
            _draw_line(canvas, (stroke + origin + (box.left, box.top)) * _MM, breadth * _MM, colour)
        found.append(_draw_alone(strokes, breadth) if strokes and not wrong else None)
        filled.append(wrong)
    return found, filled


def _place(digit: Written, size: float, breadth: float, rng: np.random.Generator) -> list[Curve]:
    """The strokes in millimetres from the corner of a box, somewhere with room for the pen."""
    every = np.vstack(digit.strokes)
    low, high = every.min(axis=0), every.max(axis=0)
    room = np.array([layout.WIDTH, layout.HEIGHT]) - breadth - 1.4
    scale = min(size / float((high - low).max()), *(room / np.maximum(high - low, 1e-6)))
    at = breadth / 2 + 0.7 + rng.random(2) * (room - (high - low) * scale)
    return [(stroke - low) * scale + at for stroke in digit.strokes]


def _scrawl(strokes: Sequence[Curve], rng: np.random.Generator) -> list[Curve]:
    """The digit filled over by a scrawl."""
    x = np.tile([1.0, layout.WIDTH - 1.0], 12) + rng.normal(0, 0.3, 24)
    y = np.linspace(1.0, layout.HEIGHT - 1.0, 24) + rng.normal(0, 0.2, 24)
    return [*strokes, np.column_stack([x, y])]


def _draw_line(canvas: ImageDraw.ImageDraw, points: Points, breadth: float, colour: tuple[int, ...]) -> None:
    canvas.line([tuple(point) for point in points.tolist()], fill=colour, width=max(1, round(breadth)), joint="curve")
    for x, y in (points[0], points[-1]):
        canvas.ellipse([x - breadth / 2, y - breadth / 2, x + breadth / 2, y + breadth / 2], fill=colour)


def _draw_alone(strokes: Sequence[Curve], breadth: float) -> Ink:
    width, height = round(layout.WIDTH * FINE), round(layout.HEIGHT * FINE)
    return draw([stroke * FINE for stroke in strokes], width, height, breadth * FINE)


def _photograph(page: Image.Image, rng: np.random.Generator, megapixels: float, tilt: float) -> Image.Image:
    """The page bent on a table before a camera that looks at it from the side, in whatever light there is."""
    short = int(np.sqrt(megapixels * 1e6 * 3 / 4))
    height, width = (short * 4 // 3, short) if rng.random() < 0.8 else (short, short * 4 // 3)
    matrix = _look(page.size, width, height, rng, tilt)
    row, column = np.mgrid[0:height, 0:width].reshape(2, -1).astype(np.float64)
    back: Matrix = np.linalg.inv(matrix).astype(np.float64)
    at = map_points(back, np.column_stack([column, row]))
    at = at + _bend(at, page.size, rng)
    inside = ((at >= 0) & (at <= np.array(page.size) - 1)).all(axis=1).reshape(height, width, 1)
    levels = np.asarray(page, np.float32)
    parts = (levels[..., part] for part in range(3))
    seen = np.stack([ndimage.map_coordinates(part, at.T[::-1], order=1, mode="nearest") for part in parts], axis=-1)
    tint = np.array([0.93, 0.92, 0.89]) * rng.uniform(0.95, 1.05) / 255
    grain = 1 + 0.012 * draw_noise(height, width, 0.7, rng)
    paper = seen.reshape(height, width, 3) * tint * grain[..., np.newaxis]
    scene = np.where(inside, paper, draw_table(height, width, rng))
    condition = Condition.SHADOW if rng.random() < 0.5 else Condition.PLAIN
    return take(scene * draw_light(condition, width, height, rng)[..., np.newaxis], rng)


def _look(size: tuple[int, int], width: int, height: int, rng: np.random.Generator, tilt: float) -> Matrix:
    """The matrix from pixels of the page to pixels of the photo: a pinhole camera that sees the whole page."""
    half = np.array(size) / 2
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half
    axis, angle = rng.uniform(0, 2 * np.pi), np.deg2rad(rng.uniform(0, tilt))
    turn = np.deg2rad(rng.uniform(-20, 20)) + rng.choice([0, 0, 0, np.pi / 2, np.pi, -np.pi / 2])
    flat = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    along = flat @ np.array([np.cos(axis), np.sin(axis)])
    away = float(np.linalg.norm(size)) * rng.uniform(0.9, 1.4) - along * np.sin(angle)
    across = flat - np.outer(along * (1 - np.cos(angle)), [np.cos(axis), np.sin(axis)])
    seen = across / away[:, np.newaxis]
    low, high = seen.min(axis=0), seen.max(axis=0)
    scale = float((np.array([width, height]) / (high - low)).min()) * rng.uniform(0.9, 0.98)
    pixels = (seen - (low + high) / 2) * scale + np.array([width, height]) / 2
    return fit_matrix(corners + half, pixels)


def _bend(at: Points, size: tuple[int, int], rng: np.random.Generator) -> Points:
    """How far bent paper moves what is on it, in pixels of the page: a wave or two of some direction."""
    way, waves = rng.uniform(0, np.pi), rng.uniform(0.5, 1.5)
    along = at / np.array(size) @ np.array([np.cos(way), np.sin(way)])
    off = rng.uniform(0, BEND) * _MM * np.sin(2 * np.pi * (waves * along + rng.random()))
    return np.outer(off, [np.cos(way), np.sin(way)])
