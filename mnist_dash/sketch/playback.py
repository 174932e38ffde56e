"""A drawing as it came about: what stood on the sheet after each few points of the pen."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from mnist_dash.arrays import Bytes, Ink
from mnist_dash.sketch import traces
from mnist_dash.sketch.mnist_preprocessing import SIDE, Step, preprocess
from mnist_dash.sketch.traces import Drawing


@dataclass(frozen=True, slots=True)
class Moment:
    """What stood on the sheet when `points` points of the whole drawing were drawn."""

    points: int
    drawing: Drawing


def cut_moments(drawing: Drawing, most: int) -> list[Moment]:
    """At most `most` moments of a drawing, evenly by points, the last of them the whole of it."""
    total = sum(len(trace.points) for trace in drawing)
    ends = np.unique(np.linspace(0, total, min(most, total) + 1).round().astype(int))[1:]
    return [Moment(end, _until(drawing, end)) for end in ends.tolist()]


def _until(drawing: Drawing, points: int) -> Drawing:
    begun: list[traces.Trace] = []
    for trace in drawing:
        if points <= 0:
            break
        begun.append(replace(trace, points=trace.points[:points]))
        points -= len(trace.points)
    return tuple(begun)


def see_moments(moments: list[Moment], digit: Ink, without: Collection[Step] = ()) -> Bytes:
    """(n, 28, 28): what a network sees at each moment of the one `digit` (height, width) of the whole sheet.

    Ink that is no part of it in the end is left out; an image without ink is blank.
    """
    height, width = digit.shape
    inks = (traces.ink_drawing(moment.drawing, width, height) & digit for moment in moments)
    seen = [preprocess(ink, without) for ink in inks]
    return np.stack([np.zeros((SIDE, SIDE), np.uint8) if each is None else each.image for each in seen])
