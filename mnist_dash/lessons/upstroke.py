"""A 1 whose upstroke grows, at 35 degrees, from nothing to two thirds of its height: a form of much of Europe."""

import numpy as np

from mnist_dash.arrays import Float32s, Image, Images
from mnist_dash.data.generator.writers import ink_curves
from mnist_dash.models.classifier import Classifier
from mnist_dash.sketch.mnist_preprocessing import preprocess

LENGTHS = tuple(range(0, 105, 5))
"""Lengths of the upstroke in per cent of the longest."""
_TOP, _FOOT, _FARTHEST = (0.40, 0.0), (0.37, 1.0), (-0.17, 0.40)
"""Where the stroke turns, where it ends, and where the longest upstroke begins: the height of the digit is 1."""
_BREADTH = 0.09


def draw_one(length: int) -> Image:
    """(28, 28): a 1 with an upstroke of that length in per cent, as the procedure of every sketch makes it."""
    top, foot, farthest = (np.array(point) for point in (_TOP, _FOOT, _FARTHEST))
    upstroke = [top + length / 100 * (farthest - top)] if length else []
    made = preprocess(ink_curves([np.stack([*upstroke, top, foot])], _BREADTH))
    assert made is not None  # noqa: S101 - a pen always leaves ink
    return made.image


def draw_every_one() -> Images:
    """(n, 28, 28): the 1s of all LENGTHS."""
    return np.stack([draw_one(length) for length in LENGTHS])


def ask_for_seven(model: Classifier) -> Float32s:
    """(n,): how likely a 7 a model finds the 1 of each of the LENGTHS."""
    return np.asarray(model.probabilities(draw_every_one())[:, 7])
