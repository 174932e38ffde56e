"""Answers to many images: asked in parts, kept as a file, found again by what they are of."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pytest

from mnist_dash.analysis.answers import (
    ModelAnswers,
    ask_about,
    evaluate_corrected,
    make_answers_key,
    read_answers,
)
from mnist_dash.analysis.evaluated_images import EvaluatedImages
from mnist_dash.data.checksums import OFFICIAL
from mnist_dash.data.correction import MNIST_AMBIGUOUS, MNIST_RELABELLED
from mnist_dash.data.dataset import Dataset, Digits, Split
from mnist_dash.methods.fitted.random_guess import RandomGuess


def _asked(digits: Digits, split: Split = Split.TEST) -> EvaluatedImages:
    return EvaluatedImages(digits, split, np.arange(5, len(digits)))


def test_answers_in_parts_are_those_to_all_images_and_progress_is_told(small: Digits) -> None:
    many = small.take(np.arange(2_505) % len(small))
    told: list[float] = []
    found = ask_about(RandomGuess(0), _asked(many), lambda _text, share: told.append(share))
    assert np.array_equal(found.probabilities, RandomGuess(0).probabilities(many.images[5:]))
    assert told == [1_024 / 2_500, 2_048 / 2_500, 1.0]


def test_answers_outlive_their_file_and_damage_is_noticed(small: Digits) -> None:
    found = ask_about(RandomGuess(0), _asked(small))
    again = read_answers(found.to_npz())
    assert again
    for name in ("probabilities", "labels", "index"):
        assert np.array_equal(getattr(again, name), getattr(found, name))
    assert read_answers(found.to_npz()[:-200]) is None
    assert read_answers(b"") is None


def test_a_table_has_a_line_for_each_image(small: Digits) -> None:
    found = ask_about(RandomGuess(0), _asked(small))
    table = pd.read_csv(io.BytesIO(found.to_csv()))
    assert list(table.columns) == ["index", "label", "answer", *map(str, range(10))]
    assert table["index"].tolist() == found.index.tolist()
    assert table["label"].tolist() == small.labels[5:].tolist()
    assert table["answer"].tolist() == found.probabilities.argmax(axis=1).tolist()
    np.testing.assert_array_equal(table[[*map(str, range(10))]].to_numpy(np.float32), found.probabilities)


def test_other_models_data_and_images_have_other_keys(small: Digits) -> None:
    asked = _asked(small)
    sets = ({"test_images": "a"}, {"test_images": "b"})
    keys = [
        make_answers_key("reader", sets[0], asked),
        make_answers_key("cnn", sets[0], asked),
        make_answers_key("reader", sets[1], asked),
        make_answers_key("reader", sets[0], replace(asked, split=Split.TRAIN)),
        make_answers_key("reader", sets[0], replace(asked, index=asked.index - 1)),
    ]
    assert len(set(keys)) == len(keys)
    assert keys[0] == make_answers_key("reader", dict(sets[0]), _asked(small))


@pytest.fixture
def likeness() -> tuple[Dataset, ModelAnswers]:
    """A set that passes for MNIST, whose labels are all 5, and a model that answers 6 to every image."""
    digits = Digits(np.zeros((10_000, 28, 28), np.uint8), np.full(10_000, 5, np.uint8))
    data = Dataset("mnist", digits.take(slice(0, 1)), digits, "tests", official=True, sha256=OFFICIAL)
    six = np.eye(10, dtype=np.float32)[np.full(10_000, 6)]
    return data, ModelAnswers(six, digits.labels, np.arange(10_000))


def test_people_corrected_fifteen_labels_of_mnist(likeness: tuple[Dataset, ModelAnswers]) -> None:
    data, answers = likeness
    assert (len(MNIST_RELABELLED), len(MNIST_AMBIGUOUS)) == (10, 5)
    result = evaluate_corrected(data, Split.TEST, answers)
    assert result
    assert result.images == 9_995
    sixes = sum(label == 6 for label in MNIST_RELABELLED.values())
    assert result.accuracy == sixes / 9_995


def test_nothing_is_corrected_elsewhere(likeness: tuple[Dataset, ModelAnswers]) -> None:
    data, answers = likeness
    assert evaluate_corrected(data, Split.TRAIN, answers) is None
    other = replace(data, sha256={**OFFICIAL, "test_labels": "0"})
    assert evaluate_corrected(other, Split.TEST, answers) is None
    # The test images of a set whose training labels were corrected are MNIST's own still.
    relabelled = replace(data, official=False, sha256={**OFFICIAL, "train_labels": "0"})
    assert evaluate_corrected(relabelled, Split.TEST, answers)
