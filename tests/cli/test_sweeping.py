"""Sweeps on the command line: started, watched, listed, stopped, resumed and extended."""

from types import SimpleNamespace

import pytest

from mnist_dash.cli import sweeping
from mnist_dash.runs import supervisor
from mnist_dash.runs.queries import runs_of
from mnist_dash.runs.records import State
from mnist_dash.store.database import Database
from mnist_dash.sweeps.queries import sweep_of, sweeps_of, trials_of
from mnist_dash.sweeps.records import Pruner, Sampler
from tests.cli.conftest import Ask

STARTED = ("sweep", "dense_128", "--vary", "learning_rate", "optimizer=adam,sgd", "--no-wait")


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process is started."""
    monkeypatch.setattr(supervisor, "ensure", lambda _settings: None)


@pytest.mark.usefixtures("with_data", "detached")
def test_a_sweep_is_watched_to_its_end(ask: Ask, database: Database) -> None:
    row = ask("sweep", "nearest", "--vary", "neighbours=1,3", "--trials", "2", "--seed", "3", "--json").json
    assert (row["state"], row["trials"], row["done"], row["waiting"]) == ("done", 2, 2, 0)
    best = row["best"]
    assert best["values"]["neighbours"] in (1, 3)
    assert 0.5 < best["validation_accuracy"] <= 1
    assert [run.spec.seed for run in runs_of(database)] == [3, 3]
    rows = ask("sweeps", "1", "--json").lines
    assert [(one["trial"], one["outcome"]) for one in rows] == [(1, "done"), (2, "done")]
    told = ask("sweeps").out
    assert told.startswith("Sweep 1, Nearest neighbours (nearest): done, 2 trials wanted, 2 done. Best so far: trial ")


@pytest.mark.usefixtures("with_data", "settled")
def test_a_sweep_is_started_stopped_resumed_and_extended(ask: Ask, database: Database) -> None:
    chosen = ("--sampler", "random", "--pruner", "none", "--name", "rates", "--epochs", "2", "--trials", "4")
    answer = ask(*STARTED, *chosen)
    assert answer.out == "Sweep 1, rates (dense_128): running, 4 trials wanted.\n"
    said = (
        "Sweep 1 varies learning_rate from 0.0001 to 0.01, logarithmic and optimizer: adam or sgd. 4 trials, at most "
    )
    assert answer.err.splitlines()[-1].startswith(said)
    (found,) = sweeps_of(database)
    assert (found.sampler, found.pruner, found.trials, found.base.epochs) == (Sampler.RANDOM, Pruner.NONE, 4, 2)
    assert ask("sweeps", "1", "--resume").refusal == "Sweep 1 goes on already. Stop it, or ask for more trials."
    assert ask("sweeps", "1", "--stop").out == "Sweep 1 was stopped. `sweeps 1 --resume` lets it go on.\n"
    assert sweep_of(database, 1).state is State.STOPPED
    assert ask("sweeps", "1", "--more", "6").out == "Sweep 1 goes on, to 10 trials.\n"
    assert ask("sweeps", "1", "--more", "1", "--json").json["trials"] == 11
    assert trials_of(database, 1) == []


@pytest.mark.usefixtures("with_data", "settled")
def test_a_sweep_is_deleted_once_it_has_ended_and_restored(ask: Ask, database: Database) -> None:
    ask(*STARTED)
    assert ask("sweeps", "1", "--delete").refusal == "Sweep 1 goes on; stop it before you delete it."
    ask("sweeps", "1", "--stop")
    told = "Sweep 1 was deleted with its trials. `sweeps 1 --restore` takes that back.\n"
    assert ask("sweeps", "1", "--delete").out == told
    assert sweeps_of(database) == []
    assert ask("sweeps", "1", "--delete").refusal.startswith("There is no sweep 1. ")
    assert ask("sweeps", "1", "--restore").out == "Sweep 1, Dense network (dense_128): stopped, 20 trials wanted.\n"
    assert ask("sweeps", "1", "--delete", "--json").json == {"deleted": 1}
    assert ask("sweeps", "1", "--restore", "--json").json["sweep"] == 1
    assert sweep_of(database, 1).state is State.STOPPED


@pytest.mark.usefixtures("with_data", "settled")
def test_somebody_who_interrupts_stops_the_sweep(ask: Ask, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sweeping, "time", SimpleNamespace(sleep=interrupt))
    answer = ask(*STARTED[:-1])
    assert (answer.status, answer.out) == (0, "Sweep 1, Dense network (dense_128): stopped, 20 trials wanted.\n")
    assert sweep_of(database, 1).state is State.STOPPED


@pytest.mark.usefixtures("with_data", "settled")
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--vary", "momentum=0..1"), "'momentum' is no setting of dense_128; allowed are epochs, batch_size"),
        (("--vary", "seed=1,2"), "seed is the same in all trials of a sweep, which could not be compared otherwise"),
        (("--vary", "dropout=0..7"), "dropout is 7.0; allowed is a number from 0.0 to 0.95."),
        (("--vary", "dropout", "--trials", "0"), "trials is '0'; allowed is a whole number from 2 to 1,000."),
        (("--vary", "dropout", "--trials", "many"), "trials is 'many'; allowed is a whole number from 2 to 1,000."),
        (("--vary", "batch_size=32,900"), "batch_size would be 900 in some trials, but only 450 images are left to"),
        (("--vary", "dropout", "--sampler", "grid"), "argument --sampler: invalid choice: 'grid'"),
        (("--vary",), "argument --vary: expected at least one argument"),
        (
            ("--vary", "dropout", "--hyperparameter", "validation_split=0"),
            "validation_split is 0.0, and a sweep compares",
        ),
        (
            ("--vary", "dropout", "--train-size", "70", "--hyperparameter", "validation_split=0.005"),
            "validation_split is 0.005, which leaves no image for validation beside 70 to learn from; a sweep compares",
        ),
    ],
)
def test_what_cannot_be_searched_is_refused_and_nothing_is_left(
    ask: Ask, database: Database, arguments: tuple[str, ...], reason: str
) -> None:
    answer = ask("sweep", "dense_128", *arguments)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.splitlines()[-1].startswith(f"mnist_dash: {reason}")
    assert sweeps_of(database) == []


@pytest.mark.usefixtures("with_data", "settled")
def test_the_method_that_learns_nothing_has_nothing_to_search(ask: Ask) -> None:
    assert ask("sweep", "random", "--vary", "dropout").refusal.startswith("The method random learns nothing, so there")


def test_a_sweep_that_is_not_there_is_refused(ask: Ask) -> None:
    for command in (
        ("sweeps", "7"),
        ("sweeps", "7", "--stop"),
        ("sweeps", "7", "--delete"),
        ("sweeps", "7", "--restore"),
        ("sweeps", "7", "--more", "2"),
        ("run-sweep", "9" * 20),
    ):
        assert ask(*command).refusal.startswith(f"There is no sweep {command[1]}. ")


def test_who_changes_a_sweep_names_it(ask: Ask) -> None:
    assert ask("sweeps", "--stop").refusal.startswith("Which sweep is to be changed is not said; allowed is the number")
    assert ask("sweeps", "--delete").refusal.startswith("Which sweep is to be changed is not said; allowed is the")
    assert "not allowed with argument" in ask("sweeps", "1", "--stop", "--resume").refusal
    assert ask("sweeps", "1", "--more", "0").refusal == "trials is '0'; allowed is a whole number from 1 to 1,000."


def test_no_sweeps_are_told_with_what_starts_the_first(ask: Ask) -> None:
    assert ask("sweeps").out.startswith("No sweeps yet. `python -m mnist_dash sweep cnn --vary")
    assert ask("sweeps", "--json").out == ""
