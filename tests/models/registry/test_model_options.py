"""The list of models to choose from: bundled, ended, best and still learning."""

import pytest

from mnist_dash.methods.audit import audit_spec
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import DEFAULT
from mnist_dash.models.registry.model_options import list_model_options
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import State
from mnist_dash.store.database import Database
from tests.trained import begun, trained

pytestmark = pytest.mark.both_databases

SPEC = RunSpec.of("dense_128", "mnist")
BUNDLED = {DEFAULT: "Bundled: Reader of sketches (99.56 %)", "cnn": "Bundled: Convolutional network (99.18 %)"}


def test_the_bundled_model_is_always_there() -> None:
    assert list_model_options([]) == BUNDLED


def test_a_run_is_offered_with_what_it_scored(database: Database) -> None:
    assert list_model_options([trained(database, SPEC)]) == BUNDLED | {"1": "Run 1: Dense network (91.00 %)"}


def test_the_best_epoch_is_offered_where_it_is_not_the_last(database: Database) -> None:
    found = list_model_options([trained(database, SPEC, scores=(0.8, 0.9, 0.7))])
    assert found["1:best"] == "Run 1: Dense network, best epoch 2"


def test_a_run_at_work_is_offered_from_its_first_epoch_on(database: Database) -> None:
    begun(database, SPEC, scores=())
    begun(database, SPEC, scores=(0.9, 0.8))
    queue.submit(database, SPEC)
    assert list_model_options(runs_of(database)) == BUNDLED | {"2": "Run 2: Dense network, learning"}


def test_where_it_can_be_waited_for_a_run_at_work_is_offered_before_its_first_epoch(database: Database) -> None:
    begun(database, SPEC, scores=())
    begun(database, RunSpec.of("random", "mnist"), scores=())
    begun(database, audit_spec("mnist"), scores=())
    queue.submit(database, SPEC)
    assert list_model_options(runs_of(database), waiting=True) == BUNDLED | {"1": "Run 1: Dense network, learning"}


def test_an_audit_is_not_offered(database: Database) -> None:
    begun(database, audit_spec("mnist"))
    assert list_model_options([*runs_of(database), trained(database, audit_spec("mnist"))]) == BUNDLED


def test_a_run_without_figures_is_offered_with_its_state(database: Database) -> None:
    run, recorder = begun(database, SPEC)
    recorder.end(State.STOPPED, {}, None)
    assert list_model_options([run_of(database, run.id)])["1"] == "Run 1: Dense network, stopped"
    control.train_further(database, run.id, 2)
    assert list_model_options([run_of(database, run.id)])["1"] == "Run 1: Dense network, queued"


def test_a_run_that_guesses_is_offered_when_it_is_done(database: Database) -> None:
    spec = RunSpec.of("random", "mnist")
    begun(database, spec, scores=())
    trained(database, spec, right=100, scores=())
    assert list_model_options(runs_of(database)) == BUNDLED | {"2": "Run 2: Random guess (10.00 %)"}


def test_a_guess_that_nothing_could_test_answers_all_the_same(database: Database) -> None:
    queue.submit(database, RunSpec.of("random", "mnist"))
    run = queue.claim(database, "here")
    assert run is not None
    RunRecorder(database, run).end(State.DONE, {}, None, "This set has no test images: all are for training.")
    assert list_model_options(runs_of(database)) == BUNDLED | {"1": "Run 1: Random guess, done"}
