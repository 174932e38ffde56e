"""Models by the name that a person gives: bundled ones with their cards, those of runs, and files."""

import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.analysis.evaluation import evaluate, wilson
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.errors import ModelError, RunError
from mnist_dash.methods.registry import METHODS
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import DEFAULT, Card, bundled, bundled_model, card_of
from mnist_dash.models.catalog import open_model
from mnist_dash.models.classifier import RandomGuess
from mnist_dash.runs import queue
from mnist_dash.runs.database import Database
from mnist_dash.runs.journal import Journal
from mnist_dash.runs.records import Artifact, Run, State

EVERY = pytest.mark.parametrize("name", bundled())


def _claimed(database: Database, method: str) -> Run:
    queue.submit(database, RunSpec.of(method, "mnist", seed=3))
    run = queue.claim(database, "here")
    assert run is not None
    return run


def test_the_default_model_comes_with_the_program() -> None:
    assert DEFAULT in bundled()


@EVERY
def test_a_card_is_complete_and_its_spec_can_be_run_again(name: str) -> None:
    card = card_of(name)
    assert all(getattr(card, field.name) not in (None, "", {}, ()) for field in fields(Card))
    spec = RunSpec(**card.spec)
    assert card.name == name
    assert card.data == spec.data
    assert card.parameters == METHODS[spec.method].parameters
    assert {"tensorflow", "keras"} <= set(card.versions)


@EVERY
def test_a_cards_figures_agree_with_each_other(name: str) -> None:
    card = card_of(name)
    right = card.test_accuracy * card.test_images
    assert right == pytest.approx(round(right), abs=1e-6)
    assert tuple(card.test_interval) == pytest.approx(wilson(round(right), card.test_images))


@EVERY
def test_a_cards_accuracy_is_what_the_model_scores_on_mnist(name: str, mnist: Dataset) -> None:
    if mnist.name != "mnist" or len(mnist.test) != 10_000:
        pytest.skip("MNIST_DASH_DATA names no MNIST")
    result = evaluate(bundled_model(name).probabilities(mnist.test.images), mnist.test.labels)
    card = card_of(name)
    assert result.images == card.test_images
    assert result.accuracy == pytest.approx(card.test_accuracy, abs=1e-4)


def test_a_model_is_opened_by_its_bundled_name(database: Database, small: Digits) -> None:
    opened, bundle = open_model(database, DEFAULT), bundled_model(DEFAULT)
    assert np.array_equal(opened.probabilities(small.images[:5]), bundle.probabilities(small.images[:5]))


def test_a_model_is_opened_by_the_path_of_a_litert_file(
    database: Database, tmp_path: Path, small: Digits, content: bytes
) -> None:
    path = tmp_path / "7.tflite"
    path.write_bytes(content)
    answers = open_model(database, str(path)).probabilities(small.images[:5])
    assert np.array_equal(answers, bundled_model(DEFAULT).probabilities(small.images[:5]))


def test_a_model_is_opened_by_the_number_of_its_run(database: Database, small: Digits, content: bytes) -> None:
    run = _claimed(database, "cnn")
    Journal(database, run).end(State.DONE, {Artifact.LITERT: content}, None)
    answers = open_model(database, str(run.id)).probabilities(small.images[:5])
    assert np.array_equal(answers, bundled_model(DEFAULT).probabilities(small.images[:5]))


def test_a_guessing_run_answers_by_its_seed(database: Database, small: Digits) -> None:
    run = _claimed(database, "random")
    with pytest.raises(RunError, match="is running and has no litert model"):
        open_model(database, str(run.id))
    Journal(database, run).end(State.DONE, {}, None)
    answers = open_model(database, str(run.id)).probabilities(small.images[:5])
    assert np.array_equal(answers, RandomGuess(3).probabilities(small.images[:5]))


def test_a_run_without_a_model_is_refused_with_its_state(database: Database) -> None:
    run = queue.submit(database, RunSpec.of("cnn", "mnist"))
    with pytest.raises(RunError, match=f"Run {run.id} is queued and has no litert model"):
        open_model(database, str(run.id))


@pytest.mark.parametrize("number", ["0", "99", "99999999999999999999999"])
def test_a_run_that_is_not_there_is_refused(database: Database, number: str) -> None:
    with pytest.raises(RunError, match=f"There is no run {number}"):
        open_model(database, number)


@pytest.mark.parametrize("name", ["resnet", "-1", "1.5", "", "nowhere/model.keras", "x" * 199, "x" * 5_000])
def test_an_unknown_name_is_refused_with_what_is_allowed(database: Database, name: str) -> None:
    words = f"is no model; allowed are {', '.join(bundled())}, the number of a finished run, or the path of a .keras"
    with pytest.raises(ModelError, match=re.escape(words)) as refused:
        open_model(database, name)
    assert str(refused.value).startswith(repr(name[:200]))


def test_a_file_of_another_kind_is_refused(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"onnx")
    with pytest.raises(
        ModelError, match=re.escape(f"{path}: its name ends in '.onnx'; allowed are .keras and .tflite.")
    ):
        open_model(database, str(path))


def test_a_litert_file_that_is_none_is_refused(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(ModelError, match=re.escape(f"{path}: This is no LiteRT model that can answer")):
        open_model(database, str(path))


@pytest.mark.training
def test_a_keras_file_that_is_none_is_refused_in_one_line(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(b"nothing of the kind")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match=re.escape(f"{path}: This is no Keras model that can be loaded")) as refused:
        open_model(database, str(path))
    assert "\n" not in str(refused.value)
    assert "mnist_dash:" not in str(refused.value)
