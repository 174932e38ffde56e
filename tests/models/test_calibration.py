"""Certainty that can be trusted: the temperature is found, and answers keep their order."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_dash.analysis.reliability import measure_calibration_error, measure_reliability
from mnist_dash.arrays import Probabilities
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.split import draw_split
from mnist_dash.methods.fitted.random_guess import RandomGuess
from mnist_dash.methods.run_split import draw_run_split
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import list_bundled, load_bundled, read_card
from mnist_dash.models.calibration import (
    CalibratedModel,
    apply_temperature,
    calibrate,
    fit_temperature,
)


def drawn(count: int, sharpness: float, seed: int = 0) -> tuple[Probabilities, np.ndarray]:
    """Probabilities of a network that overstates its logits by `sharpness`, and labels as they truly fall."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (count, 10))
    true = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([rng.choice(10, p=row) for row in true], np.uint8)
    stated = np.exp(logits * sharpness)
    return (stated / stated.sum(axis=1, keepdims=True)).astype(np.float32), labels


def calibration_error(probabilities: Probabilities, labels: np.ndarray) -> float:
    return measure_calibration_error(measure_reliability(probabilities, labels))


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_what_a_network_overstates(sharpness: float) -> None:
    probabilities, labels = drawn(4_000, sharpness)
    found = fit_temperature(probabilities, labels)
    assert found == pytest.approx(sharpness, rel=0.06)
    assert calibration_error(apply_temperature(probabilities, found), labels) < 0.03


def test_an_overstated_certainty_has_an_error_that_calibration_lowers() -> None:
    probabilities, labels = drawn(4_000, 3.0)
    before = calibration_error(probabilities, labels)
    assert before > 0.15
    assert calibration_error(apply_temperature(probabilities, 3.0), labels) < before / 5


@given(st.floats(0.25, 8), st.integers(0, 1_000))
def test_no_answer_changes_and_all_rows_sum_to_one(degrees: float, seed: int) -> None:
    probabilities = np.random.default_rng(seed).dirichlet(np.full(10, 0.3), 20).astype(np.float32)
    softened = apply_temperature(probabilities, degrees)
    assert np.array_equal(softened.argmax(axis=1), probabilities.argmax(axis=1))
    np.testing.assert_allclose(softened.sum(axis=1), 1, atol=1e-5)


def test_a_certainty_of_all_and_nothing_stays_finite() -> None:
    assert np.isfinite(apply_temperature(np.eye(10, dtype=np.float32), 2.0)).all()


def test_without_images_nothing_is_changed() -> None:
    assert fit_temperature(np.empty((0, 10), np.float32), np.empty(0, np.uint8)) == 1
    assert apply_temperature(np.empty((0, 10), np.float32), 2.0).shape == (0, 10)


def test_a_calibrated_model_gives_the_softened_answers(small: Digits) -> None:
    guess = RandomGuess(0)
    answers = CalibratedModel(guess, 2.0).probabilities(small.images)
    np.testing.assert_allclose(answers, apply_temperature(guess.probabilities(small.images), 2.0))


@pytest.mark.parametrize("name", list_bundled())
def test_a_bundled_model_answers_as_its_card_calibrates_it(name: str, small: Digits) -> None:
    degrees, model = read_card(name).temperature, load_bundled(name)
    assert isinstance(model, CalibratedModel) is (degrees != 1)
    assert np.isfinite(model.probabilities(small.images)).all()


def set_named(name: str, digits: Digits) -> Dataset:
    return Dataset(name=name, train=digits, test=digits, origin="the generator")


def test_a_run_is_calibrated_on_the_images_that_it_held_out_and_no_others(small: Digits) -> None:
    spec = RunSpec.of("cnn", "mine", validation_split=0.2, batch_size=10)
    validation = draw_split(len(small), *spec.split(len(small)), spec.seed).validation
    asked: list[np.ndarray] = []

    class Overstated:
        def probabilities(self, images: np.ndarray) -> Probabilities:
            asked.append(images)
            return drawn(len(images), 3.0)[0]

    assert isinstance(calibrate(Overstated(), spec, set_named("mine", small)), CalibratedModel)
    assert np.array_equal(asked[0], small.images[validation])


def test_by_writer_it_is_calibrated_on_the_digits_of_those_writers_alone(small: Digits) -> None:
    spec = RunSpec.of("cnn", "mine", validation_split=0.2, validation_by="writer", batch_size=10)
    asked: list[np.ndarray] = []

    class Overstated:
        def probabilities(self, images: np.ndarray) -> Probabilities:
            asked.append(images)
            return drawn(len(images), 3.0)[0]

    assert isinstance(calibrate(Overstated(), spec, set_named("mine", small)), CalibratedModel)
    assert np.array_equal(asked[0], small.images[draw_run_split(spec, small).validation])
    unknown = set_named("mine", replace(small, writers=None))
    guess = RandomGuess(0)
    assert calibrate(guess, spec, unknown) is guess


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        (RunSpec.of("random", "mine"), "mine"),
        (RunSpec.of("cnn", "mine"), "generated"),
        (RunSpec.of("cnn", "mine", train_size=1_000_000), "mine"),
    ],
    ids=["guesses", "another set stands in", "the set has become smaller"],
)
def test_where_held_out_images_cannot_be_known_a_model_stays_as_it_is(spec: RunSpec, name: str, small: Digits) -> None:
    guess = RandomGuess(0)
    assert calibrate(guess, spec, set_named(name, small)) is guess
