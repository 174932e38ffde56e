"""Which marks on a photo are strokes of digits, and which are the table, the edge of the page, or dirt.

The mark with the most ink that looks like a stroke sets the measure: digits of one hand are alike in height and in
darkness. Small marks stay where they stand close to one of that measure: they are parts of it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Darkness, Floats, Ink, Mask
from mnist_dash.sketch.pieces import grow_square, label_pieces


@dataclass(frozen=True, slots=True)
class _Tuning:
    """What passes for a stroke: chosen on imaginary photos (`benchmarks.paper`) of MNIST's training digits.

    No script of the choosing was kept; `benchmarks.photo` measures on test digits and other seeds what they give.
    """

    # A stroke is at most so broad, as a share of the longer side of its mark.
    broad: float = 0.4
    # More holes than this, each larger than the square of a stroke, make squared paper of it: 888 has eight at most.
    holes: int = 8
    # The least digit, as a part of the picture's longer side.
    smallest: int = 50
    # Ink takes away at least this share of the light.
    faintest: float = 0.15
    # The least height of a digit, as a share of the measure's, …
    lowest: float = 0.33
    # … and the greatest length of what may be several digits in one, …
    longest: float = 3.0
    # … that is at most so many times as wide as it is high, …
    widest: float = 4.0
    # … and the least darkness, as a share of the measure's.
    palest: float = 0.5
    # What stands further from others than this, in heights of the measure, is dirt or a printed line …
    lonely: float = 1.5
    # … unless it has this share of the measure's height, …
    lowest_lonely: float = 0.4
    # … this share of its darkness …
    palest_lonely: float = 0.7
    # … and is at most so many times as broad.
    broadest_lonely: float = 2.0
    # Parts of a digit are no further from it than this, in heights of the measure, …
    near: float = 0.25
    # … and have at least this share of its ink.
    part: float = 0.01
    # More of a mark's outline than this, where it goes on beyond it as dark, makes it a part of something larger.
    edge: float = 0.2
    # Of more marks only the largest are looked at.
    most: int = 2_000


_TUNED = _Tuning()


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """Marks, each with its box (n, 4: top, bottom, left, right), its pixels, darkness, breadth and holes (n,)."""

    boxes: npt.NDArray[np.intp]
    pixels: Floats
    dark: Floats
    broad: Floats
    holes: Floats
    edge: Floats

    @property
    def height(self) -> Floats:
        return np.asarray(self.boxes[:, 1] - self.boxes[:, 0])

    @property
    def longer(self) -> Floats:
        return np.asarray(np.maximum(self.height, self.boxes[:, 3] - self.boxes[:, 2]))


def select_strokes(ink: Ink, dark: Darkness, grey: Darkness) -> Ink:
    """The strokes of digits in ink (h, w), where `grey` is how light the photo is; all false where there are none."""
    labels, sizes = label_pieces(ink)
    if len(sizes) - 1 > _TUNED.most:
        ink = sizes[labels] >= np.sort(sizes)[-_TUNED.most]
        labels, sizes = label_pieces(ink)
    if not sizes.any():
        return ink
    marks = _measured(labels, sizes[1:].astype(float), ink, dark, grey)
    return np.asarray(np.array([False, *_kept(marks, ink.shape)])[labels])


def _measured(labels: npt.NDArray[np.int32], pixels: Floats, ink: Ink, dark: Darkness, grey: Darkness) -> _Marks:
    from scipy import ndimage  # type: ignore[import-untyped]  # 60 ms that only pictures need

    places = ndimage.find_objects(labels)
    alone = [labels[place] == number for number, place in enumerate(places, 1)]
    broad = np.array([_breadth(mark) for mark in alone])
    return _Marks(
        np.array([[*_ends(rows), *_ends(columns)] for rows, columns in places]),
        pixels,
        np.bincount(labels[ink], dark[ink])[1:] / pixels,
        broad,
        np.array([_count_holes(mark, breadth**2) for mark, breadth in zip(alone, broad, strict=True)]),
        _going_on(labels, ink, dark, grey),
    )


def _breadth(mark: Ink) -> float:
    from scipy import ndimage

    return float(2 * ndimage.distance_transform_edt(np.pad(mark, 1)).max())


def _count_holes(mark: Ink, least: float) -> int:
    """How many patches of paper, each of more pixels than the `least`, are closed in by a mark."""
    from scipy import ndimage

    if mark.size - np.count_nonzero(mark) <= least * _TUNED.holes:
        return 0
    patches, _ = ndimage.label(~np.pad(mark, 1))
    # The first two are the mark itself and what lies around it.
    return int(np.count_nonzero(np.bincount(patches.ravel())[2:] > least))


def _ends(part: slice) -> tuple[int, int]:
    return part.start, part.stop


def _going_on(labels: npt.NDArray[np.int32], ink: Ink, dark: Darkness, grey: Darkness) -> Floats:
    """(n,): the share of each mark's surroundings that is about as dark as itself, as a corner of a table has it."""
    from scipy import ndimage

    reach = max(2, round(max(ink.shape) / 256))
    count = labels.max() + 1
    view = _view_of(ink, 2 * reach + 2)
    labels, ink, dark, grey = labels[view], ink[view], dark[view], grey[view]

    def around(plane: Darkness) -> Darkness:
        return np.asarray(ndimage.uniform_filter(plane.astype(np.float32), 2 * reach + 3))

    share = np.maximum(around(ink.astype(np.float32)), 1e-6)
    level, depth = around(grey * ink) / share, around(dark * ink) / share
    paper = level / np.maximum(1 - depth, 0.02)
    grown = ndimage.maximum_filter(labels, 2 * reach + 1)
    ring = (grown > 0) & ~grow_square(ink, 2 * reach - 1)
    owner, alike = grown[ring], (grey < level + 0.4 * (paper - level))[ring]
    return np.asarray(
        (np.bincount(owner[alike], minlength=count) / np.maximum(np.bincount(owner, minlength=count), 1))[1:]
    )


def _view_of(ink: Ink, room: int) -> tuple[slice, slice]:
    """The rows and columns of all ink (h, w), with room on each side where there is some."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    top, left = max(0, rows[0] - room), max(0, columns[0] - room)
    return slice(top, rows[-1] + room + 1), slice(left, columns[-1] + room + 1)


def _kept(marks: _Marks, shape: tuple[int, ...]) -> Mask:
    """(n,): whether each mark stays."""
    inner = ~_at_border(marks, shape)
    likely = (
        (marks.edge < _TUNED.edge)
        & (marks.holes <= _TUNED.holes)
        & (marks.broad <= _TUNED.broad * marks.longer)
        & (marks.longer * _TUNED.smallest >= max(shape))
    )
    able = likely & inner if (likely & inner).any() else likely
    able &= (marks.dark >= _TUNED.faintest) & (marks.longer <= _TUNED.widest * marks.height)
    if not able.any():
        return able
    best = int(np.argmax(np.where(able, marks.pixels * marks.dark, 0)))
    dark = marks.dark >= _TUNED.palest * marks.dark[best]
    digits = able & dark & (marks.height >= _TUNED.lowest * marks.height[best])
    digits &= marks.longer <= _TUNED.longest * max(marks.height[best], marks.longer[best])
    alike = (
        (marks.height >= _TUNED.lowest_lonely * marks.height[best])
        & (marks.dark >= _TUNED.palest_lonely * marks.dark[best])
        & (marks.broad <= _TUNED.broadest_lonely * marks.broad[best])
    )
    digits &= alike | (_gaps(marks, digits & alike) < _TUNED.lonely * marks.height[best])
    parts = inner & dark & ~digits & (marks.pixels >= _TUNED.part * marks.pixels[best])
    return np.asarray(digits | (parts & (_gaps(marks, digits) < _TUNED.near * marks.height[best])))


def _at_border(marks: _Marks, shape: tuple[int, ...]) -> Mask:
    rim = max(2, max(shape) // 200)
    top, bottom, left, right = marks.boxes.T
    return np.asarray((top < rim) | (left < rim) | (bottom > shape[0] - rim) | (right > shape[1] - rim))


def _gaps(marks: _Marks, digits: Mask) -> Floats:
    """(n,): how far each mark's box is from the nearest box of a digit."""
    top, bottom, left, right = marks.boxes.T
    down = np.maximum(0, np.maximum(top[digits] - bottom[:, np.newaxis], top[:, np.newaxis] - bottom[digits]))
    across = np.maximum(0, np.maximum(left[digits] - right[:, np.newaxis], left[:, np.newaxis] - right[digits]))
    return np.asarray(np.hypot(down, across).min(axis=1))
