"""A hand and its most unusual digits in words, the same on the page and on the command line."""

import numpy as np

from mnist_dash.analysis.hand_comparison import ComparedHand
from mnist_dash.analysis.handwriting import COMPARED
from mnist_dash.arrays import Float64s
from mnist_dash.words import join_words

_HAND = {
    "slant": ("lean further to the left", "lean further to the right"),
    "thickness": ("have finer strokes", "have broader strokes"),
    "aspect": ("are narrower", "are wider"),
    "height": ("are lower", "are higher"),
    "ink": ("have less ink", "have more ink"),
}
_DIGIT = {
    "slant": ("leans {} further to the left", "leans {} further to the right"),
    "thickness": ("has strokes that are {} finer", "has strokes that are {} broader"),
    "aspect": ("is {} narrower", "is {} wider"),
    "height": ("is {} lower", "is {} higher"),
    "ink": ("has {} less ink", "has {} more ink"),
}
_TOLD = 2
"""Measures that are told of a hand or a digit, the farthest ones."""
_NOTABLE = 1.0
"""Standard deviations from which on a measure is worth a word."""


def describe_hand(compared: ComparedHand) -> str:
    """The measures in which a hand is the least usual."""
    ranks = compared.ranks
    farthest = np.argsort(-np.abs(ranks - 50), kind="stable")[:_TOLD]
    told = [_say_rank(COMPARED[at].name, float(ranks[at])) for at in farthest]
    return f"These digits {join_words(told, _TOLD)} of 100 of these writers."


def _say_rank(name: str, rank: float) -> str:
    low, high = _HAND[name]
    return f"{high} than those of {rank:.0f}" if rank >= 50 else f"{low} than those of {100 - rank:.0f}"


def describe_unusual(compared: ComparedHand, at: int, label: int) -> str:
    """How rare the form of a digit is, and in which measures it differs from the same digit of others."""
    rare = f"More unusual than {compared.rarer[at]:.0f} of 100 {label}s by others."
    return f"{rare} {_say_measures(compared.places[at])}"


def _say_measures(places: Float64s) -> str:
    known = np.nan_to_num(places)
    farthest = [at for at in np.argsort(-np.abs(known), kind="stable")[:_TOLD] if abs(known[at]) >= _NOTABLE]
    if not farthest:
        return "Slant, stroke, proportions and ink are usual: what is rare is its form."
    amounts = [f"{abs(known[at]):.1f}" for at in farthest]
    amounts[0] += " standard deviations"
    told = [
        _DIGIT[COMPARED[at].name][int(known[at] > 0)].format(amount)
        for at, amount in zip(farthest, amounts, strict=True)
    ]
    return f"It {join_words(told, _TOLD)} than theirs."
