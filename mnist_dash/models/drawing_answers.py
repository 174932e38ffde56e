"""What a model answers to drawings: what they read, how sure that is, and what looks like no digit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist_dash.arrays import Probabilities
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.rejection import DigitDetector, Verdict
from mnist_dash.sketch.mnist_preprocessing import Stages
from mnist_dash.sketch.striking import is_struck_through
from mnist_dash.words import certainty

REFUSED = "?"
"""Stands in a number for what is refused."""
_WITH_ARTICLE = tuple(f"an {digit}" if digit == 8 else f"a {digit}" for digit in range(10))


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The answer to n drawings: `probabilities` (n, 10), and the `verdicts` (n,) whether they are digits at all."""

    probabilities: Probabilities
    verdicts: tuple[Verdict, ...]

    def is_refused(self, chosen: int) -> bool:
        """Whether the chosen drawing was taken for no digit, or for one that does not count any more."""
        return self.verdicts[chosen].is_refusal

    @property
    def number(self) -> str:
        """The digits from left to right, REFUSED for each that was refused."""
        digits = self.probabilities.argmax(axis=1)
        return "".join(REFUSED if self.is_refused(place) else str(digit) for place, digit in enumerate(digits))

    def take(self, chosen: int) -> "Answers":
        """The answer to the chosen drawing alone."""
        return Answers(self.probabilities[chosen : chosen + 1], self.verdicts[chosen : chosen + 1])

    def read(self, chosen: int) -> int | None:
        """The digit that was read in the chosen drawing, None where it was refused."""
        return None if self.is_refused(chosen) else int(self.probabilities[chosen].argmax())

    def subject(self, chosen: int) -> str:
        """What a sentence about the chosen drawing begins with."""
        return f"Drawing {chosen + 1}" if len(self.verdicts) > 1 else "This"

    def describe(self, chosen: int) -> str:
        """How sure the answer to the chosen drawing is, what it might be instead, or that it looks like no digit."""
        shares = self.probabilities[chosen]
        second, first = np.argsort(shares)[-2:].tolist()
        if self.verdicts[chosen] is Verdict.STRUCK:
            return f"{self.subject(chosen)} looks struck through. If it were to be read: {first}."
        if self.is_refused(chosen):
            return f"{self.subject(chosen)} does not look like a digit. If it had to be one: {first}."
        guesses = f"Sure: {certainty(shares[first])}. Second guess: {second}, {certainty(shares[second])}."
        if self.verdicts[chosen] is Verdict.UNUSUAL:
            return f"{self.subject(chosen)} looks like {_WITH_ARTICLE[first]}, but unusual. {guesses}"
        which = f"Digit {chosen + 1} is {first}. " if len(self.verdicts) > 1 else ""
        return f"{which}{guesses}"


def answer_sketches(
    model: Classifier, detector: DigitDetector, sketches: Sequence[Stages], threshold: float | None = None
) -> Answers:
    """What a model says of sketches, at least one, of which the detector refuses some by its own or that threshold.

    One that is struck through is refused too.
    """
    images = np.stack([sketch.image for sketch in sketches])
    struck = np.array([is_struck_through(sketch.ink) for sketch in sketches])
    return Answers(model.probabilities(images), detector.give_verdicts(images, threshold, struck))
