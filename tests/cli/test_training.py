"""Commands around runs: queue and watch, list, stop, and what they refuse."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from mnist_dash.cli import training
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.store import named_sets
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, process, queue
from mnist_dash.runs.engines.cluster import ClusterState, write_state
from mnist_dash.runs.queries import checkpoint_of, run_of, runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Run, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.awaiting import until
from tests.cli.conftest import Ask
from tests.conftest import Commands
from tests.runs.conftest import an_epoch

FIELDS = {
    *("run", "name", "state", "method", "epoch", "reason", "parameters", "epochs", "train_images", "seconds"),
    *("test_accuracy", "test_interval", "spec"),
}
GUESS = RunSpec.of("random", "mnist")


def test_training_queues_a_run_and_watches_it_to_its_end(
    ask: Ask, with_data: Settings, database: Database, detached: list["subprocess.Popen[bytes]"]
) -> None:
    options = ("--seed", "7", "--train-size", "400", "--hyperparameter", "batch_size=32", "validation_split=0.5")
    summary = ask("train", "random", *options, "--hyperparameter", "optimizer=sgd", "--name", "mine", "--json").json
    assert set(summary) == FIELDS
    assert (summary["run"], summary["state"], summary["method"], summary["name"]) == (1, "done", "random", "mine")
    assert (summary["parameters"], summary["epochs"], summary["train_images"]) == (0, 1, 200)
    low, high = summary["test_interval"]
    assert low < summary["test_accuracy"] < high
    changes: dict[str, Value] = {
        "seed": 7,
        "train_size": 400,
        "batch_size": 32,
        "validation_split": 0.5,
        "optimizer": "sgd",
    }
    assert (
        RunSpec.from_json(json.dumps(summary["spec"]))
        == run_of(database, 1).spec
        == RunSpec.of("random", "mnist", **changes)
    )
    assert process.is_held(process.supervisor_lock(with_data))
    assert len(detached) == 1

    asked = ask("train", "random", "--set", "batch_size=40", "--hyperparameter", "seed=3")
    assert (run_of(database, 2).spec.batch_size, run_of(database, 2).spec.seed) == (40, 3)
    assert "--set is called --hyperparameter now, and taken as that." in asked.err
    sentence = asked.out
    assert sentence.startswith("Run 2, Random guess (random): done")
    assert "% of 200 test images right (95 % interval" in sentence.replace("\xa0", " ")
    assert len(detached) == 1


@pytest.mark.usefixtures("with_data")
def test_validation_by_unknown_writers_is_refused_before_anything_is_queued(ask: Ask, database: Database) -> None:
    told = ask("train", "cnn", "--hyperparameter", "validation_by=writer").refusal
    assert told.startswith(
        "validation_by is 'writer', but nothing says who wrote the images of mnist; allowed is 'image'"
    )
    assert runs_of(database) == []


def test_validation_by_known_writers_reaches_the_run(
    ask: Ask, with_data: Settings, small: Digits, database: Database, detached: list["subprocess.Popen[bytes]"]
) -> None:
    named_sets.save(with_data, "hands", Dataset("hands", small, small, "the generator"))
    summary = ask("train", "random", "--data", "hands", "--hyperparameter", "validation_by=writer", "--json").json
    assert (summary["state"], summary["train_images"], len(detached)) == ("done", 450, 1)
    assert run_of(database, 1).spec.validation_by == "writer"


@pytest.mark.training
@pytest.mark.usefixtures("with_data")
def test_a_network_is_trained_and_answers_from_the_command_line_alone(
    command: Commands, database: Database, tmp_path: Path
) -> None:
    queued = queue.submit(database, RunSpec.of("dense_128", "mnist", epochs=1))
    trained = command("run", str(queued.id), "--json")
    assert (trained.returncode, trained.stdout.count("\n")) == (0, 1)
    summary = json.loads(trained.stdout)
    assert (summary["state"], summary["parameters"], summary["train_images"]) == ("done", 118_282, 450)
    path = tmp_path / "mine.keras"
    path.write_bytes(checkpoint_of(database, queued.id) or b"")
    for model in ("1", "1:best", str(path)):
        evaluated = json.loads(command("evaluate", model, "--json").stdout)
        assert (evaluated["model"], evaluated["accuracy"]) == (model, summary["test_accuracy"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("train", "resnet"), "'resnet' is no method; allowed are fast"),
        (("train", "cnn", "--epochs", "0"), "epochs is 0; allowed is a whole number from 1 to 1,000."),
        (("train", "cnn", "--epochs=1000000000"), "epochs is 1000000000; allowed is a whole number from 1 to 1,000."),
        (("train", "cnn", "--epochs", "many"), "epochs is 'many'; allowed is a whole number"),
        (("train", "cnn", "--hyperparameter", "epochs=0"), "epochs is 0; allowed is a whole number"),
        (
            ("train", "cnn", "--hyperparameter", "learning_rate=nan"),
            "learning_rate is nan; allowed is a number from 1e-06 to",
        ),
        (("train", "cnn", "--hyperparameter", "learning_rate=inf"), "learning_rate is inf; allowed is a number"),
        (
            ("train", "cnn", "--hyperparameter", "batch_size=451"),
            "batch_size is 451, but only 450 images are left to learn from",
        ),
        (("train", "cnn", "--train-size", "501"), "train_size is 501, but the data set has 500 training images"),
        (("train", "cnn", "--train-size", "0"), "train_size is 0; allowed is a whole number from 20 to 10,000,000 or"),
        (("train", "cnn", "--seed", "-1"), "seed is -1; allowed is a whole number from 0 to 2,147,483,647."),
        (
            ("train", "cnn", "--hyperparameter", "nonsense"),
            "--hyperparameter got 'nonsense'; allowed is KEY=VALUE with one of epochs,",
        ),
        (("train", "cnn", "--hyperparameter", "rate=0.5"), "--hyperparameter got 'rate=0.5'; allowed is KEY=VALUE"),
        (("train", "cnn", "--hyperparameter", "optimizer="), "optimizer is ''; allowed is one of adam, adamw, sgd"),
        (("train", "cnn", "--hyperparameter", "dropout=1"), "dropout is 1.0; allowed is a number from 0.0 to 0.95."),
        (("train", "cnn", "--hyperparameter", "layers=flatten"), "layers is 'flatten' for the method cnn; allowed is"),
        (("train", "custom", "--hyperparameter", "layers=conv 3 3"), "The layers end in 26×26×3, but the output"),
        (("train", "cnn", "--data", "emnist"), "There is no data set 'emnist'; allowed are "),
        (("train", "fine_tuned"), "fine_tuned learns digits of your own. Name their data set with --data NAME"),
        (("train", "fine_tuned", "--hyperparameter", "start=cnn"), "start is 'cnn'; allowed is one of reader, gen"),
        (("train", "distilled", "--hyperparameter", "teacher=nobody"), "teacher is 'nobody'; allowed are cnn, reader"),
        (("train", "distilled", "--hyperparameter", "teacher=7"), "teacher is '7'. There is no run 7."),
        (("train",), "the following arguments are required: METHOD"),
        (("stop", "7"), "There is no run 7. `python -m mnist_dash runs` lists the runs that there are."),
        (("stop", "99999999999999999999"), "There is no run 99999999999999999999."),
        (("stop", "one"), "argument ID: invalid int value: 'one'"),
        (("pause", "7"), "There is no run 7."),
        (("pause",), "the following arguments are required: ID"),
        (("resume", "7"), "There is no run 7."),
        (("resume", "7", "--step"), "There is no run 7."),
        (("resume", "7", "--epochs", "3"), "There is no run 7."),
        (("resume", "7", "--epochs", "0"), "epochs is 0; allowed is a whole number from 1 to 1,000."),
        (("resume", "7", "--epochs", "many"), "epochs is 'many'; allowed is a whole number"),
        (("run", "7"), "There is no run 7."),
        (("worker", "--idle", "long"), "argument --idle: invalid float value: 'long'"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else "",
)
@pytest.mark.usefixtures("with_data")
def test_what_cannot_be_done_is_refused_in_one_line_and_queues_nothing(
    ask: Ask, database: Database, arguments: tuple[str, ...], words: str
) -> None:
    assert words in ask(*arguments).refusal
    assert runs_of(database) == []


@pytest.mark.usefixtures("with_data")
def test_a_run_that_fails_is_told_with_status_2_and_the_reason(ask: Ask, database: Database) -> None:
    run = queue.submit(database, RunSpec.of("random", "nowhere"))
    answer = ask("run", str(run.id), "--json")
    assert answer.status == 2
    assert answer.lines[0]["state"] == "failed"
    assert answer.err.startswith(f"mnist_dash: Run {run.id} failed. There is no data set 'nowhere'")
    assert answer.err.count("\n") == 1


def test_runs_are_listed_the_newest_first(ask: Ask, database: Database) -> None:
    assert ask("runs").out == "No runs yet. `python -m mnist_dash train cnn` trains the first.\n"
    assert ask("runs", "--json").out == ""
    queue.submit(database, GUESS, "first")
    queue.submit(database, RunSpec.of("cnn", "mnist"), "second")
    run = queue.claim(database, "here", 2)
    assert run is not None
    RunRecorder(database, run).epoch(an_epoch(1), b"model")
    second, first = ask("runs", "--json").lines
    assert second == {
        **{"run": 2, "name": "second", "state": "running", "method": "cnn", "epoch": 1},
        **{"test_accuracy": None, "reason": None},
    }
    assert (first["run"], first["state"]) == (1, "queued")
    assert ask("runs").out.splitlines() == [
        "Run 2, second (cnn): running, 1 of 5 epochs",
        "Run 1, first (random): queued",
    ]


def test_a_name_cannot_write_over_what_the_terminal_shows(ask: Ask, database: Database) -> None:
    run = queue.submit(database, RunSpec.of("random", "mnist"), "red \x1b[31mname\x07")
    assert f"Run {run.id}, red \\x1b[31mname\\x07 (random): queued" in ask("runs").out
    assert "\\x1b" in ask("stop", "\x1b[31m").err


def test_a_run_is_stopped(ask: Ask, database: Database) -> None:
    queue.submit(database, GUESS)
    stopped = ask("stop", "1", "--json").json
    assert (stopped["run"], stopped["state"]) == (1, "stopped")
    assert ask("stop", "1").refusal == "Run 1 is stopped and cannot be stopped; only one that has not ended can."
    queue.submit(database, GUESS)
    assert ask("stop", "2").out == "Run 2 was asked to stop.\n"
    assert run_of(database, 2).state is State.STOPPED


ROW = {"run", "name", "state", "method", "epoch", "test_accuracy", "reason"}


@pytest.fixture
def learner(database: Database) -> Run:
    """A run at work whose first epoch is finished, in a home whose supervisor lives elsewhere."""
    queue.submit(database, RunSpec.of("cnn", "mnist"))
    run = queue.claim(database, "here")
    assert run is not None
    RunRecorder(database, run).epoch(an_epoch(1), b"model")
    return run


@pytest.fixture
def supervised(settings: Settings) -> Iterator[None]:
    """A home in which a supervisor lives: nobody starts another one."""
    with process.supervisor_lock(settings):
        yield


def test_a_run_is_paused(ask: Ask, database: Database, learner: Run) -> None:
    answer = ask("pause", "1", "--json").json
    assert set(answer) == ROW
    assert (answer["run"], answer["state"], answer["epoch"]) == (1, "running", 1)
    assert run_of(database, 1).pause_at == 1
    assert ask("pause", "1").out == "Run 1 was asked to pause. `resume 1` lets it go on.\n"
    RunRecorder(database, learner).pause(attached=True)
    assert ask("pause", "1").refusal == "Run 1 is paused and cannot be paused; only a waiting or running one can."


@pytest.mark.usefixtures("supervised")
@pytest.mark.parametrize(("attached", "state"), [(True, "running"), (False, "queued")])
@pytest.mark.parametrize(("options", "pause_at"), [((), None), (("--step",), 2)])
def test_a_paused_run_is_resumed(
    ask: Ask,
    database: Database,
    learner: Run,
    attached: bool,
    state: str,
    options: tuple[str, ...],
    pause_at: int | None,
) -> None:
    control.pause(database, 1)
    RunRecorder(database, learner).pause(attached=attached)
    answer = ask("resume", "1", *options, "--json").json
    assert set(answer) == ROW
    assert (answer["run"], answer["state"], answer["epoch"]) == (1, state, 1)
    assert run_of(database, 1).pause_at == pause_at


@pytest.mark.usefixtures("supervised")
def test_an_ended_run_is_trained_further(ask: Ask, database: Database, learner: Run) -> None:
    assert ask("resume", "1", "--epochs", "3").refusal == (
        "Run 1 is running and cannot be trained further; only one that has ended can."
    )
    RunRecorder(database, learner).end(State.DONE, {}, None)
    assert ask("resume", "1").refusal == "Run 1 is done and cannot be resumed; only a paused one can."
    assert ask("resume", "1", "--epochs", "3").out == "Run 1 is queued, 1 epochs done.\n"
    spec = run_of(database, 1).spec
    assert (spec.epochs, spec.continued) == (4, (1,))


@pytest.mark.usefixtures("with_data")
def test_resuming_starts_a_supervisor_where_none_lives(
    ask: Ask, database: Database, detached: list["subprocess.Popen[bytes]"]
) -> None:
    queue.submit(database, GUESS)
    control.pause(database, 1)
    assert ask("resume", "1", "--json").json["state"] == "queued"
    assert len(detached) == 1
    until(lambda: run_of(database, 1).state is State.DONE)


def test_a_run_that_is_watched_is_stopped_by_ctrl_c_and_waited_for(
    ask: Ask, with_data: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_seconds: float) -> None:
        monkeypatch.setattr(training, "time", time)
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "time", SimpleNamespace(sleep=interrupt))
    with process.supervisor_lock(with_data):
        summary = ask("train", "cnn", "--json").json
    assert (summary["state"], summary["epoch"]) == ("stopped", 0)
    assert run_of(database, 1).state is State.STOPPED


@pytest.mark.slow
def test_a_second_worker_is_refused(ask: Ask, settings: Settings) -> None:
    with process.supervisor_lock(settings):
        words = f"A worker for {settings.home} is at work already; one is enough. Nothing was started."
        assert ask("worker").refusal == words


def test_a_keras_file_that_is_not_there_is_refused(ask: Ask, tmp_path: Path) -> None:
    words = "There is nothing at nowhere.keras. Check the path."
    assert ask("convert", "nowhere.keras", str(tmp_path / "model.tflite")).refusal == words
    assert not (tmp_path / "model.tflite").exists()


def test_where_runs_go_to_a_cluster_the_list_says_why_they_wait(
    ask: Ask, settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_DASH_ENGINE", "ray:http://127.0.0.1:8265")
    queue.submit(database, RunSpec.of("random", "mnist"))
    write_state(settings, ClusterState(trouble="The Ray cluster at http://127.0.0.1:8265 cannot be reached."))
    told = ask("runs")
    assert told.out.startswith("Run 1, Random guess (random): queued")
    assert told.err == (
        "The Ray cluster at http://127.0.0.1:8265 cannot be reached. Runs wait, and go on when it answers; nothing "
        "that was recorded is lost.\n"
    )
    assert ask("runs", "--json").err == ""
