"""The boxes of a form that was found: laid flat, cut out along their own frames, and told ink from paper."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from mnist_dash.arrays import Darkness, Float64s, Ink
from mnist_dash.forms import layout
from mnist_dash.forms.finding import FoundForm, lay_flat
from mnist_dash.sketch.illumination import measure_darkness, measure_noise_floor
from mnist_dash.sketch.pieces import label_pieces
from mnist_dash.sketch.uneven_light import otsu_threshold

FINE = 8.0
"""Pixels for a millimetre of a form laid flat."""
INSET = 0.45
"""Millimetres that are cut away inside a frame: its own line, and blur."""


@dataclass(frozen=True, slots=True)
class _Tuning:
    """How frames are followed and ink is told from dust, in millimetres: chosen on imaginary photos of other seeds.

    `benchmarks.forms` measures what they give.
    """

    # How far a frame may lie from where the corner marks say, since paper bends and marks may be hidden, …
    far: float = 4.0
    # … and how far from where the others say.
    near: float = 1.0
    # How often frames are looked for once more where their neighbours lie: a wave of the paper is no smooth bend.
    passes: int = 2
    # Of the nine boxes around one, itself among them, so many frames must be seen to say where it lies.
    neighbours: int = 3
    # The least size of a piece of ink, along each side of a square.
    dust: float = 0.45
    # The least darkness of a frame that is followed.
    frame: float = 0.04


_TUNED = _Tuning()


@dataclass(frozen=True, slots=True, eq=False)
class CutBox:
    """What was found in a box: its ink (h, w), at `FINE` pixels a millimetre, without its frame."""

    box: layout.Box
    ink: Ink


def cut_boxes(image: Image.Image, form: FoundForm) -> list[CutBox]:
    """Lay a form flat and cut out its boxes, some of which may be empty."""
    levels = np.asarray(lay_flat(image.convert("RGB"), form.matrix, layout.AREA, FINE), np.float32)
    dark = measure_darkness(levels)
    floor = measure_noise_floor(dark)
    shifts = _follow_frames(dark)
    places = [_find_inside(box, shift) for box, shift in zip(layout.BOXES, shifts, strict=True)]
    threshold = _find_threshold(dark, floor, places)
    inks = (_remove_dust(dark[place] > np.maximum(floor[place], threshold)) for place in places)
    return [CutBox(box, ink) for box, ink in zip(layout.BOXES, inks, strict=True)]


_BESIDE = 5
"""Pixels from the middle of a line to the paper beside it."""
_NEAR = 3
"""Pixels to either side of the darkest one that may be the same line."""
Place = tuple[slice, slice]
"""Rows and columns of a form laid flat."""


def _find_inside(box: layout.Box, shift: Float64s) -> Place:
    left, top = box.left - layout.AREA[0] + shift[0], box.top - layout.AREA[1] + shift[1]
    rows = slice(round((top + INSET) * FINE), round((top + layout.HEIGHT - INSET) * FINE))
    return rows, slice(round((left + INSET) * FINE), round((left + layout.WIDTH - INSET) * FINE))


def _follow_frames(dark: Darkness) -> Float64s:
    """How far (boxes, 2) each box lies from its place, in millimetres: a smooth bend through what the frames say.

    They are looked for far off first, and once more near where the others say that they are.
    """
    centres = np.array([(box.left, box.top) for box in layout.BOXES]) / layout.GRID * 2 - 1
    x, y = centres[:, 0], centres[:, 1]
    terms = np.column_stack([np.ones(len(x)), x, y, x * y, x * x, y * y, x**3, y**3, x * x * y, x * y * y])
    shifts = np.zeros((len(x), 2))
    for reach in (_TUNED.far, _TUNED.near):
        seen = _measure_shifts(dark, shifts, reach)
        shifts = np.column_stack([_fit_smoothly(terms, seen[:, axis]) for axis in (0, 1)])
    for _ in range(_TUNED.passes):
        shifts = shifts + _find_ripples(seen - shifts)
        seen = _measure_shifts(dark, shifts, _TUNED.near)
    return shifts + _find_ripples(seen - shifts)


def _measure_shifts(dark: Darkness, expected: Float64s, reach: float) -> Float64s:
    """How far (boxes, 2) each box lies from its place, not a number where its frame is not seen."""
    return np.array([_measure_shift(dark, *pair, reach) for pair in zip(layout.BOXES, expected, strict=True)])


def _find_ripples(left: Float64s) -> Float64s:
    """What a smooth bend leaves (boxes, 2): the median of each box and its neighbours, where a few of them are seen.

    A box whose own frame is not seen lies where its neighbours do, and stays in its place where these are not seen.
    """
    from scipy import ndimage  # type: ignore[import-untyped]  # 60 ms that only pictures need

    def find_median(near: Float64s) -> float:
        seen = near[np.isfinite(near)]
        return float(np.median(seen)) if len(seen) >= _TUNED.neighbours else 0.0

    grid = left.reshape(layout.ROWS, layout.COLUMNS, 2)
    axes = [ndimage.generic_filter(grid[..., axis], find_median, size=3, mode="nearest") for axis in (0, 1)]
    return np.stack(axes, axis=-1).reshape(-1, 2)


def _fit_smoothly(terms: Float64s, seen: Float64s) -> Float64s:
    """The sum of terms nearest to what was seen, without what lies far off it: ink that passes for a frame."""
    kept = np.isfinite(seen)
    found = np.zeros(len(seen))
    for _ in range(3):
        if kept.sum() < 3 * terms.shape[1]:
            return found
        found = terms @ np.linalg.lstsq(terms[kept], seen[kept], rcond=None)[0]
        off = np.abs(seen - found)
        kept = np.isfinite(seen) & (off <= max(0.1, 3 * float(np.nanmedian(off))))
    return found


def _measure_shift(dark: Darkness, box: layout.Box, expected: Float64s, reach: float) -> tuple[float, float]:
    """How far a box lies from its place, looked for within `reach` of where it is expected."""
    left, top = (box.left - layout.AREA[0] + expected[0]) * FINE, (box.top - layout.AREA[1] + expected[1]) * FINE
    right, bottom = left + layout.WIDTH * FINE, top + layout.HEIGHT * FINE
    rows, columns = slice(max(0, int(top)), int(bottom)), slice(max(0, int(left)), int(right))
    across = [_take_profile(dark[rows].T, at, reach) for at in (left, right)]
    down = [_take_profile(dark[:, columns], at, reach) for at in (top, bottom)]
    return float(expected[0]) + _find_pair(*across), float(expected[1]) + _find_pair(*down)


def _take_profile(lines: Darkness, at: float, reach: float) -> Darkness:
    """The median of each line (n, …) as far as `reach` millimetres to either side of `at`; paper beyond the picture."""
    off = round(reach * FINE)
    wanted = np.arange(round(at) - off, round(at) + off + 1)
    there = (wanted >= 0) & (wanted < len(lines))
    found = np.zeros(len(wanted), np.float32)
    found[there] = np.median(lines[wanted[there]], axis=1)
    return found


def _find_pair(one: Darkness, other: Darkness) -> float:
    """How far two lines of a frame lie from the middles of their profiles, in millimetres; not a number without them.

    Both must be where one is: the frame of the next box is no nearer than that.
    """
    above = np.minimum(_find_ridges(one), _find_ridges(other))
    if above.max() < _TUNED.frame:
        return float("nan")
    off = np.arange(len(above)) - len(above) // 2
    near = np.clip(above - above.max() / 2, 0, None) * (np.abs(off - off[int(above.argmax())]) <= _NEAR)
    return float((near * off).sum() / near.sum()) / FINE


def _find_ridges(profile: Darkness) -> Darkness:
    """How much darker each place is than both of its sides, as a thin line is and a broad stroke is not."""
    wide = np.pad(profile, _BESIDE, mode="edge")
    return np.asarray(profile - np.maximum(wide[: -2 * _BESIDE], wide[2 * _BESIDE :]))


def _find_threshold(dark: Darkness, floor: Darkness, places: Sequence[Place]) -> float:
    """The darkness that parts ink from paper on this page, by what is darker than noise in its boxes, and around it."""
    from scipy import ndimage

    marks = [_remove_dust(dark[place] > floor[place]) for place in places]
    near = [ndimage.binary_dilation(mark, iterations=3) for mark in marks]
    values = np.concatenate([dark[place][around] for place, around in zip(places, near, strict=True)])
    return otsu_threshold(255 * values.astype(np.float64)) / 255 if len(values) else 1.0


def _remove_dust(ink: Ink) -> Ink:
    pieces, sizes = label_pieces(ink)
    large = sizes >= (_TUNED.dust * FINE) ** 2
    large[0] = False
    return np.asarray(large[pieces])
