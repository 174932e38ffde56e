"""`evaluate`: figures of any part, another model on the same images, and the answers as a file."""

import re
from pathlib import Path

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pytest
from sklearn.metrics import log_loss  # type: ignore[import-untyped]

from mnist_dash.analysis.answers import read_answers
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import load_bundled, read_bundled_file
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask
from tests.trained import trained

pytestmark = pytest.mark.usefixtures("with_data")
FIGURES = {"images", "accuracy", "interval", "per_class", "confusion", "reliability"}
FIGURES |= {"loss", "top2", "calibration_error"}


@pytest.fixture
def guess(database: Database) -> str:
    """The number of a finished run that guesses."""
    return str(trained(database, RunSpec.of("random", "mnist"), scores=()).id)


def test_an_evaluation_has_every_figure(ask: Ask) -> None:
    result = ask("evaluate", "cnn", "--json").json
    assert {"model", "data", "split", "corrected", *FIGURES} == set(result)
    assert (result["model"], result["data"], result["images"], result["split"]) == ("cnn", "mnist", 200, "test")
    assert result["corrected"] is None  # these are generated digits, whose labels nobody has corrected
    low, high = result["interval"]
    assert 0.5 < low < result["accuracy"] < high <= 1
    assert np.shape(result["confusion"]) == (10, 10)
    assert np.trace(result["confusion"]) == round(result["accuracy"] * 200)
    assert [row["digit"] for row in result["per_class"]] == list(range(10))
    assert {"digit", "images", "precision", "recall", "f1"} == set(result["per_class"][0])


def test_the_loss_is_scikit_learns(ask: Ask, with_data: Settings) -> None:
    test = open_dataset(with_data).test
    shares = load_bundled("cnn").probabilities(test.images).astype(np.float64)
    expected = log_loss(test.labels, shares / shares.sum(axis=1, keepdims=True), labels=list(range(10)))
    assert ask("evaluate", "cnn", "--json").json["loss"] == pytest.approx(expected, abs=1e-6)


def test_an_evaluation_is_a_table_for_people(ask: Ask, guess: str) -> None:
    lines = ask("evaluate", guess).out.splitlines()
    assert re.fullmatch(rf"{guess} on mnist: \d+\.\d\d\s?% of 200 test images right", lines[0])
    assert re.fullmatch(r"95 % interval .+ to .+", lines[1])
    assert re.fullmatch(r"loss \d\.\d{4}, right among its two likeliest .+ %, certainty off by .+ %", lines[2])
    assert lines[3].split() == ["digit", "images", "precision", "recall", "f1"]
    assert [int(line.split()[0]) for line in lines[4:]] == list(range(10))


def test_a_run_is_asked_about_what_it_learnt_from_and_what_it_held_out(
    ask: Ask, database: Database, with_data: Settings
) -> None:
    spec = RunSpec.of("cnn", "mnist", validation_split=0.2)
    run = str(trained(database, spec, litert=read_bundled_file("cnn")).id)
    learnt, held_out = spec.split(len(open_dataset(with_data).train))
    for split, images in (("train", learnt), ("validation", held_out), ("test", 200)):
        result = ask("evaluate", run, "--split", split, "--json").json
        assert (result["split"], result["images"]) == (split, images)
    # A bundled model has held out nothing of these.
    assert (
        "has no validation images for this model; allowed are test, train."
        in ask("evaluate", "cnn", "--split", "validation").refusal
    )


def test_another_model_answers_to_the_same_images(ask: Ask, guess: str, database: Database) -> None:
    result = ask("evaluate", "reader", "--against", guess, "--json").json
    assert sum(result[name] for name in ("both", "first", "second", "neither")) == 200
    assert result["both"] + result["first"] == round(200 * result["accuracy"])
    assert result["p"] < 1e-9
    assert (
        ask("evaluate", "reader", "--against", guess)
        .out.splitlines()[-1]
        .startswith(f"reader reads {result['first']} images right that {guess} does not")
    )
    run = str(trained(database, RunSpec.of("cnn", "mnist", validation_split=0.2), litert=read_bundled_file("cnn")).id)
    held_out = ask("evaluate", run, "--split", "validation", "--against", "cnn", "--json").json
    assert (held_out["first"], held_out["second"]) == (0, 0)
    assert held_out["both"] + held_out["neither"] == held_out["images"]


def test_the_answers_are_written_as_a_table_or_as_arrays(ask: Ask, tmp_path: Path) -> None:
    table, arrays = tmp_path / "answers.csv", tmp_path / "answers.npz"
    right = round(200 * ask("evaluate", "cnn", "--out", str(table), "--json").json["accuracy"])
    read = pd.read_csv(table)
    assert len(read) == 200
    assert (read["label"] == read["answer"]).sum() == right
    assert ask("evaluate", "cnn", "--out", str(arrays)).status == 0
    found = read_answers(arrays.read_bytes())
    assert found
    assert (found.probabilities.argmax(axis=1) == found.labels).sum() == right


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--out", "answers.xlsx"), "'answers.xlsx'; allowed are .csv and .npz files."),
        (("--out", "nowhere/answers.csv"), "There is no folder nowhere."),
        (("--split", "training"), "invalid choice: 'training'"),
        (("--against", "resnet"), "'resnet' is no model; allowed are "),
        (("--divided-by", "7"), "There is no run 7."),
    ],
)
def test_what_cannot_be_evaluated_is_refused_in_one_line(ask: Ask, arguments: tuple[str, ...], words: str) -> None:
    assert words in ask("evaluate", "cnn", *arguments).refusal


def test_progress_is_told_to_the_page_that_waits(ask: Ask, tmp_path: Path) -> None:
    lines = ask("evaluate", "cnn", "--out", str(tmp_path / "answers.npz"), "--progress").lines
    assert lines[-1] == {"result": {"images": 200}}
    assert lines[-2]["share"] == 1
