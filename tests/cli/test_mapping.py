"""The command that draws the map: a file whole or none, progress for a page, refusals before the work."""

from pathlib import Path

import numpy as np
import pytest

from mnist_dash.analysis.embedding import Plan, draw, from_npz, key_of
from mnist_dash.cli import terminal
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.methods.spec import RunSpec
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask
from tests.trained import trained

pytestmark = pytest.mark.usefixtures("with_data")


def test_a_map_is_written_as_lines(ask: Ask, tmp_path: Path) -> None:
    out = tmp_path / "map.csv"
    answer = ask("map", "--method", "pca", "--out", str(out))
    assert answer.out.startswith(f"A map of 700 digits was written to {out}; its axes show ")
    assert answer.out.endswith(" % of the variance\n")
    lines = out.read_text().splitlines()
    assert (lines[0], len(lines)) == ("index,split,label,x,y", 701)


@pytest.mark.slow
def test_what_was_drawn_is_told_as_json(ask: Ask, tmp_path: Path, with_data: Settings) -> None:
    out = tmp_path / "map.npz"
    told = ask("map", "--count", "150", "--perplexity", "12", "--seed", "4", "--out", str(out), "--json").json
    plan, dataset = Plan(count=150, seed=4, perplexity=12), open_dataset(with_data)
    assert told.pop("seconds") > 0
    assert told == {
        **{"file": str(out), "data": "mnist", "of": "pixels", "method": "tsne", "images": 150, "seed": 4},
        **{"perplexity": 12, "key": key_of(dataset, None, plan)},
    }
    drawn = from_npz(out.read_bytes())
    assert drawn is not None
    assert np.array_equal(drawn.points, draw(dataset, plan).points)


def test_a_page_reads_how_far_it_is_and_the_result(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_data: Settings
) -> None:
    open_dataset(with_data)
    monkeypatch.setattr(terminal, "OFTEN", 0)
    out = tmp_path / "map.npz"
    answer = ask("map", "--of", "cnn", "--count", "120", "--out", str(out), "--progress")
    *told, end = answer.lines
    shares = [line["share"] for line in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    stages = {"Asking the network", "Finding each digit's neighbours", "Arranging the digits"}
    assert {line["text"] for line in told} == stages
    assert end["result"]["file"] == str(out)
    assert end["result"]["of"] == "cnn"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--out", "map.txt"), "to be written to 'map.txt'; allowed are .csv and .npz files."),
        (("--out", "nowhere/map.csv"), "There is no folder nowhere. Make it, or name a file in another one."),
        (("--out", "map.csv", "--count", "0"), "to show 0 images; allowed are 100 to 10,000."),
        (("--out", "map.csv", "--count", "800"), "has 700 images; a map of 800 was asked for. Ask for fewer."),
        (("--out", "map.csv", "--count", "many"), "argument --count: invalid int value: 'many'"),
        (("--out", "map.csv", "--perplexity", "500"), "The perplexity is 500; allowed for 700 images is 2 to 233."),
        (("--out", "map.csv", "--seed", "-1"), "The seed is -1; allowed is "),
        (("--out", "map.csv", "--of", "resnet"), "'resnet' is no model; allowed are "),
        (("--out", "map.csv", "--of", "7"), "There is no run 7."),
        (("--out", "map.csv", "--method", "umap"), "argument --method: invalid choice: 'umap'"),
        (("--out", "map.csv", "--data", "emnist"), "There is no data set 'emnist'"),
    ],
)
def test_a_wrong_argument_is_refused_and_leaves_no_file(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert words in ask("map", *arguments).refusal
    assert not list(tmp_path.glob("map*"))


def test_a_run_that_guesses_has_no_map_of_features(ask: Ask, database: Database, tmp_path: Path) -> None:
    run = trained(database, RunSpec.of("random", "mnist"), scores=())
    assert "guesses and has no features" in ask("map", "--of", str(run.id), "--out", str(tmp_path / "map.csv")).refusal


def test_a_file_that_is_there_stays_whole_where_the_new_one_fails(ask: Ask, tmp_path: Path) -> None:
    out = tmp_path / "map.csv"
    out.mkdir()
    assert "cannot be written" in ask("map", "--method", "pca", "--out", str(out)).refusal
    assert list(tmp_path.glob("*map*")) == [out]
