"""Models by the name that a person gives: bundled ones with their cards, those of runs, and files."""

import json
import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.analysis.evaluation import evaluate, wilson_interval
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.errors import ModelError, RunError
from mnist_dash.methods.fitted.random_guess import RandomGuess
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import DEFAULT, Card, list_bundled, load_bundled, read_card
from mnist_dash.models.registry.lookup import open_model, read_keras_model, read_litert_model
from mnist_dash.models.registry.run_names import is_run
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import kept_epochs_of, run_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import ModelFormat, Run, State
from mnist_dash.store.database import Database
from tests.runs.conftest import an_epoch

pytestmark = pytest.mark.both_databases

EVERY = pytest.mark.parametrize("name", list_bundled())


def _claimed(database: Database, method: str) -> Run:
    queue.submit(database, RunSpec.of(method, "mnist", seed=3))
    run = queue.claim(database, "here")
    assert run is not None
    return run


def test_the_default_model_comes_with_the_program() -> None:
    assert DEFAULT in list_bundled()


@EVERY
def test_a_card_is_complete_and_its_spec_can_be_run_again(name: str) -> None:
    card = read_card(name)
    assert all(
        getattr(card, field.name) not in (None, "", {}, ()) for field in fields(Card) if field.name != "strictness"
    )
    assert 0.5 < card.temperature < 3
    spec = RunSpec.from_json(json.dumps(card.spec))
    assert card.name == name
    assert card.data == spec.data
    assert card.parameters == spec.parameter_count
    assert {"tensorflow", "keras"} <= set(card.versions)


@EVERY
def test_a_cards_figures_agree_with_each_other(name: str) -> None:
    card = read_card(name)
    right = card.test_accuracy * card.test_images
    assert right == pytest.approx(round(right), abs=1e-6)
    assert tuple(card.test_interval) == pytest.approx(wilson_interval(round(right), card.test_images))


@EVERY
def test_a_cards_accuracy_is_what_the_model_scores_on_mnist(name: str, mnist: Dataset) -> None:
    if mnist.name != "mnist" or len(mnist.test) != 10_000:
        pytest.skip("MNIST_DASH_DATA names no MNIST")
    result = evaluate(load_bundled(name).probabilities(mnist.test.images), mnist.test.labels)
    card = read_card(name)
    assert result.images == card.test_images
    assert result.accuracy == pytest.approx(card.test_accuracy, abs=1e-4)


def test_a_model_is_opened_by_its_bundled_name(database: Database, small: Digits) -> None:
    opened, bundle = open_model(database, DEFAULT), load_bundled(DEFAULT)
    assert np.array_equal(opened.probabilities(small.images[:5]), bundle.probabilities(small.images[:5]))


def test_a_model_is_opened_by_the_path_of_a_litert_file(
    database: Database, tmp_path: Path, small: Digits, content: bytes
) -> None:
    path = tmp_path / "7.tflite"
    path.write_bytes(content)
    answers = open_model(database, str(path)).probabilities(small.images[:5])
    assert np.array_equal(answers, load_bundled("cnn").probabilities(small.images[:5]))


@pytest.mark.parametrize(
    ("name", "run"),
    [
        *(("3", True), ("3:best", True), ("0", True), ("9" * 30, True)),
        *(("3:last", False), (":best", False), ("best", False), ("-1", False), ("1.5", False), ("", False)),
        *(("cnn", False), ("3.keras", False), ("3:best:best", False), ("3 :best", False), ("run:best", False)),
    ],
)
def test_a_number_names_a_run_and_may_ask_for_its_best_epoch(name: str, run: bool) -> None:
    assert is_run(name) is run


def test_a_model_is_opened_by_the_number_of_its_run(database: Database, small: Digits, content: bytes) -> None:
    run = _claimed(database, "cnn")
    recorder = RunRecorder(database, run)
    recorder.epoch(an_epoch(1), b"keras")
    recorder.end(State.DONE, {(1, ModelFormat.LITERT): content}, None)
    answers = open_model(database, str(run.id)).probabilities(small.images[:5])
    assert np.array_equal(answers, load_bundled("cnn").probabilities(small.images[:5]))


@pytest.fixture
def dropped(database: Database) -> Run:
    """A run that did best in its first of two epochs."""
    run = _claimed(database, "cnn")
    recorder = RunRecorder(database, run)
    recorder.epoch(an_epoch(1, accuracy=0.9), b"keras 1")
    recorder.epoch(an_epoch(2, accuracy=0.8), b"keras 2")
    return run


def test_the_last_epoch_and_the_best_one_answer_each_by_its_name(database: Database, dropped: Run) -> None:
    recorder = RunRecorder(database, dropped)
    recorder.end(State.DONE, {(1, ModelFormat.LITERT): b"litert 1", (2, ModelFormat.LITERT): b"litert 2"}, None)
    run = run_of(database, dropped.id)
    assert (read_litert_model(database, run), read_litert_model(database, run, best=True)) == (b"litert 2", b"litert 1")
    assert (read_keras_model(database, run), read_keras_model(database, run, best=True)) == (b"keras 2", b"keras 1")


def test_a_run_that_goes_on_answers_with_the_newest_epoch_that_is_ready(database: Database, dropped: Run) -> None:
    recorder = RunRecorder(database, dropped)
    for epoch in (2, 3):
        recorder.answering(epoch, f"litert {epoch}".encode())
        recorder.epoch(an_epoch(epoch + 1, accuracy=0.7), b"keras")
        assert read_litert_model(database, run_of(database, dropped.id)) == f"litert {epoch}".encode()


def test_a_run_that_is_trained_further_answers_as_before_until_a_newer_epoch_is_ready(
    database: Database, dropped: Run
) -> None:
    RunRecorder(database, dropped).end(
        State.DONE, {(1, ModelFormat.LITERT): b"litert 1", (2, ModelFormat.LITERT): b"litert 2"}, None
    )
    control.train_further(database, dropped.id, 2)
    assert read_litert_model(database, run_of(database, dropped.id)) == b"litert 2"
    again = queue.claim(database, "here")
    assert again is not None
    recorder = RunRecorder(database, again)
    recorder.begin(10, 1)
    recorder.epoch(an_epoch(3, accuracy=0.7), b"keras 3")
    assert read_litert_model(database, run_of(database, dropped.id)) == b"litert 2"
    assert read_litert_model(database, run_of(database, dropped.id), best=True) == b"litert 1"


def test_whoever_asks_with_what_was_known_an_epoch_ago_gets_the_newest_model(database: Database, dropped: Run) -> None:
    before = run_of(database, dropped.id)
    RunRecorder(database, dropped).epoch(an_epoch(3, accuracy=0.7), b"keras 3")
    assert read_keras_model(database, before) == b"keras 3"


def test_a_run_without_held_out_images_has_no_best_epoch(database: Database) -> None:
    run = _claimed(database, "cnn")
    RunRecorder(database, run).epoch(an_epoch(1, accuracy=None), b"keras")
    words = f"Run {run.id} keeps no best epoch, since none was scored on validation images. Ask for its last."
    with pytest.raises(RunError, match=f"^{re.escape(words)}$"):
        open_model(database, f"{run.id}:best")


def test_a_guessing_run_answers_by_its_seed(database: Database, small: Digits) -> None:
    run = _claimed(database, "random")
    with pytest.raises(RunError, match="is running and has finished no epoch"):
        open_model(database, str(run.id))
    RunRecorder(database, run).end(State.DONE, {}, None)
    answers = open_model(database, str(run.id)).probabilities(small.images[:5])
    assert np.array_equal(answers, RandomGuess(3).probabilities(small.images[:5]))


@pytest.mark.parametrize("name", ["1", "1:best"])
def test_a_run_without_a_model_is_refused_with_its_state(database: Database, name: str) -> None:
    queue.submit(database, RunSpec.of("cnn", "mnist"))
    words = "Run 1 is queued and has finished no epoch. Choose a run that has."
    with pytest.raises(RunError, match=f"^{re.escape(words)}$"):
        open_model(database, name)


@pytest.mark.slow
@pytest.mark.training
def test_a_model_that_cannot_be_converted_is_refused_and_nothing_is_kept(database: Database, dropped: Run) -> None:
    RunRecorder(database, dropped).end(State.STOPPED, {}, None)
    with pytest.raises(ModelError, match="This is no Keras model that can be loaded") as refused:
        open_model(database, str(dropped.id))
    assert "\n" not in str(refused.value)
    assert kept_epochs_of(database, dropped.id, ModelFormat.LITERT) == []


@pytest.mark.parametrize("number", ["0", "99", "99999999999999999999999"])
@pytest.mark.parametrize("which", ["", ":best"])
def test_a_run_that_is_not_there_is_refused(database: Database, number: str, which: str) -> None:
    with pytest.raises(RunError, match=f"There is no run {number}"):
        open_model(database, number + which)


@pytest.mark.parametrize("name", ["resnet", "-1", "1.5", "", "nowhere/model.keras", "x" * 199, "x" * 5_000])
def test_an_unknown_name_is_refused_with_what_is_allowed(database: Database, name: str) -> None:
    bundled = ", ".join(list_bundled())
    words = f"is no model; allowed are {bundled}, the name of an imported model, the number of a run (3, or 3:best), or"
    with pytest.raises(ModelError, match=re.escape(words)) as refused:
        open_model(database, name)
    assert str(refused.value).startswith(repr(name[:200]))


def test_a_file_of_another_kind_is_refused(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"onnx")
    with pytest.raises(ModelError, match=re.escape(f"{path}: This is an ONNX file; taken are Keras and LiteRT files.")):
        open_model(database, str(path))


def test_a_litert_file_that_is_none_is_refused(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(ModelError, match=re.escape(f"{path}: This is no LiteRT model that can answer")):
        open_model(database, str(path))


@pytest.mark.slow
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
