"""A digit that somebody has written, with what the bundled reader reads in it."""

from dataclasses import replace

import numpy as np

from mnist_dash.models.bundled import DEFAULT
from mnist_dash.models.registry.answering import find_answering
from mnist_dash.own_digits.asking import LONGEST_SECONDS
from mnist_dash.own_digits.records import Answer, OwnDigit, label_digit, name_label
from mnist_dash.sketch.mnist_preprocessing import Stages
from mnist_dash.sketch.traces import Drawing
from mnist_dash.ui.shell import resources
from mnist_dash.words import certainty


def read_digit(sketch: Stages, label: int, drawing: Drawing, writer: str, took: float | None) -> OwnDigit:
    """The digit with its label and the reader's answer; `took` are seconds, which count where nobody did other things.

    Raises DataError where it cannot be kept.
    """
    who = find_answering(resources.database(), DEFAULT)
    shares = resources.bundled_model(DEFAULT).probabilities(sketch.image[np.newaxis])[0]
    answer = Answer(who.name, who.title, None, None, tuple(map(float, shares)))
    known = None if took is None or took > LONGEST_SECONDS else round(took, 2)
    return replace(label_digit(sketch, label, answer, drawing), writer=writer or None, seconds=known)


def describe_kept(digit: OwnDigit) -> str:
    """What was kept and what was read in it, in words."""
    read, sure = digit.answer.read, certainty(digit.answer.probabilities[digit.answer.read])
    said = "reads it too" if read == digit.label else f"reads {name_label(read)} in it"
    return f"Kept as {name_label(digit.label)}. The bundled reader {said} ({sure})."
