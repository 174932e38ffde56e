"""The answers of a model to many images: asked in parts, so that progress can be told, and kept as a file."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np

from mnist_dash.analysis.chunks import iterate_spans
from mnist_dash.analysis.evaluated_images import EvaluatedImages
from mnist_dash.analysis.evaluation import Evaluation, evaluate
from mnist_dash.arrays import Indices, Labels, Probabilities
from mnist_dash.data.correction import correct_test_labels
from mnist_dash.data.dataset import CLASSES, Dataset, Split
from mnist_dash.data.progress import Progress, silent
from mnist_dash.models.classifier import Classifier

_VERSION = 1
"""Raised when the same model would answer otherwise, so that no older file answers for it."""


@dataclass(frozen=True, slots=True, eq=False)
class ModelAnswers:
    """The `probabilities` (n, 10) that a model gave to the images of one part with `labels` (n,).

    `index` (n,) is the place of each image in its split.
    """

    probabilities: Probabilities
    labels: Labels
    index: Indices

    def to_npz(self) -> bytes:
        """The arrays as an NPZ file."""
        content = io.BytesIO()
        np.savez(content, probabilities=self.probabilities, labels=self.labels, index=self.index)
        return content.getvalue()

    def to_csv(self) -> bytes:
        """A line for each image: its index, its label, the likeliest digit, and the probability of every digit."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("index", "label", "answer", *range(CLASSES)))
        answers = self.probabilities.argmax(axis=1).tolist()
        for index, label, answer, shares in zip(
            self.index.tolist(), self.labels.tolist(), answers, self.probabilities, strict=True
        ):
            writer.writerow((index, label, answer, *map(str, shares)))
        return text.getvalue().encode()


def read_answers(content: bytes) -> ModelAnswers | None:
    """The answers that `ModelAnswers.to_npz` wrote; None where the content is damaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            return ModelAnswers(file["probabilities"], file["labels"], file["index"])
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        return None


def make_answers_key(model: str, data_sha256: Mapping[str, str], asked: EvaluatedImages) -> str:
    """What answers are kept under: 16 hexadecimal digits of the model's identity, of the data set and the images."""
    images = hashlib.sha256(asked.index.astype(np.int64).tobytes()).hexdigest()
    identity = json.dumps([_VERSION, model, dict(data_sha256), asked.split, images], sort_keys=True)
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def ask_about(model: Classifier, asked: EvaluatedImages, progress: Progress = silent) -> ModelAnswers:
    """The answers of a model to all images that are asked about."""
    answers = np.empty((len(asked), CLASSES), np.float32)
    for span in iterate_spans(len(asked)):
        answers[span] = model.probabilities(asked.images_at(span))
        progress(f"Reading {len(asked):,} images", span.stop / len(asked))
    return ModelAnswers(answers, asked.labels, asked.index)


def evaluate_corrected(dataset: Dataset, split: Split, answers: ModelAnswers) -> Evaluation | None:
    """The same answers by the labels that people corrected; None where the images are not MNIST's test images."""
    corrected = correct_test_labels(dataset) if split is Split.TEST else None
    if corrected is None:
        return None
    labels, kept = corrected
    return evaluate(answers.probabilities[kept], labels[kept])
