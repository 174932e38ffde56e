"""Lines of digits: on a page they stand above one another, and each is read by itself, from left to right.

Digits of one line are linked each to its neighbour, so that a line may run askew over the page.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Ink
from mnist_dash.sketch.cutting import CutConfidence
from mnist_dash.sketch.digits import Piece, segment_digits
from mnist_dash.sketch.grouping import SPECK
from mnist_dash.sketch.pieces import are_no_dust, label_pieces


@dataclass(frozen=True, slots=True)
class _Tuning:
    """Which strokes are on one line: chosen on imaginary photos (`benchmarks.paper`) of MNIST's training digits.

    No script of the choosing was kept; `benchmarks.photo` measures on test digits and other seeds what they give.
    """

    # Two strokes stand beside one another where they share this much of the lower one's height …
    beside: float = 0.4
    # … and are no further apart than this, in heights of the higher one.
    apart: float = 3.0
    # A stroke with none beside it, this much lower than the one that it is nearest to, belongs to that one's line.
    part: float = 0.4


_TUNED = _Tuning()

MOST = 1_500
"""Of more strokes on a page only the largest are looked at: each is held against each."""


def segment_lines(ink: Ink, confidence: CutConfidence | None = None) -> list[list[Piece]]:
    """The digits in ink (h, w), line by line from the top; a cut confidence makes cuts between touching ones surer."""
    from scipy import ndimage  # type: ignore[import-untyped]  # 60 ms that only pictures need

    labels, sizes = label_pieces(ink)
    if not sizes.any():
        return []
    kept = np.argsort(sizes[1:])[::-1][:MOST]
    kept = kept[are_no_dust(sizes[1:], SPECK)[kept]]
    places = ndimage.find_objects(labels)
    boxes = np.array([[place.start, place.stop] for i in kept for place in places[i]]).reshape(-1, 4)
    line_of = np.full(len(sizes), -1)
    line_of[kept + 1] = _line_of(boxes)
    lines = line_of[labels]
    read = [segment_digits(lines == number, confidence) for number in range(line_of.max() + 1)]
    return sorted((line for line in read if line), key=_middle)


def _line_of(boxes: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """(n,): the number of each stroke's line, of boxes (n, 4: top, bottom, left, right)."""
    from scipy.sparse import csgraph  # type: ignore[import-untyped]

    top, bottom, left, right = boxes.T
    height = bottom - top
    shared = np.minimum(bottom, bottom[:, np.newaxis]) - np.maximum(top, top[:, np.newaxis])
    gap = np.maximum(left, left[:, np.newaxis]) - np.minimum(right, right[:, np.newaxis])
    linked = shared >= _TUNED.beside * np.minimum(height, height[:, np.newaxis])
    linked &= gap <= _TUNED.apart * np.maximum(height, height[:, np.newaxis])
    alone = np.count_nonzero(linked, axis=1) == 1
    linked |= _parts(height, shared, gap) & alone[:, np.newaxis]
    return np.asarray(csgraph.connected_components(linked, directed=False)[1])


def _parts(height: npt.NDArray[np.intp], shared: npt.NDArray[np.intp], gap: npt.NDArray[np.intp]) -> Ink:
    """(n, n): whether the first is small beside the second, which no other that is larger is nearer to."""
    apart = np.hypot(np.maximum(0, -shared), np.maximum(0, gap))
    larger = height[:, np.newaxis] < _TUNED.part * height
    nearest = np.where(larger, apart, np.inf)
    return np.asarray(larger & (nearest <= nearest.min(axis=1, keepdims=True)))


def _middle(line: list[Piece]) -> float:
    return float(np.mean([piece.top + piece.ink.shape[0] / 2 for piece in line]))
