"""The command `own` counts the own digits and writes them."""

import json
import zipfile
from pathlib import Path

from mnist_dash.own_digits.collection import save
from mnist_dash.own_digits.records import label_digit
from mnist_dash.own_digits.sets import make_own_set
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask
from tests.drawn import ONE, SEVEN, an_answer, drawing, sketch


def test_none_are_counted_as_none(ask: Ask) -> None:
    assert ask("own", "--json").json == {"own_digits": 0, "labels": {}, "no_digit": 0}
    assert ask("own").out == "0 own digits, 0 of them no digit\n"


def test_they_are_counted_by_label_and_written(ask: Ask, database: Database, tmp_path: Path) -> None:
    save(database, label_digit(sketch(SEVEN), 7, an_answer(), drawing(SEVEN)))
    save(database, label_digit(sketch(ONE), None, an_answer(), drawing(ONE)))
    file = tmp_path / "mine.json"
    expected = {"own_digits": 2, "labels": {"7": 1}, "no_digit": 1, "file": str(file)}
    assert ask("own", "--out", str(file), "--json").json == expected
    assert [digit["label"] for digit in json.loads(file.read_text("utf-8"))] == [7, None]
    assert ask("own").out == "2 own digits, 1 of them no digit\n7: 1\n"


def test_a_file_of_another_kind_is_refused(ask: Ask, tmp_path: Path) -> None:
    assert "allowed are .npz, .csv, .json" in ask("own", "--out", str(tmp_path / "mine.png")).refusal


def test_sets_are_listed_and_one_is_counted_and_written(ask: Ask, database: Database, tmp_path: Path) -> None:
    made = make_own_set(database, "mine", "Ada")
    save(database, label_digit(sketch(SEVEN), 7, an_answer(), drawing(SEVEN)), made.key)
    assert ask("own", "--sets", "--json").lines == [
        {"name": "own-digits", "owner": "", "own_digits": 0},
        {"name": "mine", "owner": "Ada", "own_digits": 1},
    ]
    assert ask("own", "--sets").out == "own-digits: 0\nmine: 1, of Ada\n"
    assert ask("own", "--set", "mine").out == "1 own digits, 0 of them no digit\n7: 1\n"
    assert ask("own").out == "0 own digits, 0 of them no digit\n"
    ask("own", "--set", "mine", "--out", str(tmp_path / "mine.zip"))
    assert zipfile.ZipFile(tmp_path / "mine.zip").namelist() == ["7/0.png"]


def test_a_set_that_is_not_there_is_refused_with_those_that_are(ask: Ask) -> None:
    assert "There is no set of own digits 'mine'; there are own-digits." in ask("own", "--set", "mine").refusal
