"""Sets without some digit, of one digit alone, or without test images: commands do what can be done, or say why not."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_dash.data.dataset import Dataset
from mnist_dash.data.io.export import FileFormat
from mnist_dash.data.present_digits import NO_TEST
from mnist_dash.data.store.named_sets import open_set
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask
from tests.data.partial_sets import DIGITS, WORDS, save_partial_set

SETS = pytest.mark.parametrize("name", DIGITS)
LEARNABLE = ("sudoku", "learnt-whole")


@SETS
def test_it_is_summarised_in_words(ask: Ask, settings: Settings, name: str) -> None:
    save_partial_set(settings, name)
    assert WORDS[name] in ask("data", "--data", name).out.splitlines()


@SETS
@pytest.mark.parametrize("ending", [FileFormat.NPZ, FileFormat.PICTURES, FileFormat.IDX])
def test_it_is_written_and_read_back(ask: Ask, settings: Settings, tmp_path: Path, name: str, ending: str) -> None:
    data, out = save_partial_set(settings, name), tmp_path / f"a{ending}"
    assert ask("data", "--data", name, "--out", str(out), "--json").json["images"] == len(data.train) + len(data.test)
    holdout = "auto" if data.test else "none"
    told = ask("import", str(out), "--name", "again", "--holdout", holdout, "--json").json
    assert (told["train"], told["test"]) == (len(data.train), len(data.test))
    again = open_set(settings, "again")
    assert np.array_equal(np.sort(again.train.labels), np.sort(data.train.labels))
    assert np.array_equal(np.sort(again.test.labels), np.sort(data.test.labels))


def test_without_test_images_a_file_of_one_split_needs_no_choice(ask: Ask, settings: Settings, tmp_path: Path) -> None:
    data, out = save_partial_set(settings, "learnt-whole"), tmp_path / "a.csv"
    assert ask("data", "--data", data.name, "--out", str(out), "--json").json["images"] == 900
    refused = ask("data", "--data", data.name, "--split", "test", "--out", str(tmp_path / "b.csv")).refusal
    assert refused == "learnt-whole has no test images to write. Write its training images: --split train."
    assert not (tmp_path / "b.csv").exists()


@SETS
def test_models_are_asked_about_it(ask: Ask, settings: Settings, tmp_path: Path, name: str) -> None:
    data = save_partial_set(settings, name)
    if not data.test:
        refused = ask("evaluate", "cnn", "--data", name).refusal
        assert refused == f"{name} cannot be tested on. {NO_TEST} Choose a set with test images."
    else:
        told = ask("evaluate", "cnn", "--data", name, "--json").json
        assert told["images"] == len(data.test)
        there = [row["digit"] for row in told["per_class"] if row["images"]]
        assert there == list(DIGITS[name][1])
        assert ask("evaluate", "cnn", "--data", name).status == 0
    Image.fromarray(255 - data.train.images[0]).save(tmp_path / "a.png")
    assert ask("predict", str(tmp_path / "a.png"), "--json").json["file"] == str(tmp_path / "a.png")
    assert ask("data", "--data", name, "--split", "train", "--out", str(tmp_path / "a.csv")).status == 0
    assert len(ask("predict", str(tmp_path / "a.csv"), "--json").lines) == len(data.train)


@SETS
@pytest.mark.parametrize("of", ["pixels", "cnn"])
def test_its_map_is_drawn_where_it_has_images_enough(
    ask: Ask, settings: Settings, tmp_path: Path, name: str, of: str
) -> None:
    data, out = save_partial_set(settings, name), tmp_path / "map.csv"
    there = len(data.train) + len(data.test)
    words = ("map", "--data", name, "--of", of, "--method", "pca", "--out", str(out))
    if there < 100:
        assert f"The map is to show {there} images; allowed are 100 to 10,000." in ask(*words).refusal
        return
    assert ask(*words, "--json").json["images"] == there
    rows = [line.split(",") for line in out.read_text("utf-8").splitlines()[1:]]
    splits = {split: sum(row[1] == split for row in rows) for split in ("train", "test")}
    assert splits == {"train": len(data.train), "test": len(data.test)}


@pytest.mark.usefixtures("detached")
@pytest.mark.parametrize("name", ["one", "learnt-whole"])
def test_guessing_is_scored_where_there_are_test_images(
    ask: Ask, settings: Settings, database: Database, name: str
) -> None:
    data = save_partial_set(settings, name)
    told = ask("train", "random", "--data", name, "--json").json
    assert (told["state"], told["train_images"] > 0) == ("done", True)
    _check_score(data, database, told)


def _check_score(data: Dataset, database: Database, told: dict[str, object]) -> None:
    score = run_of(database, 1).score
    if data.test:
        assert score is not None
        assert (score.images, told["test_accuracy"], told["reason"]) == (len(data.test), score.accuracy, None)
    else:
        assert (score, told["test_accuracy"], told["test_interval"]) == (None, None, None)
        assert told["reason"] == NO_TEST


@pytest.mark.training
@pytest.mark.usefixtures("detached")
@pytest.mark.parametrize("name", LEARNABLE)
def test_a_network_learns_from_it_answers_and_is_exported(
    ask: Ask, settings: Settings, database: Database, tmp_path: Path, name: str
) -> None:
    data = save_partial_set(settings, name)
    words = ("--epochs", "1", "--hyperparameter", "batch_size=32")
    told = ask("train", "dense_128", "--data", name, *words, "--json").json
    assert (told["state"], told["epoch"]) == ("done", 1)
    _check_score(data, database, told)
    for form in ("keras", "litert", "csv", "script"):
        assert ask("export", "1", "--format", form, "--out", str(tmp_path / form), "--json").json["bytes"] > 0
    assert len(ask("predict", str(_written(data, tmp_path)), "--model", "1", "--as-is", "--json").lines) == 1
    assert ask("map", "--data", name, "--of", "1", "--method", "pca", "--out", str(tmp_path / "m.csv")).status == 0


def _written(data: Dataset, folder: Path) -> Path:
    Image.fromarray(data.train.images[0]).save(folder / "a.png")
    return folder / "a.png"


@pytest.mark.training
@pytest.mark.usefixtures("detached")
@pytest.mark.parametrize("name", LEARNABLE)
def test_its_labels_are_audited(ask: Ask, settings: Settings, name: str) -> None:
    data = save_partial_set(settings, name)
    words = ("audit", "dense_128", "--folds", "2", "--epochs", "1", "--data", name)
    answer = ask(*words)
    assert answer.status == 0
    assert f"of {len(data.train):,} labels of the train images are doubted" in answer.out
    assert ("labels of the test images" in answer.out) is bool(data.test)
    assert (NO_TEST in answer.out.splitlines()) is not bool(data.test)


@pytest.mark.parametrize("name", ["one", "zeros"])
def test_of_one_digit_alone_nothing_is_learnt_or_audited_and_it_is_said_why(
    ask: Ask, settings: Settings, database: Database, name: str
) -> None:
    save_partial_set(settings, name)
    assert "needed are two different ones at least" in ask("train", "cnn", "--data", name).refusal
    assert "a data set with two different digits at least" in ask("audit", "--data", name).refusal
    assert runs_of(database) == []
