"""How strokes by a thin pen are read as they are, and drawn as broad as usual, as photos are read.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.thin_pens [EVERY]`. Digits are pen strokes of people at four institutions
(UNIPEN, `../shared/pen`), which the bundled reader has learnt from, drawn by broader pens. A refusal is an error.
"""

import gzip
import json
import sys
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks import record
from benchmarks.hand_sets import STROKES
from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.arrays import Ink, Labels
from mnist_dash.data.reader_set.redrawing import draw_on_sheet, draw_placements
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.rejection import load_digit_detector
from mnist_dash.sketch.mnist_preprocessing import preprocess
from mnist_dash.sketch.thin_pens import USUAL, broaden_thin_pen

PENS = 3.0, 6.0, 12.0
"""Pixels of the sheet's 280; digits are 98 to 252 pixels long."""
SEED = 77


def main(every: int = 1) -> None:
    """Read every so many-th digit by each pen both ways, and write the result."""
    with gzip.open(STROKES, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file][::every]
    labels = np.array([row["label"] for row in rows], np.uint8)
    placed = draw_placements(len(rows), SEED)
    pens = {}
    for pen in PENS:
        inks = [
            draw_on_sheet([np.asarray(stroke, float) for stroke in row["strokes"]], pen, side, corner)
            for row, side, corner in zip(rows, placed.side, placed.corner, strict=True)
        ]
        pens[f"{pen:.0f}"] = {
            "as_they_are": read(inks, labels, lambda ink: ink),
            "broadened": read(inks, labels, broaden_thin_pen),
        }
    record.write("thin_pens", {"digits": len(rows), "seed": SEED, "usual_breadth": USUAL, "pens_of_280": pens})


def read(inks: Sequence[Ink], labels: Labels, way: Callable[[Ink], Ink]) -> dict[str, object]:
    """The share that is read right and not refused, with its 95 % interval."""
    images = np.stack([made.image for ink in inks if (made := preprocess(way(ink)))])
    answers = load_bundled(DEFAULT).probabilities(images).argmax(axis=1)
    right = int(np.count_nonzero((answers == labels) & ~load_digit_detector().refuse(images)))
    return {"share": round(right / len(inks), 4), "interval": [round(e, 4) for e in wilson_interval(right, len(inks))]}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
