"""Ink of photos, where light is uneven, lines are printed and a table is in view: what is darker than its paper."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from mnist_dash.arrays import GreyLevels, Ink, Lightness
from mnist_dash.sketch import illumination, ruled_lines
from mnist_dash.sketch.pieces import grow_cross, label_pieces, measure_breadth, shrink_cross
from mnist_dash.sketch.strokes import select_strokes


@dataclass(frozen=True, slots=True)
class _Tuning:
    """Which way ink is told from paper, and what is a table: chosen on photos of training digits (`benchmarks.paper`).

    No script of the choosing was kept; `benchmarks.photo` measures on test digits and other seeds what they give.
    """

    # Where no more speaks for paper, from -3, or for a board, up to 3, the other is tried too, …
    doubtful: tuple[float, float] = (-0.5, 1.0)
    # … and is right where strokes are so much thinner.
    thinner: float = 0.7
    # The least breadth of a table in view, as a part of the picture's longer side.
    table: int = 64
    # Every so many-th row and column shows it.
    coarse: int = 4


_TUNED = _Tuning()


def find_ink(shown: Image.Image, *, ink_is_dark: bool | None = None) -> Ink:
    """Ink (h, w) of a photo, less printed lines and what is no stroke of a digit.

    Where it is not told whether ink is dark, and hard to tell, the other way stays if it shows thinner strokes.
    """
    levels = np.asarray(shown, np.float32)
    levels = levels.reshape(*levels.shape[:2], -1)
    if ink_is_dark is not None:
        return _find_dark_ink(levels if ink_is_dark else 255 - levels)
    board = illumination.weigh_board(shown.convert("L"))
    likely, other = (255 - levels, levels) if board > 0 else (levels, 255 - levels)
    ink = _find_dark_ink(likely)
    if ink.any() and not _TUNED.doubtful[0] < board < _TUNED.doubtful[1]:
        return ink
    second = _find_dark_ink(other)
    if not ink.any() or not second.any():
        return ink | second
    thinner = measure_breadth(_largest(second)) < _TUNED.thinner * measure_breadth(_largest(ink))
    return second if thinner else ink


def _largest(ink: Ink) -> Ink:
    pieces, sizes = label_pieces(ink)
    return np.asarray(ink & (pieces == sizes.argmax()))


def _find_dark_ink(levels: Lightness) -> Ink:
    dark = illumination.measure_darkness(levels)
    floor = illumination.measure_noise_floor(dark)
    lines = ruled_lines.find_ruled_lines(dark > float(np.median(floor)))
    marks = grow_cross(shrink_cross((dark > floor) & ~lines.printed))
    near = grow_cross(grow_cross(grow_cross(_inside(marks)))) & ~lines.printed
    if not near.any():
        return np.zeros(dark.shape, bool)
    ink = dark > np.maximum(floor, otsu_threshold(255 * dark[near].astype(np.float64)) / 255)
    return select_strokes(
        ruled_lines.take_away(lines, ink, dark),
        dark,
        levels @ np.full(levels.shape[-1], 1 / levels.shape[-1], np.float32),
    )


def _inside(marks: Ink) -> Ink:
    """Marks (h, w) without what is broad and reaches the border, as the table beside a page does; all if that is all.

    What is cut away there is as dark as a table is, and would pass for the ink that all is measured by.
    """
    from scipy import ndimage  # type: ignore[import-untyped]  # 60 ms that only pictures need

    side = max(1, max(marks.shape) // _TUNED.table // _TUNED.coarse) | 1
    small = marks[:: _TUNED.coarse, :: _TUNED.coarse].view(np.uint8)
    pieces, sizes = label_pieces(ndimage.minimum_filter(small, side, mode="nearest") > 0)
    outer = np.zeros(len(sizes), bool)
    for border in (pieces[0], pieces[-1], pieces[:, 0], pieces[:, -1]):
        outer[border] = True
    outer[0] = False
    near = ndimage.maximum_filter(outer[pieces].view(np.uint8), side + 2) > 0
    large = near.repeat(_TUNED.coarse, axis=0).repeat(_TUNED.coarse, axis=1)[: marks.shape[0], : marks.shape[1]]
    inside = marks & ~large
    return np.asarray(inside) if inside.any() else marks


def otsu_threshold(grey: GreyLevels) -> float:
    """The grey level, 0 to 255, above which pixels are light.

    It maximises the variance between the two classes (Otsu, "A threshold selection method from gray-level
    histograms", IEEE Trans. SMC 9, 1979); the middle is taken where several levels do.
    """
    share = np.bincount(np.clip(np.rint(grey), 0, 255).astype(np.intp).ravel(), minlength=256) / grey.size
    dark, moment = np.cumsum(share), np.cumsum(share * np.arange(256))
    spread = dark * (1 - dark)
    between = np.divide((moment[-1] * dark - moment) ** 2, spread, out=np.zeros(256), where=spread > 1e-12)
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    return float(best.mean())
