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
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from benchmarks import record
from mnist_dash.arrays import Images, Ink
from mnist_dash.data.reader_set.centre_lines import enlarge
from mnist_dash.data.reader_set.redrawing import SHEET, SIZE, Placements, draw_placements, preprocess_inks, redraw
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.classifier import Classifier
from mnist_dash.settings import Settings
from mnist_dash.sketch.mnist_preprocessing import BOX

SEED = 0
GOAL = 0.5
"""Points of accuracy that place, size and pen may cost."""
PEN = 10.0, 28.0
"""Pixels of the sheet, as broad as a pen may be."""
BREADTHS = 0.0, 0.06, 0.09, 0.12, 0.15, 0.18, 0.22, 1.0
"""Edges of the bins of the pen, as a share of the ink's longer side; training digits mostly have 0.07 to 0.16."""
USUAL = 0.11
"""The median of those: how broad MNIST's usual pen is, as such a share."""
SIZES = 0.35, 0.45, 0.55, 0.65, 0.75, 0.9
"""Edges of the bins of the ink's longer side, as a share of the sheet."""

Floats = npt.NDArray[np.float64]
Right = npt.NDArray[np.bool_]
"""(n,): whether the answer to each digit is its label."""


def main(model: str) -> None:
    """Read the test digits as they are, with their own ink elsewhere, and drawn anew by any pen and the usual one."""
    started = time.process_time()
    test = open_dataset(Settings.from_environment(os.environ), "mnist").test
    reader, written = load_bundled(model), draw_placements(len(test), SEED, PEN)
    plain = _right(reader, test.images, test.labels)
    moved = _right(reader, preprocess_inks(own_ink(test.images, written)), test.labels)
    redrawn = _right(reader, preprocess_inks(redraw(test.images, written)), test.labels)
    usual = replace(written, pen=USUAL * written.side)
    traced = _right(reader, preprocess_inks(redraw(test.images, usual)), test.labels)
    result = {
        "claim": f"redrawn digits are read as well as the test images, within {GOAL} points",
        "holds": bool(100 * (plain.mean() - redrawn.mean()) <= GOAL),
        "model": model,
        "images": len(test),
        "seed": SEED,
        "canvas": SHEET,
        "pen": PEN,
        "size": SIZE,
        "plain": round(float(plain.mean()), 4),
        "moved": {"accuracy": round(float(moved.mean()), 4), "points": paired(plain, moved)},
        "redrawn": {"accuracy": round(float(redrawn.mean()), 4), "points": paired(plain, redrawn)},
        "traced": {"accuracy": round(float(traced.mean()), 4), "breadth": USUAL, "points": paired(plain, traced)},
        "traced_to_redrawn": paired(traced, redrawn),
        "redrawn_by_breadth": binned(written.pen / written.side, BREADTHS, plain, redrawn),
        "redrawn_by_size": binned(written.side / SHEET, SIZES, plain, redrawn),
        "moved_by_size": binned(written.side / SHEET, SIZES, plain, moved),
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


def own_ink(images: Images, written: Placements) -> Iterator[Ink]:
    """Each image's own ink, as broad as it is, on the canvas: what is at least half covered, once enlarged."""
    for image, side, corner in zip(images, written.side, written.corner, strict=True):
        ink = enlarge(image, side / BOX)
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        left, top = (int(room) for room in corner * (SHEET - np.array(cut.shape[::-1])))
        canvas = np.zeros((SHEET, SHEET), bool)
        canvas[top : top + len(cut), left : left + cut.shape[1]] = cut
        yield canvas


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else DEFAULT)
