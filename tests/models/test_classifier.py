"""Models that answer: the same whatever the batch, from any thread, or refused as they are loaded."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import pytest

from mnist_dash.analysis.evaluation import evaluate
from mnist_dash.data.dataset import Digits
from mnist_dash.errors import ModelError
from mnist_dash.methods.fitted.random_guess import RandomGuess
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.classifier import Classifier, LiteRT


@pytest.fixture(scope="module")
def model() -> Classifier:
    """The model that comes with the program."""
    return load_bundled(DEFAULT)


@pytest.fixture(params=["litert", "random"])
def any_model(request: pytest.FixtureRequest, model: Classifier) -> Classifier:
    return model if request.param == "litert" else RandomGuess(0)


def test_answers_are_ten_probabilities_an_image(any_model: Classifier, small: Digits) -> None:
    answers = any_model.probabilities(small.images[:50])
    assert answers.shape == (50, 10)
    assert answers.dtype == np.float32
    assert answers.min() >= 0
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-5)


def test_no_images_have_no_answers(any_model: Classifier, small: Digits) -> None:
    answers = any_model.probabilities(small.images[:0])
    assert answers.shape == (0, 10)
    assert answers.dtype == np.float32


@pytest.mark.parametrize("size", [2, 3, 64, 99, 100, 101, 500, 999])
def test_a_batch_of_any_size_gives_the_answers_of_its_single_images(
    model: Classifier, small: Digits, size: int
) -> None:
    images = np.concatenate([small.images, small.images])[:size]
    batch = model.probabilities(images)
    for i in {0, 1, size // 2, size - 1}:
        np.testing.assert_allclose(batch[i], model.probabilities(images[i : i + 1])[0], atol=1e-6)


def test_answers_stay_as_they_were_given(model: Classifier, small: Digits) -> None:
    first = model.probabilities(small.images[:1])
    kept = first.copy()
    model.probabilities(small.images[1:2])
    assert np.array_equal(first, kept)


def test_images_that_are_only_seen_through_a_window_are_read_too(model: Classifier, small: Digits) -> None:
    mirrored = small.images[:, ::-1][:, ::-1]
    assert np.array_equal(model.probabilities(mirrored), model.probabilities(small.images))


def test_threads_share_a_model(model: Classifier, small: Digits) -> None:
    parts = [small.images[i : i + size] for i, size in enumerate([1, 7, 1, 30, 2, 1, 90, 5] * 5)]
    alone = [model.probabilities(part) for part in parts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(model.probabilities, parts))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_the_bundled_model_reads_most_generated_digits(model: Classifier, small: Digits) -> None:
    assert evaluate(model.probabilities(small.images), small.labels).accuracy > 0.8


@pytest.mark.parametrize("garbage", [b"", b"x", b"garbage" * 1_000, b"\x00" * 4_096, b"PK\x03\x04" + bytes(500)])
def test_bytes_that_are_no_model_are_refused(garbage: bytes) -> None:
    with pytest.raises(ModelError, match=r"This is no LiteRT model that can answer \(.+\)\. Give a \.tflite file"):
        LiteRT(garbage)


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_model_that_was_cut_short_is_refused(content: bytes, share: float) -> None:
    with pytest.raises(ModelError, match="cut short or damaged"):
        LiteRT(content[: int(len(content) * share)])


def test_a_model_with_flipped_bytes_is_refused_or_answers_but_never_ends_the_process(
    content: bytes, small: Digits
) -> None:
    rng = np.random.default_rng(0)
    for place in [*rng.integers(0, 3_000, 20), *rng.integers(len(content) - 5_000, len(content), 20)]:
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        with suppress(ModelError):
            assert LiteRT(bytes(damaged)).probabilities(small.images[:3]).shape == (3, 10)


def test_guesses_depend_on_seed_and_image_alone(small: Digits) -> None:
    images = small.images
    guesses = RandomGuess(3).probabilities(images)
    assert np.array_equal(RandomGuess(3).probabilities(images), guesses)
    assert np.array_equal(RandomGuess(3).probabilities(images[::-1]), guesses[::-1])
    assert not np.array_equal(RandomGuess(4).probabilities(images), guesses)


def test_guesses_are_right_one_time_in_ten() -> None:
    images = np.random.default_rng(0).integers(0, 256, (10_000, 28, 28), np.uint8)
    labels = np.arange(10_000, dtype=np.uint8) % 10
    result = evaluate(RandomGuess(0).probabilities(images), labels)
    assert 0.09 < result.accuracy < 0.11
    answered = np.sum(result.confusion, axis=0)
    assert answered.min() > 850
    assert answered.max() < 1_150
