"""`stress`: how much models read at every level, as a table, as JSON and as a file."""

from pathlib import Path

import pytest

from mnist_dash.analysis.nudges import find_directions, read_directions
from mnist_dash.analysis.robustness import read_robustness
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.data.stress.stresses import draw_digits
from mnist_dash.models.bundled import load_bundled
from mnist_dash.settings import Settings
from tests.cli.conftest import Ask

pytestmark = pytest.mark.usefixtures("with_data")


def test_a_table_has_a_row_for_each_model_and_a_column_for_each_level(ask: Ask) -> None:
    lines = ask("stress", "reader", "cnn", "--kind", "blur", "--count", "50").out.splitlines()
    assert lines[0] == "Blur (pixels): of 50 test digits are read right"
    assert lines[1].split() == ["model", "0", "0.75", "1.5", "2.5", "3.25", "4"]
    assert [line.split()[0] for line in lines[2:]] == ["reader", "cnn"]
    assert all(line.count("%") == 6 for line in lines[2:])


def test_it_is_json_and_a_file_too(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "found.npz"
    told = ask("stress", "cnn", "--kind", "mnist_c_stripe", "--count", "40", "--out", str(file), "--json").json
    assert (told["model"], told["kind"], told["images"], told["levels"]) == ("cnn", "mnist_c_stripe", 40, [0, 1])
    found = read_robustness(file.read_bytes())
    assert found
    assert told["accuracy"] == [round(right / 40, 6) for right in found.right[0].tolist()]


def test_directions_of_a_nudge_are_written_and_told(ask: Ask, tmp_path: Path, with_data: Settings) -> None:
    file = tmp_path / "found.npz"
    told = ask("nudge", "cnn", "--count", "4", "--out", str(file), "--json").json
    assert told.pop("data")
    assert told == {"model": "cnn", "images": 4, "seed": 0, "file": str(file)}
    digits = draw_digits(open_dataset(with_data).test, 4)
    found = read_directions(file.read_bytes())
    assert found is not None
    assert (found == find_directions(load_bundled("cnn"), digits)).all()


def test_a_nudge_is_aimed_at_each_model_and_told_like_any_stress(ask: Ask) -> None:
    lines = ask("stress", "cnn", "--kind", "nudge", "--count", "6").out.splitlines()
    assert lines[0] == "Nudge, adversarial (of full ink): of 6 test digits are read right"
    assert lines[1].split() == ["model", "0", "0.1", "0.2", "0.3", "0.4", "0.5"]


@pytest.mark.parametrize("words", [("cnn", "--count", "0"), ("cnn", "--seed", "-1"), ("nobody",)])
def test_a_nudge_that_cannot_be_found_leaves_no_file(ask: Ask, tmp_path: Path, words: tuple[str, ...]) -> None:
    assert ask("nudge", *words, "--out", str(tmp_path / "found.npz")).refusal
    assert not list(tmp_path.glob("found*"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody", "--kind", "blur"), "'nobody' is no model; allowed are"),
        (("cnn", "--kind", "blur", "--count", "0"), "The count is 0; allowed is 1 or more."),
        (("cnn", "--kind", "blur", "--seed", "-1"), "The seed is -1; allowed is 0 or more."),
        (("cnn", "--kind", "blur", "--out", "a.csv"), "'a.csv'; allowed is a .npz file"),
        (("cnn", "--kind", "blur", "--data", "gone"), "gone"),
    ],
)
def test_bad_questions_are_refused_in_a_line(ask: Ask, words: tuple[str, ...], said: str) -> None:
    assert said in ask("stress", *words).refusal
