"""`train --seeds`: what is there is taken, the rest is trained, and the mean is told."""

import subprocess
from dataclasses import replace
from types import SimpleNamespace

import pytest

from mnist_dash.cli import training
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, supervisor
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.records import State
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask
from tests.trained import begun, trained

GUESS = RunSpec.of("random", "mnist")


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process is started."""
    monkeypatch.setattr(supervisor, "ensure", lambda _settings: None)


@pytest.fixture
def interrupting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody presses Ctrl-C at every look."""

    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "time", SimpleNamespace(sleep=interrupt))


@pytest.mark.usefixtures("with_data", "detached")
def test_seeds_are_trained_watched_and_their_mean_is_told(ask: Ask, database: Database) -> None:
    trained(database, replace(GUESS, seed=5), 100)
    *runs, mean = ask("train", "random", "--seed", "4", "--seeds", "3", "--name", "floor", "--json").lines
    assert [(run["run"], run["spec"]["seed"], run["state"]) for run in runs] == [
        (2, 4, "done"),
        (1, 5, "done"),
        (3, 6, "done"),
    ]
    assert run_of(database, 3).name == "floor"
    accuracies = [run["test_accuracy"] for run in runs]
    assert (mean["runs"], mean["seeds"]) == ([2, 1, 3], [4, 5, 6])
    assert mean["mean_test_accuracy"] == pytest.approx(sum(accuracies) / 3)
    low, high = mean["interval_over_seeds"]
    assert low <= mean["mean_test_accuracy"] <= high

    said = ask("train", "random", "--seed", "4", "--seeds", "3")
    assert said.err.splitlines()[-1] == (
        "All are there already: run 2 (seed 4, done), run 1 (seed 5, done) and run 3 (seed 6, done)."
    )
    assert said.out.splitlines()[-1].startswith("Mean over 3 seeds: ")
    assert len(runs_of(database)) == 3


@pytest.mark.usefixtures("settled", "with_data", "interrupting")
def test_the_time_for_all_is_told_before_they_start(ask: Ask) -> None:
    asked = ask("train", "dense_128", "--train-size", "200", "--seeds", "4")
    assert asked.err.splitlines()[-1].startswith("Seeds 0, 1, 2 and 3 will be trained. About ")
    assert asked.out.splitlines()[-1] == "Fewer than two seeds were tested: there is no mean to tell."


@pytest.mark.parametrize("seeds", ["1", "21", "many", "2.5"])
def test_one_seed_or_very_many_are_refused_before_anything_is_queued(ask: Ask, database: Database, seeds: str) -> None:
    refusal = ask("train", "random", "--seeds", seeds).refusal
    assert refusal.startswith(f"seeds is {seeds!r}" if not seeds.isdecimal() else f"seeds is {seeds}")
    assert "a whole number from 2 to 20" in refusal
    assert runs_of(database) == []


@pytest.mark.usefixtures("settled", "with_data", "interrupting")
def test_an_interruption_stops_the_seeds_that_were_started_and_no_others(ask: Ask, database: Database) -> None:
    begun(database, replace(GUESS, seed=1))

    assert ask("train", "random", "--seeds", "3").status == 130
    assert [(run.id, run.state) for run in runs_of(database)] == [
        (3, State.STOPPED),
        (2, State.STOPPED),
        (1, State.RUNNING),
    ]


@pytest.mark.usefixtures("settled", "with_data")
def test_a_paused_seed_of_others_is_not_waited_for(
    ask: Ask, database: Database, detached: list["subprocess.Popen[bytes]"]
) -> None:
    for seed in (0, 1):
        run, recorder = begun(database, replace(GUESS, seed=seed))
        control.pause(database, run.id)
        recorder.pause(attached=False)
    asked = ask("train", "random", "--seeds", "2")
    assert "run 1 (seed 0, paused) and run 2 (seed 1, paused)" in asked.err
    assert asked.status == 0
    assert detached == []
