"""`own --handwriting` tells how a set is written, and refuses what tells nothing."""

from pathlib import Path

import pytest

from mnist_dash.data.generator.parameters import parse_handwriting
from mnist_dash.data.generator.writers import write
from mnist_dash.data.io.pen_strokes import StrokeFormat, write_strokes
from mnist_dash.own_digits.collection import save
from mnist_dash.own_digits.records import label_digit
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask
from tests.drawn import SEVEN, an_answer, drawing, sketch


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Digits of writers who are named stand for MNIST."""
    path = tmp_path / "people.jsonl"
    with path.open("wb") as stream:
        write_strokes(stream, write(280, 3, parse_handwriting({"digits_each": "40"})), StrokeFormat.LINES)
    monkeypatch.setenv("MNIST_DASH_DATA", str(path))


def keep(database: Database, digits: int) -> None:
    """Keep so many 7s."""
    for place in range(digits):
        points = [(x + place, y) for x, y in SEVEN]
        save(database, label_digit(sketch(points), 7, an_answer(), drawing(points)))


@pytest.mark.usefixtures("people")
def test_the_hand_the_nearest_and_the_unusual_are_told(ask: Ask, database: Database) -> None:
    keep(database, 12)
    found = ask("own", "--handwriting", "--json").json
    assert (found["digits"], found["writers"]) == (12, 6)
    assert list(found["measures"]) == ["ink", "slant", "thickness", "height", "aspect"]
    assert len(found["nearest"]) == 6
    likeness = [each["likeness"] for each in found["nearest"]]
    assert likeness == sorted(likeness, reverse=True)
    assert {each["label"] for each in found["unusual"]} == {7}
    told = ask("own", "--handwriting").out.splitlines()
    assert told[0].startswith("12 own digits among 6 writers. These digits ")
    assert told[6].startswith(f"Nearest, with their likeness: {found['nearest'][0]['writer']} ")
    assert told[7].startswith(f"Digit {found['unusual'][0]['digit']}, a 7: More unusual than ")


def test_a_small_set_is_refused(ask: Ask, database: Database) -> None:
    keep(database, 9)
    assert (
        "There are 9 own digits with a label in this set; a hand shows from 10 on."
        in ask("own", "--handwriting").refusal
    )


def test_where_writers_are_unknown_it_is_refused(ask: Ask, database: Database, with_data: Settings) -> None:
    keep(database, 10)
    assert with_data.data
    assert "Who wrote the images of mnist is not known." in ask("own", "--handwriting").refusal


def test_it_is_told_or_written_but_not_both(ask: Ask) -> None:
    assert "not allowed with argument" in ask("own", "--handwriting", "--out", "mine.npz").err
