"""InkML is written and read back, as the field's formulas are kept, or refused with the digit that is wrong."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.inkml_files import SPACE, read_inkml_set, write_inkml
from mnist_dash.data.io.pen_strokes import read_stroke_set
from mnist_dash.data.io.readers import STROKES, find_reader
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError

SEVEN: dict[str, Any] = {"label": 7, "donor": "Ada", "pen": 90, "strokes": [[[0, 0], [600, 0], [200, 1000]]]}
ONE: dict[str, Any] = {"label": 1, "strokes": [[[0, 0], [0.5, 400]], [[-20, 400], [20, 400.25]]]}
FORMULA = f"""<?xml version="1.0"?>
<!-- a formula, as CROHME keeps them -->
<ink xmlns="{SPACE}">
  <traceFormat><channel name="T" type="integer"/><channel name="X" type="decimal"/><channel name="Y"/></traceFormat>
  <annotation type="writer">somebody</annotation>
  <trace id="0">9 0 0, 10 600 0, 11 200 1000</trace>
  <trace xml:id="t1">20 0 0,21 0 400</trace>
  <trace id="2">30 10 10, 31 50 10</trace>
  <traceGroup xml:id="all">
    <annotation type="truth">Segmentation</annotation>
    <traceGroup><annotation type="truth">7</annotation><traceView traceDataRef="0"/></traceGroup>
    <traceGroup><annotation type="truth">-</annotation><traceView traceDataRef="2"/></traceGroup>
    <traceGroup><annotation type="truth">1</annotation><traceView traceDataRef="#t1"/></traceGroup>
  </traceGroup>
</ink>"""


def kept(path: Path, content: bytes | str) -> Path:
    """A file with that content."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_what_is_written_is_read_back_as_json_lines_are(tmp_path: Path) -> None:
    ink = kept(tmp_path / "mine.inkml", write_inkml([SEVEN, ONE]))
    lines = kept(tmp_path / "mine.jsonl", "".join(f"{json.dumps(digit)}\n" for digit in (SEVEN, ONE)))
    one, other = read_inkml_set((ink,)).train, read_stroke_set((lines,), silent).train
    assert np.array_equal(one.images, other.images)
    assert one.labels.tolist() == [7, 1]
    assert find_reader(ink) is STROKES


def test_the_digits_of_a_formula_are_read_and_all_else_is_passed_over(tmp_path: Path) -> None:
    found = read_inkml_set((kept(tmp_path / "formula.inkml", FORMULA),)).train
    assert found.labels.tolist() == [7, 1]
    plain = {**SEVEN, "pen": None, "donor": None}, {**ONE, "strokes": [[[0, 0], [0, 400]]]}
    again = read_inkml_set((kept(tmp_path / "plain.inkml", write_inkml(plain)),)).train
    assert np.array_equal(found.images, again.images)
    assert found.writers is not None
    assert found.writers.tolist() == [0, 0]


def test_it_becomes_a_data_set(tmp_path: Path) -> None:
    path = kept(tmp_path / "mine.inkml", write_inkml([SEVEN, ONE] * 7))
    dataset = read_dataset([path]).dataset
    assert (len(dataset.train), len(dataset.test)) == (12, 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (write_inkml([]), "holds no digits; needed is a traceGroup for each digit"),
        (FORMULA.replace('"#t1"', '"t9"'), "Group 4 of .* names the trace 't9', which is not there"),
        (
            FORMULA.replace("21 0 400", "21 0"),
            "Group 4 of .* has the point '21 0'; needed are x",
        ),
        (FORMULA.replace("21 0 400", "21 '0 400"), 'has "\'0" for a number; differences and velocities'),
        (FORMULA.replace("21 0 400", "21 0 nan"), "Group 4 of .* for point 2 of stroke 1"),
        (FORMULA.replace('name="X"', 'name="F"'), "has points of T, F, Y; needed are the channels X and Y"),
        (FORMULA[:300], "is no InkML that can be read"),
        (
            FORMULA.replace("<!--", '<!DOCTYPE ink [<!ENTITY a "1 2">]><!--'),
            "is no InkML that can be read .*DTDForbidden",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_wrong(tmp_path: Path, content: bytes | str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read_inkml_set((kept(tmp_path / "wrong.inkml", content),))


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (FORMULA.encode(), True),
        (b"\xef\xbb\xbf<ink>", True),
        (b'<?xml version="1.0"?><i:ink xmlns:i="x">', True),
        (b"<html><body>inkling</body></html>", False),
        (b"label,<ink>", False),
    ],
)
def test_it_is_known_by_how_it_begins(head: bytes, known: bool) -> None:
    assert STROKES.recognises(head) is known
