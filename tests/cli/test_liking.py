"""The command that finds the digits that a model likes best: a file whole or none, and refusals before the work."""

from pathlib import Path

import numpy as np
import pytest

from mnist_dash.analysis.favourites import read_favourites
from mnist_dash.cli import liking
from mnist_dash.methods.spec import RunSpec
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask
from tests.trained import trained

pytestmark = pytest.mark.usefixtures("with_data")


@pytest.mark.slow
def test_they_are_written_and_told(ask: Ask, tmp_path: Path) -> None:
    out = tmp_path / "best.npz"
    told = ask("favourites", "cnn", "--out", str(out), "--json").json
    found = read_favourites(out.read_bytes())
    assert found is not None
    np.testing.assert_allclose(told.pop("sure"), found.probabilities.diagonal())
    assert told == {"model": "cnn", "file": str(out)}


@pytest.mark.parametrize(
    ("model", "out", "words"),
    [("cnn", "best.png", "allowed is a .npz file"), ("resnet", "best.npz", "'resnet' is no model; allowed are")],
)
def test_what_cannot_be_done_is_refused(ask: Ask, tmp_path: Path, model: str, out: str, words: str) -> None:
    assert words in ask("favourites", model, "--out", str(tmp_path / out)).refusal
    assert not list(tmp_path.glob("best*"))


def test_who_guesses_likes_none(ask: Ask, tmp_path: Path, database: Database) -> None:
    run = trained(database, RunSpec.of("random", "mnist"), scores=())
    assert "likes no digit best" in ask("favourites", str(run.id), "--out", str(tmp_path / "best.npz")).refusal


def test_a_folder_that_is_not_there_is_named(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liking, "find_favourites", pytest.fail)
    out = tmp_path / "nowhere" / "best.npz"
    assert "There is no folder" in ask("favourites", "cnn", "--out", str(out)).refusal
