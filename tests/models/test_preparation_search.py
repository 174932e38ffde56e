"""The preparation that a model by others needs is found on training images, and none is invented."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_dash.arrays import Float32s
from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.parameters import Handwriting
from mnist_dash.data.generator.writers import generate
from mnist_dash.models.preparation import PLAIN, VALUES, Outputs, Preparation
from mnist_dash.models.preparation_search import Ask, find_preparation, try_plain

SHAPE = (784,)
SHIFTED = (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)


@pytest.fixture(scope="module")
def calm_digits() -> Digits:
    """1,000 digits of writers who differ little."""
    return generate(1_000, 0, handwriting=Handwriting(difference=0.3, variation=0.3, gaps=0.0))


def learn(digits: Digits, needed: Preparation) -> Ask:
    """A linear model that has learnt from digits prepared so, by least squares; it knows no digit in other values."""

    def prepare(preparation: Preparation) -> Float32s:
        return preparation.prepare(digits.images, SHAPE)

    # It looks for paper in the values that it knows, and finds none in others.
    def bend(given: Float32s) -> Float32s:
        return np.asarray(np.abs(given - needed.paper) < abs(needed.ink - needed.paper) / 20, np.float32)

    known = bend(prepare(needed))
    places = np.argsort(needed.classes)[digits.labels]
    wanted = np.eye(10, dtype=np.float32)[places]
    weights = np.linalg.solve(known.T @ known + 10 * np.eye(SHAPE[0]), known.T @ wanted)

    def ask(preparation: Preparation) -> Float32s:
        return np.asarray(bend(prepare(preparation)) @ weights * 20, np.float32)

    return ask


NEEDED = {
    "to 255": Preparation(0, 255),
    "inverted": Preparation(1, 0),
    "inverted to 255": Preparation(255, 0),
    "minus one to one": Preparation(-1, 1),
    "standardised": Preparation(*VALUES[3]),
    "transposed": Preparation(transposed=True),
    "transposed, inverted": Preparation(1, 0, transposed=True),
    "classes": Preparation(classes=SHIFTED),
    "classes, to 255": Preparation(0, 255, classes=SHIFTED),
}


@pytest.mark.parametrize("needed", NEEDED.values(), ids=NEEDED)
def test_what_a_model_needs_is_found(calm_digits: Digits, needed: Preparation) -> None:
    ask = learn(calm_digits, needed)
    plain = try_plain(ask, calm_digits.labels)
    if plain.accuracy >= 0.9:
        pytest.fail("the model reads without the preparation, and the test shows nothing")
    found = find_preparation(ask, calm_digits.labels, SHAPE, plain)
    assert found is not None
    assert found.preparation == replace(needed, outputs=Outputs.LOGITS)
    assert found.accuracy > 0.9


@pytest.mark.parametrize(("misread", "kept"), [(2, Preparation(1, 0)), (20, Preparation(0, 255))], ids=["few", "many"])
def test_of_two_preparations_that_read_about_alike_the_commoner_is_kept(misread: int, kept: Preparation) -> None:
    labels = (np.arange(800) // 2 % 10).astype(np.uint8)
    right = np.eye(10, dtype=np.float32)[labels]
    nearly = np.concatenate([right[: 2 * misread, ::-1], right[2 * misread :]])

    def ask(preparation: Preparation) -> Float32s:
        values = {Preparation(1, 0): nearly, Preparation(0, 255): right}
        return values.get(preparation, np.eye(10, dtype=np.float32)[np.zeros(len(labels), int)])

    found = find_preparation(ask, labels, SHAPE, try_plain(ask, labels))
    assert found is not None
    assert (found.preparation.paper, found.preparation.ink) == (kept.paper, kept.ink)


def test_a_model_that_reads_is_left_alone(calm_digits: Digits) -> None:
    ask = learn(calm_digits, PLAIN)
    plain = try_plain(ask, calm_digits.labels)
    assert plain.accuracy > 0.9
    assert plain.preparation.outputs is Outputs.LOGITS
    assert find_preparation(ask, calm_digits.labels, SHAPE, plain) is None


@pytest.mark.parametrize("seed", range(5))
def test_for_a_model_that_guesses_nothing_is_invented(calm_digits: Digits, seed: int) -> None:
    rng = np.random.default_rng(seed)

    def guess(_: Preparation) -> Float32s:
        return rng.random((len(calm_digits), 10), np.float32)

    plain = try_plain(guess, calm_digits.labels)
    assert plain.accuracy < 0.2
    assert find_preparation(guess, calm_digits.labels, SHAPE, plain) is None
