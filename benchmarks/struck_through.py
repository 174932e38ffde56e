"""Which digits by people are refused once they are struck through, and which though nobody struck them through.

`python -m benchmarks.struck_through`, with the pen strokes of `../shared/pen`, drawn as by `benchmarks.hands` and read
as by the page Sketch. A stroke is straight but for a tremor of a hundredth; it lies within a seventh of the height
about the middle and reaches past the digit by 0.1 to 0.3 of its longer side, or runs from corner to corner.
"""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from benchmarks import record
from benchmarks.hand_sets import SEED, STROKES
from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.arrays import Float64s
from mnist_dash.data.reader_set.redrawing import draw_on_sheet, draw_placements
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.drawing_answers import answer_sketches
from mnist_dash.models.rejection import Verdict, load_digit_detector
from mnist_dash.sketch.mnist_preprocessing import preprocess

Stroke = Float64s
Strike = Callable[[Stroke, np.random.Generator], list[Stroke]]
"""What is drawn over a digit whose points (n, 2) are these."""

TREMOR, OFF, REACH = 0.01, 0.15, (0.1, 0.3)
STRUCK = 1_000
"""Digits of each way; all of them as they are."""


def strike(points: Stroke, rng: np.random.Generator, heights: Sequence[tuple[float, float]]) -> list[Stroke]:
    """Lines from left to right; heights are shares of the digit's at either end, from its middle."""
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    longer = extent.max()
    width, height = np.maximum(extent, 0.3 * longer)
    middle = low + extent / 2
    reach = width / 2 + rng.uniform(*REACH) * longer
    lines = []
    for start, end in heights:
        share = np.linspace(-1, 1, 12)
        y = middle[1] + (start + (end - start) * (share + 1) / 2) * height + rng.normal(0, TREMOR * longer, 12)
        lines.append(np.stack([middle[0] + share * reach, y], axis=1))
    return lines


def strike_once(points: Stroke, rng: np.random.Generator) -> list[Stroke]:
    """One line, nearly level."""
    at = rng.uniform(-OFF, OFF)
    return strike(points, rng, [(at + rng.normal(0, 0.05), at + rng.normal(0, 0.05))])


WAYS: dict[str, Strike] = {
    "one line": strike_once,
    "two lines": partial(strike, heights=[(-0.1, -0.1), (0.12, 0.12)]),
    "slanting": partial(strike, heights=[(0.5, -0.5)]),
    "crossed": partial(strike, heights=[(0.5, -0.5), (-0.5, 0.5)]),
}


def main() -> None:
    """Measure all and write the result."""
    with gzip.open(STROKES, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    found = {"as they are": read_drawn(rows, lambda _points, _rng: [], np.arange(len(rows)))}
    for number, (name, way) in enumerate(WAYS.items()):
        chosen = np.random.default_rng((SEED, number)).permutation(len(rows))[:STRUCK]
        found[name] = read_drawn(rows, way, np.sort(chosen))
    record.write("struck_through", {"seed": SEED, "digits": found})


def read_drawn(rows: Sequence[dict[str, object]], way: Strike, chosen: npt.NDArray[np.intp]) -> dict[str, object]:
    """How many of the chosen digits are refused, why, and how many that are not are read wrong."""
    placed, rng = draw_placements(len(rows), SEED), np.random.default_rng(SEED)
    sketches, labels = [], []
    for i in chosen.tolist():
        strokes = [np.asarray(stroke, float) for stroke in rows[i]["strokes"]]
        strokes += way(np.concatenate(strokes), rng)
        made = preprocess(draw_on_sheet(strokes, placed.pen[i], placed.side[i], placed.corner[i]))
        if made:
            sketches.append(made)
            labels.append(rows[i]["label"])
    said = answer_sketches(load_bundled(DEFAULT), load_digit_detector(), sketches)
    verdicts = Counter(said.verdicts)
    refused = sum(verdict.is_refusal for verdict in said.verdicts)
    low, high = wilson_interval(refused, len(labels))
    return {
        "digits": len(labels),
        "refused": round(refused / len(labels), 4),
        "interval": [round(low, 4), round(high, 4)],
        "struck_through": verdicts[Verdict.STRUCK],
        "no_digit": verdicts[Verdict.NONE],
        "read_wrong": sum(said.read(at) not in (None, label) for at, label in enumerate(labels)),
    }


if __name__ == "__main__":
    main()
