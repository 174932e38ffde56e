"""Own digits are downloaded as arrays, rows, or JSON with everything."""

import base64
import io
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_dash.data.io.discovery import Holdout
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.sources import ReadingOptions
from mnist_dash.errors import DataError
from mnist_dash.own_digits.collection import digits_of, save
from mnist_dash.own_digits.export import OwnDigitFormat, write, write_content
from mnist_dash.own_digits.records import label_digit
from mnist_dash.sketch.traces import Trace
from mnist_dash.store.database import Database
from tests.drawn import ONE, SEVEN, Points, an_answer, drawing, sketch

pytestmark = pytest.mark.both_databases


@pytest.fixture
def kept(database: Database) -> Database:
    """A database with a 7, a 1 and something that is no digit."""
    save(database, label_digit(sketch(SEVEN), 7, an_answer(7, "3:best", 3, 2), drawing(SEVEN)))
    save(database, label_digit(sketch(ONE), 1, an_answer(7)))
    save(database, label_digit(sketch(ONE, SEVEN), None, an_answer(8), drawing(ONE, SEVEN)))
    return database


def test_json_holds_everything(kept: Database) -> None:
    seven, one, none = json.loads(write_content(kept, OwnDigitFormat.JSON))
    assert [digit["label"] for digit in (seven, one, none)] == [7, 1, None]
    assert seven["model"] == {"name": "3:best", "title": "Model 3:best", "run": 3, "epoch": 2}
    assert (seven["read"], one["read"], one["source"], one["strokes"]) == (7, 7, "photo", None)
    assert seven["strokes"]["strokes"][0]["points"] == [[*point] for point in SEVEN]
    ink = np.asarray(Image.open(io.BytesIO(base64.b64decode(seven["ink_png"]))))
    assert np.array_equal(ink, sketch(SEVEN).ink)
    assert np.array_equal(np.array(seven["image"], np.uint8), sketch(SEVEN).image)
    assert sum(seven["probabilities"]) == pytest.approx(1)


def test_arrays_hold_images_and_labels(kept: Database) -> None:
    arrays = np.load(io.BytesIO(write_content(kept, OwnDigitFormat.NPZ)), allow_pickle=False)
    assert arrays["y_train"].tolist() == [7, 1]
    assert np.array_equal(arrays["x_train"][0], sketch(SEVEN).image)


def test_rows_can_be_imported_again(database: Database, tmp_path: Path) -> None:
    for place in range(7):
        points = [(x + place, y) for x, y in SEVEN]
        save(database, label_digit(sketch(points), 7, an_answer(), drawing(points)))
    save(database, label_digit(sketch(ONE), 1, an_answer(), drawing(ONE)))
    write(database, tmp_path / "mine.csv")
    found = read_dataset([tmp_path / "mine.csv"], ReadingOptions()).dataset
    assert (len(found.train), len(found.test)) == (7, 1)
    assert np.array_equal(found.train.images[0], sketch(SEVEN).image)


def test_where_there_are_none_files_are_empty(database: Database) -> None:
    assert json.loads(write_content(database, OwnDigitFormat.JSON)) == []
    assert write_content(database, OwnDigitFormat.CSV).count(b"\n") == 1


def test_another_ending_and_a_missing_folder_are_refused(database: Database, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"ends in '.png'; allowed are .npz, .csv, .json"):
        write(database, tmp_path / "mine.png")
    with pytest.raises(DataError, match="cannot be written"):
        write(database, tmp_path / "nowhere" / "mine.json")


@pytest.mark.parametrize("name", ["mine.jsonl", "mine.inkml"])
def test_pen_strokes_come_back_by_import_with_labels_and_writers(database: Database, tmp_path: Path, name: str) -> None:
    for place, (label, writer) in enumerate([(7, "Ada"), (7, "Bea"), (1, "Ada")]):
        points = move_pen([(x + place, y) for x, y in (ONE if label == 1 else SEVEN)])
        save(database, replace(label_digit(sketch(points), label, an_answer(), drawing(points)), writer=writer))
    write(database, tmp_path / name)
    found = read_dataset([tmp_path / name], ReadingOptions(holdout=Holdout.NONE)).dataset.train
    kept = digits_of(database)
    assert np.array_equal(found.labels, kept.labels)
    assert np.array_equal(found.writers, kept.writers)  # type: ignore[arg-type]
    # Drawn anew by another pen, of 255 levels.
    assert np.abs(found.images.astype(float) - kept.images).mean() < 4


def move_pen(corners: Points) -> Points:
    """The points of a hand that goes from corner to corner: a pen is asked where it is a hundred times a second."""
    shares = np.linspace(0, 1, 12, endpoint=False)
    ways = [np.outer(1 - shares, one) + np.outer(shares, other) for one, other in pairwise(np.array(corners, float))]
    return [(float(x), float(y)) for x, y in (*np.vstack(ways), corners[-1])]


def test_what_no_pen_wrote_alone_is_no_line_of_strokes(kept: Database) -> None:
    save(kept, label_digit(sketch(ONE), 1, an_answer(7), drawing(ONE, SEVEN)))
    rubbed = (*drawing(SEVEN), Trace(((500.0, 500.0),), 40.0, erases=True))
    save(kept, label_digit(sketch(SEVEN), 7, an_answer(7), rubbed))
    assert write_content(kept, OwnDigitFormat.LINES) == b""


@pytest.mark.parametrize("name", ["mine.zip", "mine.idx.zip", "mine.parquet", "mine.npz"])
def test_every_format_of_images_comes_back_by_import(database: Database, tmp_path: Path, name: str) -> None:
    for place in range(8):
        points = [(x + place, y) for x, y in SEVEN]
        save(database, label_digit(sketch(points), 1 if place == 7 else 7, an_answer(), drawing(points)))
    write(database, tmp_path / name)
    found = read_dataset([tmp_path / name], ReadingOptions()).dataset
    assert sorted([*found.train.labels, *found.test.labels]) == [1, *[7] * 7]
    expected = {image.tobytes() for image in digits_of(database).images}
    assert {image.tobytes() for image in (*found.train.images, *found.test.images)} == expected
