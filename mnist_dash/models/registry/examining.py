"""A model by others is looked at before it answers: what its outputs are, and what its images need."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from mnist_dash.arrays import Float32s
from mnist_dash.data.dataset import Digits
from mnist_dash.data.progress import Progress
from mnist_dash.models.classifier import Classifier, LiteRT
from mnist_dash.models.preparation import PLAIN, Preparation, decide_outputs
from mnist_dash.models.preparation_search import Trial, count_candidates, find_preparation, try_plain

_ASKED, _TRIED = 1_000, 400
"""Training images that say how well a model reads, and those on which each preparation is tried."""
_SHOWN = 50
"""Digits of the generator by which the outputs of a file are told that is used under no name."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found of a LiteRT file: as `model_record.ImportedModel` has it."""

    sha256: str
    takes: tuple[int, ...]
    parameters: int
    plain: Trial
    offer: Trial | None
    images: int


def examine(content: bytes, train: Digits, progress: Progress) -> Findings:
    """Ask a LiteRT file with training images; raises ModelError where it is no model from a digit to ten values."""
    # By chance, since a set may lie in the order of its digits.
    chosen = np.random.default_rng(0).permutation(len(train))[:_ASKED]
    every, some = train.take(np.sort(chosen)), train.take(np.sort(chosen[:_TRIED]))
    network = LiteRT(content)
    shape = network.tensors.shape
    outputs = network.outputs(every.images)
    plain = try_plain(lambda _: outputs, every.labels)
    ask = _count(lambda preparation: LiteRT(content, preparation).outputs(some.images), shape, progress)
    offer = find_preparation(ask, some.labels, shape, plain)
    if offer is not None:
        read = LiteRT(content, offer.preparation).probabilities(every.images).argmax(axis=1)
        offer = replace(offer, accuracy=float((read == every.labels).mean()))
    sha256 = hashlib.sha256(content).hexdigest()
    return Findings(sha256, shape, network.count_parameters(), plain, offer, len(every))


def open_unnamed(content: bytes) -> Classifier:
    """A LiteRT file that is asked as it is, its outputs made probabilities; raises ModelError where it cannot be."""
    from mnist_dash.data.generator.writers import generate

    outputs = decide_outputs(LiteRT(content).outputs(generate(_SHOWN, 0).images))
    return LiteRT(content, replace(PLAIN, outputs=outputs))


def _count(
    ask: Callable[[Preparation], Float32s], shape: tuple[int, ...], progress: Progress
) -> Callable[[Preparation], Float32s]:
    """The same question, with progress over all that are tried."""
    asked, most = 0, count_candidates(shape)

    def count(preparation: Preparation) -> Float32s:
        nonlocal asked
        progress("Trying what it may need", asked / most)
        asked += 1
        return ask(preparation)

    return count
