"""Digits that are drawn on the command line: as images, as strokes, or as a set."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.generator.parameters import PARAMETERS, USUAL, Handwriting
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.io.npz_files import read_npz_set
from mnist_dash.data.progress import silent
from mnist_dash.data.store import named_sets
from mnist_dash.runs import process
from mnist_dash.settings import Settings
from mnist_dash.users import Role, User
from tests.cli.conftest import Ask
from tests.conftest import Commands

TWELVE = ("generate", "--count", "12", "--seed", "3")


def test_generated_digits_are_written_to_a_file(ask: Ask, tmp_path: Path) -> None:
    out = tmp_path / "digits.npz"
    summary = ask(*TWELVE, "--out", str(out), "--json").json
    assert summary == {"file": str(out), "count": 12, "seed": 3, "parameters": asdict(USUAL)}
    written, drawn = read_npz_set((out,), silent).train, generate(12, 3)
    assert np.array_equal(written.images, drawn.images)
    assert np.array_equal(written.labels, drawn.labels)
    assert ask(*TWELVE, "--out", str(out)).out == f"12 digits written to {out}\n"


def test_parameters_are_taken_by_name(ask: Ask, tmp_path: Path) -> None:
    out = tmp_path / "digits.npz"
    summary = ask(
        *TWELVE, "--out", str(out), "--parameter", "slant=-12", "pen=20.5", "--parameter", "tremor=2", "--json"
    ).json
    asked = Handwriting(slant=-12.0, pen=20.5, tremor=2.0)
    assert summary["parameters"] == asdict(asked)
    assert np.array_equal(read_npz_set((out,), silent).train.images, generate(12, 3, handwriting=asked).images)


def test_strokes_are_written_and_imported(ask: Ask, tmp_path: Path) -> None:
    strokes, out = tmp_path / "mine.jsonl.gz", tmp_path / "mine.npz"
    said = ask("generate", "--count", "70", "--seed", "3", "--out", str(out), "--strokes", str(strokes)).out
    assert said == f"70 digits written to {out}\nStrokes of 70 digits written to {strokes}\n"
    report = ask("import", str(strokes), "--name", "mine", "--json").json
    assert (report["format"], report["train"] + report["test"]) == ("Pen strokes", 70)


def test_a_set_is_made_under_a_name(ask: Ask, settings: Settings) -> None:
    said = ask(*TWELVE, "--name", "broad", "--parameter", "pen=20").out
    origin = "pen-stroke generator 3, 12 digits, seed 3, pen=20"
    assert said == f"broad: 12 training and 2 test images from {origin}\n"
    assert named_sets.open_set(settings, "broad").origin == origin


def test_a_set_for_another_program_tells_its_progress(command: Commands) -> None:
    done = command(*TWELVE, "--name", "broad", "--progress")
    assert (done.returncode, done.stderr) == (0, "")
    *told, last = map(json.loads, done.stdout.splitlines())
    assert told[-1] == {"share": 1.0, "text": "Ready"}
    assert last["result"]["name"] == "broad"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Nothing says where the digits go. Add --out FILE.npz, --strokes FILE.jsonl or --name NAME."),
        (
            ("--out", "o.npz", "--parameter", "slant=90"),
            "slant is 90.0; allowed is a number from -40 to 40 (°). Choose",
        ),
        (
            ("--out", "o.npz", "--parameter", "slant"),
            "--parameter got 'slant'; allowed is KEY=VALUE with one of slant, ",
        ),
        (("--out", "o.npz", "--parameter", "pen=nan"), "pen is nan; allowed is a number from 3 to 30"),
        (("--out", "o.npz", "--parameter", "ink=3"), "There is no parameter 'ink'; allowed are slant, width"),
        (("--strokes", "o.txt"), "o.txt ends in '.txt'; allowed are .jsonl, .jsonl.gz"),
        (("--strokes", "no/o.jsonl"), "no/o.jsonl cannot be written"),
        (("--name", "mnist"), "There is already a data set 'mnist'"),
    ],
)
def test_what_is_not_allowed_is_refused(ask: Ask, words: tuple[str, ...], said: str) -> None:
    answer = ask(*TWELVE, *words)
    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err


def test_every_parameter_stands_in_the_help(ask: Ask) -> None:
    said = " ".join(ask("generate", "--help").out.split())
    assert [name for name in PARAMETERS if f"{name}: a" not in said] == []


def test_a_command_that_a_page_starts_makes_a_set_of_whoever_asked(ask: Ask, settings: Settings) -> None:
    named = User("https://id a", "--name", Role.TRAIN)
    _, _, _, *command = process.make_command(*TWELVE, "--name", "hers", user=named)
    assert ask(*command).status == 0
    assert named_sets.owner_of(settings, "hers") == ("https://id a", "--name")
    assert ask("data", "--list", "--json").lines[-1] == {"name": "hers", "ready": True, "owner": "--name"}
    assert ask("data", "--list").out.splitlines()[-1] == "hers, of --name"
    assert ask(*TWELVE, "--name", "mine").status == 0
    assert named_sets.owner_of(settings, "mine") == ("", "")
    assert "--account" not in ask("generate", "--help").out
