"""`vote`: several models answer as one, and are listed and deleted among the models."""

from pathlib import Path

import pytest
from PIL import Image

from mnist_dash.data.dataset import Digits
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import read_bundled_file
from mnist_dash.runs import housekeeping
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask
from tests.trained import trained

pytestmark = pytest.mark.usefixtures("with_data")


def test_models_vote_and_the_vote_is_asked_listed_and_deleted(
    ask: Ask, database: Database, small: Digits, tmp_path: Path
) -> None:
    trained(database, RunSpec.of("cnn", "mnist"), litert=read_bundled_file("cnn"))
    assert ask("vote", "both", "reader", "1").out == "both: a vote of reader and run 1.\n"
    picture = tmp_path / "digit.png"
    Image.fromarray(small.images[0]).save(picture)
    assert ask("predict", str(picture), "--as-is", "--model", "both", "--json").json["file"] == str(picture)
    assert ask("evaluate", "both", "--json").json["accuracy"] > 0.8
    assert ask("evaluate", "reader", "--against", "both").status == 0
    assert ask("models", "--json").lines == [{"model": "both", "members": ["reader", "1"], "missing": []}]
    assert ask("models").out == "both: a vote of reader and run 1.\n"
    housekeeping.delete(database, [1])
    assert ask("models").out.endswith("`models --delete both` removes it.\n")
    assert ask("evaluate", "both").refusal.startswith("The vote both lacks run 1, deleted since.")
    assert ask("models", "--delete", "both").out == "both deleted\n"
    assert "No models by others yet" in ask("models").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("reader", "reader", "cnn"), "There is already a model 'reader'"),
        (("both", "reader"), "1 models are to vote; allowed are 2 to 9"),
        (("both", "reader", "reader"), "One model would vote twice"),
        (("both", "reader", "model.tflite"), "There is no imported model 'model.tflite' any more"),
        (("both", "reader", "7"), "There is no run 7"),
    ],
)
def test_what_cannot_vote_is_refused_in_one_line(ask: Ask, arguments: tuple[str, ...], words: str) -> None:
    assert ask("vote", *arguments).refusal.startswith(words)
    assert "No models by others yet" in ask("models").out


def test_a_vote_is_exported_as_no_file(ask: Ask, tmp_path: Path) -> None:
    ask("vote", "both", "reader", "cnn")
    refusal = ask("export", "both", "--format", "litert", "--out", str(tmp_path / "both.tflite")).refusal
    assert refusal.startswith("both is a vote and has neither a file nor layers of its own.")
    assert ask("map", "--of", "both", "--out", str(tmp_path / "map.csv")).refusal.startswith("both is a vote")
