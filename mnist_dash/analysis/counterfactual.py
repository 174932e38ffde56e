"""The smallest edit that changes an answer: what a pen or an eraser would have to do.

Greedy, in the manner of the counterfactual explanations of Wachter, Mittelstadt and Russell, "Counterfactual
explanations without opening the black box" (2017), but for the perturbations in place of gradients: the dabs that help
most are taken together until the answer changes, and then every pixel that is not needed is put back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.analysis.perturbations import Perturbations, draw_dabs, log_odds
from mnist_dash.arrays import Image, Images, Mask, Probabilities
from mnist_dash.data.dataset import CLASSES, SIDE
from mnist_dash.models.classifier import Classifier

MOST = 80
"""Pixels of an edit that still counts as small."""


@dataclass(frozen=True, slots=True)
class _Tuning:
    """How long the search for a small edit goes on.

    No script of the choosing was kept; `benchmarks.why` measures the time that it takes.
    """

    # How many of the best dabs are tried together.
    together: tuple[int, ...] = (1, 2, 3, 4, 6, 8, 10)
    # Edits to different digits that are brought to an end; the smallest of them is told.
    finished: int = 3
    # How often dabs are tried anew on what the last ones have left, which bounds the time.
    rounds: int = 3


_TUNED = _Tuning()


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """An `image` (28, 28) in which a model reads another `digit`, with that `probability`, made from `original`."""

    original: Image
    image: Image
    digit: int
    probability: float

    @property
    def added(self) -> Mask:
        """(28, 28): where ink was put."""
        return np.asarray(self.image > self.original)

    @property
    def removed(self) -> Mask:
        """(28, 28): where ink was wiped off."""
        return np.asarray(self.image < self.original)

    @property
    def pixels(self) -> int:
        """How many pixels it changes."""
        return int((self.image != self.original).sum())


def find_smallest_edit(model: Classifier, perturbations: Perturbations, towards: int | None = None) -> Edit | None:
    """The smallest edit that was found to change the answer, to any digit or `towards` one; None where none was.

    No pixel of it can be put back without losing the new answer. It comes from a search within bounds (three rounds
    of some hundred answers, `MOST` pixels), so that a smaller one may exist. Nothing leads `towards` the digit that is
    read already.
    """
    original, digit = perturbations.image, perturbations.digit
    targets = [target for target in range(CLASSES) if target != digit and towards in (None, target)]
    for _ in range(_TUNED.rounds if targets else 0):
        tried = np.array(list(_together(perturbations, targets)))
        answers = model.probabilities(tried)
        edits = list(_finished(model, original, tried, answers, targets))
        if edits:
            found = min(edits, key=lambda edit: edit.pixels)
            return found if found.pixels <= MOST else None
        perturbations = _onwards(model, tried, answers, targets)
    return None


def _together(perturbations: Perturbations, targets: Sequence[int]) -> Iterator[Image]:
    """The image with the best dabs towards each target, more and more of them together."""
    for target in targets:
        gains = log_odds(perturbations.answers[: perturbations.dabs], target)
        sheet = perturbations.image
        for count, place in enumerate(np.argsort(-gains, kind="stable")[: max(_TUNED.together)], 1):
            # Where two dabs overlap, the better one has come first.
            sheet = np.where(sheet == perturbations.image, perturbations.changed[place], sheet)
            if count in _TUNED.together:
                yield sheet


def _onwards(model: Classifier, tried: Images, answers: Probabilities, targets: Sequence[int]) -> Perturbations:
    """Dabs on the image of those tried that came nearest to one of the targets."""
    nearest = int(np.max([log_odds(answers, target) for target in targets], axis=0).argmax())
    changed = draw_dabs(tried[nearest])
    return Perturbations(tried[nearest], answers[nearest], changed, model.probabilities(changed), len(changed))


def _finished(
    model: Classifier, original: Image, tried: Images, answers: Probabilities, targets: Sequence[int]
) -> Iterator[Edit]:
    """For some of the targets that were reached, the smallest of the images tried, without what it does not need."""
    read, cost = answers.argmax(axis=1), (tried != original).sum(axis=(1, 2))
    hits = [place for place in np.argsort(cost, kind="stable") if read[place] in targets]
    first = {int(read[place]): place for place in reversed(hits)}
    cheapest = sorted(first.items(), key=lambda item: int(cost[item[1]]))[: _TUNED.finished]
    for digit, place in cheapest:
        yield _pruned(model, original, tried[place], digit)


def _pruned(model: Classifier, original: Image, image: Image, digit: int) -> Edit:
    """The image with every pixel put back that its new digit does not need."""
    while True:
        changed = np.flatnonzero(image != original)
        single = model.probabilities(np.array([_put_back(original, image, pixel) for pixel in changed[:, np.newaxis]]))
        spare = _in_order(single, digit)
        if not len(spare):
            break
        # As many as can go together: each alone is not needed, but all of them may be.
        fewer = np.array([_put_back(original, image, changed[spare[:count]]) for count in range(1, len(spare) + 1)])
        kept = np.flatnonzero(model.probabilities(fewer).argmax(axis=1) == digit)
        if not len(kept):
            break
        image = fewer[kept[-1]]
    return Edit(original, image, digit, float(model.probabilities(image[np.newaxis])[0, digit]))


def _in_order(answers: Probabilities, digit: int) -> npt.NDArray[np.intp]:
    """The answers (n, 10) that still name the digit, the surest first."""
    order = np.argsort(-log_odds(answers, digit), kind="stable")
    return np.asarray(order[answers[order].argmax(axis=1) == digit])


def _put_back(original: Image, image: Image, pixels: npt.NDArray[np.intp]) -> Image:
    restored = image.ravel().copy()
    restored[pixels] = original.ravel()[pixels]
    return restored.reshape(SIDE, SIDE)
