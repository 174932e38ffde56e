"""Commands around data: what is found, imported, listed, written and drawn, and what is refused."""

import json
import re
import signal
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.cli import data
from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.io.export import write
from mnist_dash.data.store import named_sets, staging
from mnist_dash.settings import Settings
from tests.awaiting import until
from tests.cli.conftest import Ask
from tests.conftest import Commands, Start

with_data = pytest.mark.usefixtures("with_data")


@pytest.fixture
def rows(small: Digits, tmp_path: Path) -> Path:
    """500 digits as CSV."""
    write(tmp_path / "rows.csv", small)
    return tmp_path / "rows.csv"


@with_data
def test_data_are_summarised(ask: Ask, small_file: Path) -> None:
    summary = ask("data", "--json").json
    assert {"name", "official", "origin", "train", "test", "classes", "sha256", "notice"} == set(summary)
    assert (summary["name"], summary["official"], summary["origin"]) == ("mnist", False, str(small_file))
    assert (summary["train"], summary["test"], summary["classes"]) == (500, 200, 10)
    assert set(summary["sha256"]) == {"train_images", "train_labels", "test_images", "test_labels"}
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in summary["sha256"].values())


def test_data_may_be_named_on_the_command_line(ask: Ask, small_file: Path) -> None:
    assert ask("data", "--source", str(small_file), "--json").json["train"] == 500


@with_data
def test_data_are_summarised_for_people(ask: Ask) -> None:
    answer = ask("data")
    assert answer.status == 0
    assert "mnist (not the official set) from " in answer.out
    assert "500 training and 200 test images of 28×28 pixels, 10 classes" in answer.out
    assert "look-alike" in answer.out


def test_an_import_is_a_set_that_opens_by_its_name(ask: Ask, rows: Path) -> None:
    told = ask("import", str(rows), "--name", "mine", "--json").json
    assert (told["name"], told["origin"], told["train"] + told["test"]) == ("mine", "rows.csv", 500)
    assert (told["format"], told["polarity"], told["fit"], told["sizes"]) == ("CSV", "ink-is-light", "as-is", "28×28")
    assert (told["missing"], told["left_out"], told["reasons"], told["notes"]) == ([], 0, [], [])
    assert ask("data", "--data", "mine", "--json").json["sha256"] == told["sha256"]
    evaluated = ask("evaluate", "cnn", "--data", "mine", "--json").json
    assert (evaluated["data"], evaluated["images"]) == ("mine", told["test"])


def test_an_import_is_told_to_people(ask: Ask, small: Digits, tmp_path: Path) -> None:
    chosen = small.take(small.labels > 1)
    write(tmp_path / "a.zip", chosen)
    (tmp_path / "a.csv").write_text("")
    lines = ask("import", str(tmp_path / "a.zip"), "--name", "mine").out.splitlines()
    assert re.fullmatch(r"mine: \d+ training and \d+ test images from a\.zip", lines[0])
    assert lines[1] == "Pictures in a ZIP, 28×28 pixels, polarity ink-is-light, fit as-is"
    assert lines[2] == "This set has no 0 or 1."
    assert "a.zip has no test split" in lines[3]


def test_digits_that_lie_are_told_and_turned_where_that_is_asked(ask: Ask, calm: Digits, tmp_path: Path) -> None:
    lying = Digits(calm.images.swapaxes(1, 2)[:100].copy(), calm.labels[:100])
    write(tmp_path / "a.npz", lying)
    told = ask("import", str(tmp_path / "a.npz"), "--name", "lying").out
    assert re.search(
        r"These digits look transposed: the reader reads \d+ % as they lie and \d+ % transposed\. "
        r"Import them with --orientation transposed to put them upright\.",
        told,
    )
    turned = ask("import", str(tmp_path / "a.npz"), "--name", "mine", "--orientation", "transposed", "--json").json
    assert (turned["orientation"], turned["suspicion"]) == ("transposed", None)
    assert ask("evaluate", "reader", "--data", "mine", "--json").json["accuracy"] > 0.9
    again = ask("import", str(tmp_path / "a.npz"), "--name", "again", "--json").json
    assert again["suspicion"]["orientation"] == "transposed"


def test_options_of_an_import_are_followed(ask: Ask, rows: Path) -> None:
    options = ("--polarity", "ink-is-dark", "--fit", "centre")
    told = ask("import", str(rows), "--name", "mine", *options, "--json").json
    assert (told["polarity"], told["fit"]) == ("ink-is-dark", "centre")


def test_an_import_for_another_program_tells_its_progress_and_a_token(
    command: Commands, settings: Settings, rows: Path
) -> None:
    done = command("import", str(rows), "--stage", "--progress")
    # LiteRT says on its own which part of it computes.
    said = [line for line in done.stderr.splitlines() if not line.startswith("INFO: Created TensorFlow Lite")]
    assert (done.returncode, said) == (0, [])
    *told, last = map(json.loads, done.stdout.splitlines())
    assert [line["share"] for line in told] == sorted(line["share"] for line in told)
    assert all(set(line) == {"share", "text"} for line in told)
    assert told[-1] == {"share": 1.0, "text": "Ready"}
    assert staging.open_staged(settings, last["result"]["token"]).dataset.origin == "rows.csv"
    assert named_sets.names(settings) == ()


def test_an_import_that_is_ended_leaves_nothing(start: Start, settings: Settings, tmp_path: Path) -> None:
    digits = generate(60, 0)
    many = digits.take(np.tile(np.arange(60), 400))
    write(tmp_path / "many.csv", many)
    child = start("import", str(tmp_path / "many.csv"), "--fit", "centre", "--stage", "--progress")
    assert child.stdout is not None
    assert json.loads(child.stdout.readline())["share"] < 1
    incoming = settings.home / "incoming"
    assert len(list(incoming.iterdir())) == 1
    child.send_signal(signal.SIGTERM)
    until(lambda: child.poll() is not None)
    assert (child.returncode, list(incoming.iterdir())) == (130, [])


def test_sets_are_listed_and_deleted(ask: Ask, rows: Path) -> None:
    ask("import", str(rows), "--name", "mine")
    listed = ask("data", "--list", "--json").lines
    assert [line["name"] for line in listed] == ["mnist", "generated", "optdigits", "mine"]
    assert [line["ready"] for line in listed] == [False, False, True, True]
    assert ask("data", "--list").out == "mnist (not read yet)\ngenerated (not read yet)\noptdigits\nmine\n"
    assert ask("data", "--delete", "mine", "--json").json == {"deleted": "mine"}
    assert "to delete; there are none" in ask("data", "--delete", "mine").refusal


@with_data
@pytest.mark.parametrize(
    ("name", "options", "images"),
    [
        ("a.npz", (), 700),
        ("a.zip", (), 700),
        ("a.idx.zip", ("--split", "test"), 200),
        ("a.csv", ("--split", "train"), 500),
    ],
)
def test_data_are_written_and_can_be_imported_again(
    ask: Ask, tmp_path: Path, name: str, options: tuple[str, ...], images: int
) -> None:
    out = tmp_path / name
    out.write_text("older")
    told = ask("data", "--out", str(out), *options, "--json").json
    assert told == {"file": str(out), "name": "mnist", "images": images, "bytes": out.stat().st_size}
    again = ask("import", str(out), "--name", "again", "--json").json
    assert again["train"] + again["test"] == images
    assert ask("data", "--out", str(out), *options).out == f"{images} digits of mnist written to {out}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("data", "--source", "nowhere"), "There is nothing at "),
        (("data", "--source", "no\nwhere"), "no where"),
        (("data", "--colour"), "unrecognized arguments: --colour"),
        (("data", "--data", "emnist"), "There is no data set 'emnist'; allowed are mnist, generated and optdigits"),
        (("data", "--out", "a.csv"), "would hold two splits; a CSV file holds one."),
        (("data", "--out", "a.txt"), "ends in '.txt'; allowed are .csv"),
        (("data", "--out", "no/a.zip"), "cannot be written"),
        (("data", "--delete", "mnist"), "There is no data set 'mnist' to delete"),
        (("import", "nowhere", "--name", "a"), "There is nothing at nowhere"),
        (
            ("import", "notes.txt", "--name", "a"),
            "notes.txt (no known format, 9 bytes that begin with 'no digits') is no set of digits",
        ),
        (("import", "notes.txt"), "The set has no name yet; allowed are 1 to 40 of"),
        (("import", "notes.txt", "--name", ""), "The name '' cannot be used"),
        (("import", "notes.txt", "--name", "mnist"), "There is already a data set 'mnist'"),
        (("import", "notes.txt", "--name", "A b"), "Try 'a-b'"),
        (("import", "notes.txt", "--stage"), "is no set of digits"),
        (("import", "notes.txt", "--fit", "tight"), "argument --fit: invalid choice: 'tight'"),
        (("import",), "the following arguments are required: FILE_OR_FOLDER"),
        (("generate", "--count", "0", "--seed", "0", "--out", "out.npz"), "The count is 0; allowed is 1 to 1,000,000"),
        (("generate", "--count", "10", "--seed", "-1", "--out", "out.npz"), "The seed is -1; allowed is 0 or more"),
        (("generate", "--count", "ten", "--seed", "0", "--out", "o.npz"), "argument --count: invalid int value: 'ten'"),
        (("generate", "--count", "1", "--seed", "0", "--out", "no/o.npz"), "no/o.npz cannot be written"),
        (("generate", "--count", "1"), "the following arguments are required: --seed"),
    ],
    ids=lambda part: " ".join(part)[:40] if isinstance(part, tuple) else "",
)
@with_data
def test_what_cannot_be_done_is_refused_in_one_line_and_leaves_nothing(
    ask: Ask,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("no digits")
    assert words in ask(*arguments).refusal
    assert named_sets.names(settings) == ()
    assert {path.name for path in tmp_path.iterdir()} <= {"notes.txt", "home"}


def test_an_interruption_ends_a_command_without_a_traceback(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(data, "open_dataset", interrupted)
    answer = ask("data")
    assert (answer.status, answer.err) == (130, "mnist_dash: interrupted\n")
