"""`python -m mnist_dash` as a process of its own: what comes out of it, and how it ends."""

import json
import re

import pytest

from tests.cli.conftest import Ask
from tests.conftest import Commands

COMMANDS = (
    *("data", "evaluate", "predict", "generate", "export", "train", "runs", "stop", "pause", "resume"),
    *("import", "map", "favourites", "nudge", "own-curve", "print-form", "read-form", "report", "import-run"),
    *("audit", "run", "spare", "worker", "convert", "backup", "restore", "sweep", "sweeps", "run-sweep"),
)


@pytest.mark.usefixtures("with_data")
def test_a_command_prints_json_and_ends_with_0(command: Commands) -> None:
    done = command("data", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["train"] == 500


@pytest.mark.usefixtures("with_data")
@pytest.mark.parametrize("arguments", [("evaluate", "cnn", "--data", "emnist"), ("train", "resnet"), ("stop", "x")])
def test_a_refusal_is_one_line_and_ends_with_2(command: Commands, arguments: tuple[str, ...]) -> None:
    done = command(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"mnist_dash: .+\n", done.stderr)


def test_a_setting_that_cannot_be_used_is_refused(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_DASH_SLOTS", "many")
    assert ask("runs").refusal == "MNIST_DASH_SLOTS is 'many'; allowed is a whole number from 1 to 64."


def test_a_password_of_the_database_is_not_told(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_DASH_DB", "postgres://me:secret@host/runs")
    assert "secret" not in ask("runs").refusal


def test_the_help_names_every_command(ask: Ask) -> None:
    answer = ask("--help")
    assert answer.status == 0
    assert all(re.search(rf"^ +{name} +\S", answer.out, re.MULTILINE) for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_json(ask: Ask, name: str) -> None:
    answer = ask(name, "--help")
    assert answer.status == 0
    assert "--json" in answer.out
