"""Pen strokes are written and read back, drawn as sketches are, or refused with the line that is wrong."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_dash.data.generator.writers import generate, write
from mnist_dash.data.io.discovery import find_source
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.pen_strokes import UNIT, StrokeFormat, read_stroke_set, read_strokes, write_strokes
from mnist_dash.data.io.readers import STROKES
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError

SEVEN: dict[str, Any] = {"label": 7, "strokes": [[[0, 0], [600, 0], [200, 1000]]]}
PEN = Path(__file__).parents[3].parent / "shared" / "pen" / "strokes.jsonl.gz"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "strokes.jsonl"


def lines(path: Path, *digits: object) -> Path:
    path.write_text("".join(f"{json.dumps(digit)}\n" for digit in digits), "utf-8")
    return path


@pytest.mark.parametrize("form", list(StrokeFormat))
def test_what_the_generator_wrote_is_read_back(tmp_path: Path, form: StrokeFormat) -> None:
    path = tmp_path / f"mine{form}"
    with path.open("wb") as stream:
        assert write_strokes(stream, write(60, 3), form) == 60
    read, drawn = read_stroke_set((path,), silent).train, generate(60, 3)
    assert np.array_equal(read.labels, drawn.labels)
    assert np.abs(read.images.astype(int) - drawn.images).mean() < 2, "whole numbers move a line by half a thousandth"


def test_a_line_is_a_digit_in_whole_numbers() -> None:
    stream = io.BytesIO()
    write_strokes(stream, write(20, 3))
    for line in map(json.loads, stream.getvalue().splitlines()):
        points = np.concatenate(line["strokes"])
        assert points.dtype == np.int64
        assert points.min() == 0
        assert points.max() == UNIT
        assert (line["label"] in range(10), 20 < line["pen"] < 400, line["donor"][:7]) == (True, True, "writer ")


def test_the_same_digits_are_the_same_bytes() -> None:
    streams = [io.BytesIO(), io.BytesIO()]
    for stream in streams:
        write_strokes(stream, write(20, 3), StrokeFormat.PACKED)
    assert streams[0].getvalue() == streams[1].getvalue()


def test_a_file_of_strokes_is_imported_as_it_is(path: Path) -> None:
    one = {"label": 1, "strokes": [[[5, 0], [5, 900]], [[2, 900]]], "donor": "me", "pen": 100}
    report = read_dataset([lines(path, *[SEVEN, one] * 10)])
    assert (report.format, report.sizes, str(report.fit)) == (STROKES.name, "28×28", "as-is")
    assert len(report.dataset.train) + len(report.dataset.test) == 20


def test_donors_are_the_writers(path: Path, tmp_path: Path) -> None:
    digits = [SEVEN | {"donor": donor} for donor in ("me", "you", " me", 7, "7")]
    read = read_stroke_set((lines(path, *digits),), silent).train.writers
    assert read is not None
    assert read.tolist() == [0, 1, 0, 2, 2]
    made = tmp_path / "made.jsonl"
    with made.open("wb") as stream:
        write_strokes(stream, write(12, 3))
    read, written = (found.writers for found in (read_stroke_set((made,), silent).train, generate(12, 3)))
    assert read is not None
    assert written is not None
    assert read.tolist() == written.tolist() == [*[0] * 5, *[1] * 5, *[2] * 2]


@pytest.mark.parametrize("donor", [None, "", " ", True, 0.5, ["me"]])
def test_where_a_line_names_no_donor_no_writer_is_known(path: Path, donor: object) -> None:
    digits = [SEVEN | {"donor": "me"}, SEVEN | {"donor": donor}, SEVEN | {"donor": "me"}]
    assert read_stroke_set((lines(path, *digits),), silent).train.writers is None
    assert read_stroke_set((lines(path, SEVEN),), silent).train.writers is None


def test_writers_stay_in_step_where_a_test_split_is_taken_out(path: Path) -> None:
    one = {"label": 1, "strokes": [[[5, 0], [5, 900]]], "donor": "me"}
    train = read_dataset([lines(path, *[SEVEN | {"donor": "you"}, one] * 10)]).dataset.train
    assert train.writers is not None
    assert np.array_equal(train.writers, np.where(train.labels == 7, 0, 1))
    files = find_source(path).load().train
    assert files.writers is not None
    assert np.array_equal(files.writers, train.writers)


def test_empty_lines_are_passed_over_and_any_unit_is_one(path: Path) -> None:
    small = {"label": 7, "strokes": [[[x / 1e4, y / 1e4] for x, y in SEVEN["strokes"][0]]]}
    path.write_text(f"{json.dumps(SEVEN)}\n\n{json.dumps(small)}", "utf-8")
    first, second = read_stroke_set((path,), silent).train.images
    assert np.array_equal(first, second)


def strokes(*strokes: object) -> dict[str, object]:
    return {"label": 7, "strokes": list(strokes)}


@pytest.mark.parametrize(
    ("digit", "said"),
    [
        (
            strokes([[0, 0], [9, 9]], []),
            r"has an empty list for stroke 2; needed are points \[x, y\]. Remove",
        ),
        (strokes(), "has an empty list for strokes; needed is a list of strokes"),
        ({"label": 7}, "has nothing for strokes; needed is a list"),
        (
            strokes([[0, 0], [float("nan"), 1]]),
            r"has \[nan, 1\] for point 2 of stroke 1; needed are two numbers",
        ),
        (
            strokes([[0, 0], [float("inf"), 1]]),
            r"has \[inf, 1\] for point 2 of stroke 1; needed .* each from −1e",
        ),
        (strokes([[0, 0], [10**400, 1]]), "has .* for point 2 of stroke 1; needed are two numbers"),
        (strokes([[0, 0], [1]]), r"has \[1\] for point 2"),
        (strokes([[0, 0], ["1", 2]]), "has .* for point 2 of stroke 1; needed are two numbers"),
        (strokes([[0, 0], None]), "has None for point 2"),
        (strokes("0,0"), "has text for stroke 1; needed are points"),
        (strokes([[3, 4]]), "has 1 points in one place; a digit needs two places at least. Remove it"),
        (strokes([[3, 4]] * 5), "has 5 points in one place"),
        (strokes([[x % 90, x // 90] for x in range(10_001)]), "has 10,001 points; allowed are 10,000. Thin them out"),
        (strokes(*[[[0, 0]]] * 501), "has 501 strokes; allowed are 500"),
        (SEVEN | {"label": 10}, "has the label 10; allowed are the digits 0 to 9. Correct or remove it"),
        (SEVEN | {"label": "7"}, "has the label '7'; allowed"),
        (SEVEN | {"label": True}, "has the label True; allowed"),
        (SEVEN | {"pen": 0}, "has a pen 0 broad; allowed is up to the digit's longer side, 1000"),
        (SEVEN | {"pen": float("nan")}, "has a pen nan broad"),
        ([1, 2], "is a list; needed is an object with label and strokes"),
    ],
)
def test_a_wrong_digit_is_refused_with_its_line(path: Path, digit: object, said: str) -> None:
    with pytest.raises(DataError, match=rf"^Line 2 of .*strokes\.jsonl {said}"):
        read_stroke_set((lines(path, SEVEN, digit),), silent)


def test_a_million_points_are_refused_without_reading_them(path: Path) -> None:
    points = ",".join(["[0,0],[1,1]"] * 500_000)
    path.write_text(f'{{"label":7,"strokes":[[{points}]]}}\n', "utf-8")
    with pytest.raises(DataError, match="has more than 1,000,000 characters; allowed are 10,000 points a digit"):
        read_stroke_set((path,), silent)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"label": 7, "strokes": [[', r"^Line 1 of .* is no JSON \(.*\); needed is an object"),
        (b"", "holds no digits"),
        (b'{"strokes"\xff', "is not text .* Save it as JSON lines in UTF-8"),
        (b'{"strokes":' + b"[" * 5_000, "is no JSON"),
        (gzip.compress(b'{"strokes": []}', mtime=0)[:-9], "is damaged"),
    ],
)
def test_a_broken_file_is_refused(path: Path, content: bytes, said: str) -> None:
    path.write_bytes(content)
    with pytest.raises(DataError, match=said):
        read_stroke_set((path,), silent)


@pytest.mark.skipif(not PEN.exists(), reason="real pen strokes are not beside the project")
def test_real_pen_strokes_are_read() -> None:
    told: list[float] = []
    train = read_stroke_set((PEN,), lambda _text, share: told.append(share)).train
    assert len(train) > 4_000
    assert told == sorted(told)


def test_a_file_that_is_not_there_is_told(path: Path) -> None:
    with pytest.raises(DataError, match=r"strokes\.jsonl cannot be read \(No such file"):
        list(read_strokes(path, silent))
