"""What is refused as no digit: at most 1 % of true digits, and at least 90 % of letters, scribbles, noise and blanks.

`MNIST_DASH_DATA=FOLDER python -m benchmarks.not_a_digit`. The threshold on the card was chosen on held-out training
digits. Here it meets MNIST's test images, as they are and redrawn by other pens, and strangers that nobody has met:
other seeds than those learnt from, and letters also in ways of writing that nothing has learnt from. Letters that
somebody's digits look like (O, l, S …) are kept apart: no one could refuse them without refusing digits too. Beside it
stands what one look of the network alone would refuse of true digits, at the threshold that refuses as many strangers.
"""

import os
from typing import Any

import numpy as np

from benchmarks import record
from benchmarks.placement import PEN
from mnist_dash.analysis.evaluation import evaluate, wilson_interval
from mnist_dash.arrays import Images
from mnist_dash.data.reader_set.letters import LIKE_DIGITS
from mnist_dash.data.reader_set.redrawing import draw_placements, preprocess_inks, redraw
from mnist_dash.data.reader_set.strangers import KINDS, draw_strangers
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.rejection import DigitDetector, load_digit_detector
from mnist_dash.settings import Settings

COUNT = 2_000
"""Strangers of each kind."""
SEED = 0
GOALS = {"digits": 0.01, "strangers": 0.9}
ASKED = ("letters", "scribbles", "noise", "blanks")
"""The kinds that the claim is about, each with the same weight."""


def main() -> None:
    """Ask about all of them and write the result."""
    test, detector = open_dataset(Settings.from_environment(os.environ), "mnist").test, load_digit_detector()
    drawn = preprocess_inks(redraw(test.images, draw_placements(len(test), SEED, PEN)))
    digits = {"test_images": refused(detector, test.images), "redrawn": refused(detector, drawn)}
    strangers = {kind: draw_strangers(kind, COUNT, SEED) for kind in KINDS}
    kinds = {kind: refused(detector, images) for kind, images in strangers.items()}
    both = [kinds[kind]["refused"] for kind in ASKED]
    least = np.quantile(detector.glance(np.concatenate([strangers[kind] for kind in ASKED])), np.mean(both))
    reader = load_bundled(DEFAULT)
    answers = reader.probabilities(strangers["letters"])
    result = {
        "claim": f"at {GOALS['digits']:.0%} of true digits refused, at least {GOALS['strangers']:.0%} of strangers are",
        "holds": bool(digits["test_images"]["refused"] <= GOALS["digits"] and np.mean(both) >= GOALS["strangers"]),
        "threshold": detector.threshold,
        "seed": SEED,
        "each_kind": COUNT,
        "digits": digits,
        "digits_at_a_glance": {
            "test_images": float((detector.glance(test.images) < least).mean()),
            "redrawn": float((detector.glance(drawn) < least).mean()),
        },
        "strangers": float(np.mean(both)),
        "kinds": kinds,
        "letters_like_digits": "".join(sorted(LIKE_DIGITS)),
        "reader": DEFAULT,
        "letters_answered_with_over_90": round(float((answers.max(axis=1) > 0.9).mean()), 4),
        "calibration_error": round(evaluate(reader.probabilities(test.images), test.labels).calibration_error, 5),
        "calibration_error_redrawn": round(evaluate(reader.probabilities(drawn), test.labels).calibration_error, 5),
    }
    record.write("not_a_digit", result)


def refused(detector: DigitDetector, images: Images) -> dict[str, Any]:
    """The share of images that is refused, with a 95 % interval."""
    count = int(detector.refuse(images).sum())
    return {"refused": count / len(images), "interval": [round(end, 4) for end in wilson_interval(count, len(images))]}


if __name__ == "__main__":
    main()
