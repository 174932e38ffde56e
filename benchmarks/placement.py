"""What it costs that people write anywhere, at any size and with another pen: MNIST's test digits, drawn anew.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.placement [MODEL]`. The centre line of each digit is redrawn on the canvas
by a round pen of random breadth, at a random size and place, and goes the way of a sketch to the model. Two more
readings at the same sizes and places tell the causes apart: the digits with their own ink show what size and place
cost, and the centre lines traced by MNIST's usual pen what is lost with the ink, such as a loop that was filled.
"""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage  # type: ignore[import-untyped]

from benchmarks import record
from mnist_dash.arrays import Images, Ink, Stroke
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.classifier import Classifier
from mnist_dash.settings import Settings
from mnist_dash.sketch.mnist_preprocessing import BOX, SIDE, preprocess
from mnist_dash.sketch.pen import draw

SEED = 0
GOAL = 0.5
"""Points of accuracy that place, size and pen may cost."""
CANVAS = 280
PEN = 10.0, 28.0
"""Pixels of the canvas, as broad as a pen may be."""
SIZE = 0.35, 0.9
"""Shares of the canvas that the longer side of the ink may take."""
FINER = 4
"""Pixels of a centre line to each of the image's 28."""
HOLE, LOOP = 60, 5
"""Grey levels and pixels of the image: what a small loop's hole is. Chosen on training digits, as all of this."""
BREADTHS = 0.0, 0.06, 0.09, 0.12, 0.15, 0.18, 0.22, 1.0
"""Edges of the bins of the pen, as a share of the ink's longer side; training digits mostly have 0.07 to 0.16."""
USUAL = 0.11
"""The median of those: how broad MNIST's usual pen is, as such a share."""
SIZES = 0.35, 0.45, 0.55, 0.65, 0.75, 0.9
"""Edges of the bins of the ink's longer side, as a share of the canvas."""
_CHUNK = 100

Inks = npt.NDArray[np.bool_]
"""(n, height, width): true where there is ink."""
Floats = npt.NDArray[np.float64]
Right = npt.NDArray[np.bool_]
"""(n,): whether the answer to each digit is its label."""


@dataclass(frozen=True, slots=True, eq=False)
class Hands:
    """How each of n digits is written.

    `pen` and `side` (n,) are the breadth of the pen and the longer side of the ink, in pixels of the canvas; `corner`
    (n, 2) is the share of the room to the left and above, of all that the ink leaves.
    """

    pen: Floats
    side: Floats
    corner: Floats


def hands(count: int, seed: int, pen: tuple[float, float] = PEN) -> Hands:
    """Independent and uniform: pen, size and place of each of `count` digits."""
    rng = np.random.default_rng(seed)
    return Hands(rng.uniform(*pen, count), CANVAS * rng.uniform(*SIZE, count), rng.random((count, 2)))


def main(model: str) -> None:
    """Read the test digits as they are, with their own ink elsewhere, and drawn anew by any pen and the usual one."""
    started = time.process_time()
    test = open_dataset(Settings.from_environment(os.environ), "mnist").test
    reader, written = load_bundled(model), hands(len(test), SEED)
    plain = _right(reader, test.images, test.labels)
    moved = _right(reader, sketched(own_ink(test.images, written)), test.labels)
    redrawn = _right(reader, sketched(redraw(test.images, written)), test.labels)
    usual = replace(written, pen=USUAL * written.side)
    traced = _right(reader, sketched(redraw(test.images, usual)), test.labels)
    result = {
        "claim": f"redrawn digits are read as well as the test images, within {GOAL} points",
        "holds": bool(100 * (plain.mean() - redrawn.mean()) <= GOAL),
        "model": model,
        "images": len(test),
        "seed": SEED,
        "canvas": CANVAS,
        "pen": PEN,
        "size": SIZE,
        "plain": round(float(plain.mean()), 4),
        "moved": {"accuracy": round(float(moved.mean()), 4), "points": paired(plain, moved)},
        "redrawn": {"accuracy": round(float(redrawn.mean()), 4), "points": paired(plain, redrawn)},
        "traced": {"accuracy": round(float(traced.mean()), 4), "breadth": USUAL, "points": paired(plain, traced)},
        "traced_to_redrawn": paired(traced, redrawn),
        "redrawn_by_breadth": binned(written.pen / written.side, BREADTHS, plain, redrawn),
        "redrawn_by_size": binned(written.side / CANVAS, SIZES, plain, redrawn),
        "moved_by_size": binned(written.side / CANVAS, SIZES, plain, moved),
        "processor_seconds": round(time.process_time() - started),
    }
    record.write("placement", result)


def _right(reader: Classifier, images: Images, labels: npt.NDArray[np.uint8]) -> Right:
    return np.asarray(reader.probabilities(images).argmax(axis=1) == labels)


def paired(before: Right, after: Right) -> dict[str, float]:
    """Points of accuracy won from `before` to `after`, with a 95 % interval over the digits that both have read."""
    change = 100 * (after.astype(float) - before)
    points, error = float(change.mean()), float(change.std(ddof=1) / np.sqrt(len(change)))
    return {"change": round(points, 2), "low": round(points - 1.96 * error, 2), "high": round(points + 1.96 * error, 2)}


def binned(values: Floats, edges: Sequence[float], before: Right, after: Right) -> list[dict[str, object]]:
    """Accuracy of the digits whose value (n,) lies between each edge and the next, and what has changed in them."""
    bins = np.digitize(values, edges[1:-1])
    return [
        {
            "from": edges[i],
            "to": edges[i + 1],
            "images": int((bins == i).sum()),
            "accuracy": round(float(after[bins == i].mean()), 4),
            "points": paired(before[bins == i], after[bins == i]),
        }
        for i in range(len(edges) - 1)
    ]


def sketched(inks: Iterator[Ink]) -> Images:
    """The images (n, 28, 28) that the program makes of sketches."""
    return np.stack([_image(ink) for ink in inks])


def _image(ink: Ink) -> Images:
    made = preprocess(ink)
    assert made, "the sketch is empty"
    return made.image


def own_ink(images: Images, written: Hands) -> Iterator[Ink]:
    """Each image's own ink, as broad as it is, on the canvas: what is at least half covered, once enlarged."""
    for image, side, corner in zip(images, written.side, written.corner, strict=True):
        ink = enlarged(image, side / BOX)
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        left, top = (int(room) for room in corner * (CANVAS - np.array(cut.shape[::-1])))
        canvas = np.zeros((CANVAS, CANVAS), bool)
        canvas[top : top + len(cut), left : left + cut.shape[1]] = cut
        yield canvas


def redraw(images: Images, written: Hands) -> Iterator[Ink]:
    """The centre line of each image, drawn on the canvas by a pen."""
    for start in range(0, len(images), _CHUNK):
        lines = thinned(np.stack([opened(image) for image in images[start : start + _CHUNK]]))
        for i, line in enumerate(lines, start):
            strokes = _fitted(segments(line), written.side[i], written.pen[i], written.corner[i])
            yield draw(strokes, CANVAS, CANVAS, written.pen[i])


def enlarged(image: npt.NDArray[np.uint8], times: float) -> Ink:
    """The ink of an image (28, 28), `times` as large, with smooth borders."""
    side = round(SIDE * times)
    return np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC)) > 127


def opened(image: npt.NDArray[np.uint8]) -> Ink:
    """The ink of an image (28, 28), FINER times as large, with the holes of small loops as open as they were written.

    A broad pen leaves such a hole grey, and what counts as ink at half of full tone would lose the loop: where the
    image is `HOLE` darker than the strokes around it, within `LOOP` pixels, there is paper.
    """
    side, reach = SIDE * FINER, LOOP * FINER / 2
    fine = np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC)).astype(np.int16)
    y, x = np.mgrid[-int(reach) : int(reach) + 1, -int(reach) : int(reach) + 1]
    filled = ndimage.grey_closing(fine, footprint=x**2 + y**2 <= reach**2)
    return np.asarray((fine > 127) & (filled - fine < HOLE))


def thinned(inks: Inks) -> Inks:
    """Centre lines of ink: what Zhang and Suen's algorithm leaves (1984), "A fast parallel algorithm for thinning".

    Borders are peeled off in turn from the south-east and the north-west; ends and connections stay.
    """
    line = np.pad(inks, ((0, 0), (1, 1), (1, 1)))
    before = -1
    while before != (before := int(line.sum())):
        for table in _PEELS:
            line[:, 1:-1, 1:-1] &= ~table[_around(line)]
    return line[:, 1:-1, 1:-1]


_CLOCKWISE = np.array([(0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0)])
"""(8, 2): rows and columns of a pixel's neighbours in the 3×3 around it, from the north."""
_FORWARD = 2, 3, 4, 5
"""Those of them to the east and south: they see each pair of neighbours once."""


def _around(line: Inks) -> npt.NDArray[np.uint8]:
    """(n, h, w): a bit for each neighbour of each pixel, of lines (n, h + 2, w + 2)."""
    height, width = line.shape[1] - 2, line.shape[2] - 2
    code = np.zeros((len(line), height, width), np.uint8)
    for bit, (row, column) in enumerate(_CLOCKWISE):
        code |= line[:, row : row + height, column : column + width].view(np.uint8) << np.uint8(bit)
    return code


def _peel(kept: Sequence[tuple[int, ...]]) -> npt.NDArray[np.bool_]:
    """(256,): which neighbourhoods let a pixel go; one stays whose neighbours in any of `kept` are all ink."""
    bits = (np.arange(256)[:, None] >> np.arange(8) & 1).astype(bool)
    many = bits.sum(axis=1)
    once = (~bits & np.roll(bits, -1, axis=1)).sum(axis=1) == 1
    inner = np.any([bits[:, sides].all(axis=1) for sides in kept], axis=0)
    return np.asarray((many >= 2) & (many <= 6) & once & ~inner)


_PEELS = _peel(((0, 2, 4), (2, 4, 6))), _peel(((0, 2, 6), (0, 4, 6)))


def segments(line: Ink) -> Floats:
    """(s, 2, 2): from and to, x and y, of each pair of neighbours on a centre line; a dot goes to itself."""
    around = _around(np.pad(line, 1)[None])[0]
    starts = [np.argwhere(line & (around >> bit & 1 == 1)) for bit in _FORWARD]
    pairs = [
        np.stack([start, start + _CLOCKWISE[bit] - 1], axis=1) for bit, start in zip(_FORWARD, starts, strict=True)
    ]
    dots = np.argwhere(line & (around == 0))
    return np.concatenate([*pairs, np.stack([dots, dots], axis=1)])[:, :, ::-1].astype(float)


def _fitted(drawn: Floats, side: float, pen: float, corner: Floats) -> Sequence[Stroke]:
    """Strokes (s, 2, 2) moved and scaled such that their ink, with the pen's breadth, takes `side` pixels."""
    low, high = drawn.min(axis=(0, 1)), drawn.max(axis=(0, 1))
    scale = (side - pen) / max(1.0, float((high - low).max()))
    room = CANVAS - pen - (high - low) * scale
    return list((drawn - low) * scale + (pen - 1) / 2 + corner * room)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else DEFAULT)
