"""`elsewhere`: every set that people wrote, with intervals and digit by digit; answers are kept for the page."""

import csv
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.analysis.answers import read_answers
from mnist_dash.data.checksums import checksums
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.data.store.results import ResultKind
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import load_bundled, read_bundled_file
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask
from tests.trained import trained

pytestmark = pytest.mark.usefixtures("with_data")


@pytest.fixture
def sets(with_data: Settings) -> Settings:
    """A set that has no test images, and one that has those of MNIST."""
    mnist = open_dataset(with_data)
    none = mnist.test.take(slice(0))
    all_training = Dataset("people", mnist.train, none, "people", sha256=checksums(mnist.train, none))
    named_sets.save(with_data, "people", all_training)
    named_sets.save(with_data, "again", mnist)
    return with_data


def test_all_that_people_wrote_is_read_by_every_model(ask: Ask, sets: Settings) -> None:
    lines = ask("elsewhere", "cnn", "reader", "--json").lines
    assert [(line["model"], line["data"], line["split"], line["images"]) for line in lines] == [
        (model, *row)
        for model in ("cnn", "reader")
        for row in (("mnist", "test", 200), ("optdigits", "test", 1_797), ("people", "train", 500))
    ]
    assert not any(line["learnt_from"] for line in lines)
    test = open_dataset(sets, "optdigits").test
    right = load_bundled("cnn").probabilities(test.images).argmax(axis=1) == test.labels
    of_optdigits = lines[1]
    assert of_optdigits["accuracy"] == right.mean()
    ones = of_optdigits["digits"][1]
    assert (ones["digit"], ones["images"], ones["right"]) == (1, 182, int(right[test.labels == 1].sum()))
    assert ones["interval"][0] < ones["right"] / 182 < ones["interval"][1]


def test_answers_are_kept_and_asked_for_once(ask: Ask, sets: Settings) -> None:
    first = ask("elsewhere", "cnn", "--data", "people", "--json").out
    (kept,) = (sets.home / ResultKind.ANSWERS).iterdir()
    answers = read_answers(kept.read_bytes())
    assert answers is not None
    wrong = np.roll(answers.probabilities, 1, axis=1)
    np.savez(kept, probabilities=wrong, labels=answers.labels, index=answers.index)
    assert ask("elsewhere", "cnn", "--data", "people", "--json").json["accuracy"] < 0.2
    kept.write_bytes(b"damaged")
    assert ask("elsewhere", "cnn", "--data", "people", "--json").out == first


@pytest.mark.usefixtures("sets")
def test_what_a_run_has_learnt_from_is_said(ask: Ask, database: Database) -> None:
    spec = RunSpec.of("cnn", "people", validation_split=0.2)
    run = str(trained(database, spec, litert=read_bundled_file("cnn")).id)
    lines = ask("elsewhere", run, "--json").lines
    assert {line["data"]: line["learnt_from"] for line in lines} == {"mnist": False, "optdigits": False, "people": True}
    assert ", learnt from these" in ask("elsewhere", run, "--data", "people").out
    assert "people: 500 images, all of them: none are for testing" in ask("elsewhere", run, "--data", "people").out


def test_a_file_is_asked_too_and_nothing_of_it_is_kept(ask: Ask, sets: Settings, tmp_path: Path) -> None:
    (tmp_path / "mine.tflite").write_bytes(read_bundled_file("cnn"))
    found = ask("elsewhere", str(tmp_path / "mine.tflite"), "--data", "people", "--json").json
    assert found["accuracy"] > 0.5
    assert not (sets.home / ResultKind.ANSWERS).exists()


@pytest.mark.usefixtures("sets")
def test_the_figures_are_written_as_a_table(ask: Ask, tmp_path: Path) -> None:
    out = tmp_path / "elsewhere.csv"
    assert ask("elsewhere", "cnn", "--data", "mnist", "--data", "people", "--out", str(out)).status == 0
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert {row["data"] for row in rows} == {"mnist", "people"}
    assert [row["digit"] for row in rows[:11]] == ["all", *map(str, range(10))]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("cnn", "--data", "nowhere"), "There is no data set 'nowhere'"),
        (("resnet",), "'resnet' is no model; allowed are "),
        (("cnn", "--out", "figures.npz"), "The figures were to be written to 'figures.npz'; allowed is a .csv file."),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(ask: Ask, arguments: tuple[str, ...], words: str) -> None:
    assert words in ask("elsewhere", *arguments).refusal


def test_progress_is_told_to_the_page_that_waits(ask: Ask) -> None:
    lines = ask("elsewhere", "cnn", "--data", "optdigits", "--progress").lines
    assert lines[-1] == {"result": {"sets": 1}}
    assert lines[-2]["share"] == 1
    assert lines[-2]["text"] == "cnn reads 1,797 images of optdigits"
