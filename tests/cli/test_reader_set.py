"""The set that the bundled reader learns from: made on the command line, by itself or by the first training of it."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from mnist_dash.data.reader_set import build
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.reader_sets import make_reader_set
from mnist_dash.methods.registry import READER
from mnist_dash.runs.queries import runs_of
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.awaiting import until
from tests.cli.conftest import Ask
from tests.conftest import Python, Start

SMALL = build.Recipe(redrawn=2, usual=2, even=2, free=2, rare=2, broad=2, renderings=1)
DIGIT = {"label": 1, "strokes": [[[0, 200], [150, 0]], [[150, 0], [140, 1000]]]}
TRAIN = """
import sys
from mnist_dash.cli import main
from mnist_dash.data.reader_set import build
from mnist_dash.data.store import cache
small = build.Recipe(redrawn=2, usual=2, even=2, free=2, rare=2, broad=2, renderings=1)
build.Recipe = lambda: small
def hold(*_arguments, **_options):
    print("here", flush=True)
    sys.stdin.read()
if sys.argv[1] == "drawing":
    build.redraw_digits = hold
else:
    write = cache.write
    cache.write = lambda *arguments: (write(*arguments), hold())
main(["train", "reader"])
"""


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recipe that takes no minutes, in this process."""
    monkeypatch.setattr(build, "Recipe", lambda: SMALL)


@pytest.fixture
def strokes(tmp_path: Path) -> Path:
    """Two digits that somebody wrote with a pen."""
    path = tmp_path / "strokes.jsonl"
    path.write_text("\n".join([json.dumps(DIGIT)] * 2), "utf-8")
    return path


@pytest.mark.usefixtures("brief")
def test_the_set_is_made_under_a_name_and_says_that_nobody_with_a_pen_is_in_it(ask: Ask, with_data: Settings) -> None:
    made, people = ask("reader-set", "--name", "mine").out.splitlines()
    assert made.startswith("mine: 471 training and 200 test images from MNIST, MNIST redrawn, pen-stroke generator")
    assert people.startswith("No pen strokes of people are in it. MNIST_DASH_STROKES names a file")
    assert named_sets.names(with_data) == ("mine",)


@pytest.mark.usefixtures("brief")
def test_the_set_is_told_to_other_programs(ask: Ask, with_data: Settings) -> None:
    assert ask("reader-set", "--name", "mine", "--seed", "2", "--json").json["origin"].endswith("seed 2")
    assert named_sets.names(with_data) == ("mine",)


@pytest.mark.usefixtures("brief", "with_data")
def test_strokes_come_from_the_setting_or_the_option(
    ask: Ask, strokes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_DASH_STROKES", str(strokes))
    said = ask("reader-set", "--name", "mine").out
    assert "2 pen-stroke digits of people" in said
    assert "Pen strokes of people are in it." in said
    refused = ask("reader-set", "--name", "other", "--strokes", str(tmp_path / "gone.jsonl")).refusal
    assert "gone.jsonl cannot be read (No such file" in refused


@pytest.mark.usefixtures("brief", "with_data")
def test_progress_for_another_program_ends_with_what_was_made(ask: Ask) -> None:
    *told, last = ask("reader-set", "--name", "mine", "--progress").lines
    assert told[-1] == {"share": 1.0, "text": "Ready"}
    assert [line["share"] for line in told] == sorted(line["share"] for line in told)
    assert last["result"]["name"] == "mine"


@pytest.mark.usefixtures("with_data")
@pytest.mark.parametrize(("sent", "status"), [(signal.SIGTERM, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_making_that_is_ended_leaves_no_set_and_may_begin_anew(
    start: Start, settings: Settings, with_data: Settings, sent: signal.Signals, status: int
) -> None:
    child = start("reader-set", "--name", "mine", "--progress")
    assert child.stdout is not None
    assert json.loads(child.stdout.readline())["share"] < 1
    child.send_signal(sent)
    until(lambda: child.poll() is not None)
    assert child.returncode == status
    assert not (settings.home / "sets").exists()
    assert len(make_reader_set(with_data, "mine", recipe=SMALL).train) == 471


TOO_MANY = "--train-size", "600"
"""More images than any set here holds: refused once the set is there, before anything is queued."""


@pytest.mark.usefixtures("brief")
def test_the_reader_learns_from_its_own_set_which_is_made_where_there_is_none(ask: Ask, with_data: Settings) -> None:
    first = ask("train", READER, *TOO_MANY)
    made, people, learning, refused = first.err.splitlines()
    assert made == "reader, the set that it learns from, is made first: about a minute."
    assert people.startswith("No pen strokes of people go into it: none are at hand. MNIST_DASH_STROKES names")
    assert learning.startswith("Learning from reader: MNIST, MNIST redrawn, pen-stroke generator")
    assert refused == "mnist_dash: train_size is 600, but the data set has 471 training images; ask for fewer."
    assert (first.status, first.out, named_sets.names(with_data)) == (2, "", (READER,))
    learning, refused = ask("train", READER, *TOO_MANY).err.splitlines()
    assert learning.endswith(
        "No pen strokes of people are in it. MNIST_DASH_STROKES names a file of some for the next one."
    )
    assert "471 training images" in refused


@pytest.mark.usefixtures("brief", "with_data")
def test_strokes_that_are_at_hand_go_into_the_set_of_the_first_training(
    ask: Ask, strokes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_DASH_STROKES", str(strokes))
    _, people, learning, _ = ask("train", READER, *TOO_MANY).err.splitlines()
    assert people == f"Pen strokes of people go into it: those in {strokes}."
    assert "2 pen-stroke digits of people" in learning


@pytest.mark.usefixtures("brief")
def test_another_set_that_is_asked_for_is_learnt_from_instead(ask: Ask, with_data: Settings) -> None:
    refused = ask("train", READER, "--data", "mnist", *TOO_MANY).refusal
    assert refused == "train_size is 600, but the data set has 500 training images; ask for fewer."
    assert named_sets.names(with_data) == ()


@pytest.mark.parametrize(
    ("strokes_in", "words", "said"),
    [
        ("", ("--epochs", "0"), "epochs is 0"),
        ("", ("--hyperparameter", "layers=flatten"), "layers is 'flatten' for the method reader"),
        ("gone.jsonl", (), "MNIST_DASH_STROKES cannot be taken: "),
    ],
)
@pytest.mark.usefixtures("with_data")
def test_what_is_wrong_is_refused_before_minutes_of_work(
    ask: Ask, settings: Settings, monkeypatch: pytest.MonkeyPatch, strokes_in: str, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.setenv("MNIST_DASH_STROKES", strokes_in)
    assert said in ask("train", READER, *words).refusal
    assert not (settings.home / "sets").exists()


@pytest.mark.parametrize("moment", ["drawing", "writing"])
@pytest.mark.usefixtures("brief", "with_data")
def test_a_training_that_is_killed_while_it_makes_its_set_leaves_none(
    ask: Ask, python: Python, settings: Settings, database: Database, moment: str
) -> None:
    child = python(TRAIN, moment)
    assert child.stdout is not None
    assert child.stdout.readline() == b"here\n"
    child.kill()
    child.wait()
    assert (named_sets.names(settings), runs_of(database)) == ((), [])
    assert "471 training images" in ask("train", READER, *TOO_MANY).err
    assert [path.name for path in (settings.home / "sets").iterdir()] == [READER]


@pytest.mark.training
@pytest.mark.usefixtures("brief")
def test_a_training_tells_other_programs_of_nothing_but_its_run(
    ask: Ask, with_data: Settings, detached: list["subprocess.Popen[bytes]"]
) -> None:
    summary = ask("train", READER, "--epochs", "1", "--json").json
    assert (summary["state"], summary["spec"]["data"], summary["epochs"]) == ("done", READER, 1)
    assert summary["train_images"] == 471 - round(0.01 * 471)
    assert (named_sets.names(with_data), len(detached)) == ((READER,), 1)
