"""Runs of methods that are no networks: fitted in one go, watched, stopped, killed, and asked."""

import json

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.errors import ModelError, RunError, SpecError
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry.answering import answers_at_once, find_answering
from mnist_dash.models.registry.export import Export, export_model, write_configuration
from mnist_dash.models.registry.lookup import load_run_model, open_model, read_file_with_features
from mnist_dash.runs import control, queue
from mnist_dash.runs.estimate import estimate_cost
from mnist_dash.runs.queries import epochs_of, kept_bytes_of, kept_epochs_of, run_of
from mnist_dash.runs.records import ModelFormat, Run, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.training.attempt import execute
from tests.awaiting import until
from tests.conftest import Start

SMALL: dict[str, dict[str, Value]] = {
    "nearest": {"neighbours": 3},
    "logistic": {"iterations": 20},
    "forest": {"trees": 15},
    "svm": {"C": 5.0},
}
LONG = RunSpec.of("forest", "mnist", trees=2_000)
"""A fit of many seconds."""


def _done(settings: Settings, database: Database, spec: RunSpec) -> Run:
    return execute(settings, database, queue.submit(database, spec).id)


@pytest.mark.parametrize("method", SMALL)
def test_a_fitted_run_ends_with_one_result_and_answers_from_its_arrays(
    method: str, with_data: Settings, database: Database, small: Digits
) -> None:
    run = _done(with_data, database, RunSpec.of(method, "mnist", **SMALL[method]))
    assert (run.state, run.epoch, run.best, run.reason) == (State.DONE, 1, None, None)
    assert run.score is not None
    assert run.train_images == 450
    assert run.seconds > 0
    (epoch,) = epochs_of(database, run.id)
    assert epoch.validation_accuracy is not None
    assert epoch.accuracy > 0.7
    assert epoch.details is not None
    assert sum(map(sum, epoch.details.confusion)) == 50
    assert kept_epochs_of(database, run.id, ModelFormat.ARRAYS) == [1]
    assert kept_bytes_of(database, run.id, ModelFormat.ARRAYS) == len(
        export_model(database, str(run.id), Export.ARRAYS)
    )
    who = find_answering(database, str(run.id))
    assert (who.epoch, answers_at_once(database, who)) == (1, True)
    answers = load_run_model(database, str(run.id)).probabilities(small.images)
    assert np.array_equal(open_model(database, str(run.id)).probabilities(small.images), answers)
    assert (answers.argmax(axis=1) == small.labels).mean() > 0.7


def test_a_fitted_run_is_exported_as_what_it_is(with_data: Settings, database: Database) -> None:
    run = _done(with_data, database, RunSpec.of("nearest", "mnist", train_size=40))
    name = str(run.id)
    assert export_model(database, name, Export.ARRAYS).startswith(b"PK")
    assert b"KNeighborsClassifier(3" in export_model(database, name, Export.SCRIPT)
    assert json.loads(write_configuration(run.spec))["neighbours"] == 3
    for other in (Export.KERAS, Export.LITERT):
        with pytest.raises(RunError, match=r"Run 1 is no network \(nearest\)\. It is kept as arrays"):
            export_model(database, name, other)
    with pytest.raises(ModelError, match=r"Run 1 is no network \(nearest\) and has no features"):
        read_file_with_features(database, name)
    with pytest.raises(ModelError, match=r"^reader is a network\. Arrays are kept of runs"):
        export_model(database, "reader", Export.ARRAYS)


@pytest.mark.training
def test_a_run_that_is_killed_in_mid_fit_begins_anew_and_ends_with_the_same_figures(
    with_data: Settings, database: Database, start: Start
) -> None:
    spec = RunSpec.of("forest", "mnist", trees=600)
    undisturbed = _done(with_data, database, spec)
    run = queue.submit(database, spec)
    child = start("run", str(run.id))
    until(lambda: run_of(database, run.id).phase == "fitting")
    child.kill()
    child.wait()
    dead = run_of(database, run.id)
    assert (dead.state, dead.epoch) == (State.RUNNING, 0)
    again = queue.mark_dead(database, run.id, dead.attempt, "Killed.")
    assert again.reason == "Killed. No fit had been finished. The run was queued again, to go on from there."
    ended = execute(with_data, database, run.id)
    assert (ended.state, ended.score) == (State.DONE, undisturbed.score)
    (first,), (second,) = epochs_of(database, undisturbed.id), epochs_of(database, run.id)
    assert (first.loss, first.validation_loss, first.details) == (second.loss, second.validation_loss, second.details)


@pytest.mark.training
def test_a_run_is_stopped_in_mid_fit_and_keeps_nothing_but_cannot_be_paused(
    with_data: Settings, database: Database, start: Start
) -> None:
    run = queue.submit(database, LONG)
    child = start("run", str(run.id))
    until(lambda: run_of(database, run.id).phase == "fitting")
    with pytest.raises(RunError, match=r"^Run 1 learns all at once, and cannot pause on its way\."):
        control.pause(database, run.id)
    control.stop(database, run.id)
    until(lambda: run_of(database, run.id).state is State.STOPPED)
    until(lambda: child.poll() is not None)
    assert run_of(database, run.id).epoch == 0
    assert kept_bytes_of(database, run.id, ModelFormat.ARRAYS) == 0
    assert with_data.data


def test_a_fitted_run_is_not_trained_further(with_data: Settings, database: Database) -> None:
    run = _done(with_data, database, RunSpec.of("nearest", "mnist", train_size=40))
    with pytest.raises(RunError, match=r"^Run 1 has learnt all at once \(nearest\), and no epoch could follow"):
        control.train_further(database, run.id, 3)


def test_a_run_that_was_fitted_but_not_tested_is_tested_alone(with_data: Settings, database: Database) -> None:
    run = _done(with_data, database, RunSpec.of("nearest", "mnist"))
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE runs SET state = 'queued', score = NULL")
    again = execute(with_data, database, run.id)
    assert (again.state, again.score, len(epochs_of(database, run.id))) == (State.DONE, run.score, 1)


@pytest.mark.parametrize("method", SMALL)
def test_what_a_fit_costs_is_told_before_and_refused_where_memory_is_too_small(method: str) -> None:
    spec = RunSpec.of(method, "mnist")
    few, many = (estimate_cost(spec, images, 1.0, 2**40) for images in (5_000, 54_000))
    assert few is not None
    assert many is not None
    assert few.seconds < many.seconds
    assert few.memory < many.memory
    with pytest.raises(SpecError, match=r"^This run needs about .* Choose fewer training images\.$"):
        estimate_cost(spec, 54_000, 1.0, 100 * 2**20)
