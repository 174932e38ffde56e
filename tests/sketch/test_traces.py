"""What the canvas tells becomes traces, and traces become the ink that it shows."""

import json
from typing import Any

import numpy as np
import pytest

from mnist_dash.arrays import Ink
from mnist_dash.errors import ImageError
from mnist_dash.sketch import traces
from mnist_dash.sketch.traces import Drawing, Trace

PEN = Trace(((20.0, 30.0), (60.5, 30.0), (60.5, 70.2)), 20.0)
DOT = Trace(((10.0, 10.0),), 12.0)
RUBBER = Trace(((60.5, 20.0), (60.5, 80.0)), 20.0, erases=True)
TOLD = [["M", 19.98, 30], ["Q", 20, 30, 40.25, 30], ["Q", 60.5, 30, 60.5, 50.1], ["L", 60.5, 70.22]]
"""How Fabric's pencil tells the pen: it begins and ends a thousandth of its breadth further out."""


def told(*objects: object) -> dict[str, Any]:
    return {"version": "7", "background": "#00000100", "objects": list(objects)}


def stroke(path: object = TOLD, **changed: object) -> dict[str, Any]:
    return {"type": "Path", "path": path, "stroke": "#26221c", "strokeWidth": 20, **changed}


def pieces(width: int, height: int, x: float, y: float, radius: float) -> Ink:
    rows, columns = np.mgrid[:height, :width] + 0.5
    return np.asarray((columns - x) ** 2 + (rows - y) ** 2 <= radius**2)


def test_the_points_of_a_stroke_are_where_the_pen_was() -> None:
    assert traces.from_canvas(told(stroke()), "#ffffff") == (PEN,)


def test_a_dot_is_told_as_a_line_without_length() -> None:
    (dot,) = traces.from_canvas(told(stroke([["M", 10, 10], ["L", 10.012, 10]], strokeWidth=12)), "#ffffff")
    assert set(dot.points) == {(10.0, 10.0)}


def test_a_stroke_in_the_colour_of_the_paper_erases() -> None:
    drawing = traces.from_canvas(told(stroke(), stroke(stroke="#fbf8f1")), "#fbf8f1")
    assert [trace.erases for trace in drawing] == [False, True]


def test_an_empty_canvas_has_no_traces() -> None:
    assert traces.from_canvas(told(), "#ffffff") == ()


@pytest.mark.parametrize("drawing", [(), (PEN,), (PEN, RUBBER, PEN)])
def test_what_a_canvas_is_given_it_tells_again(drawing: Drawing) -> None:
    assert traces.from_canvas(traces.to_canvas(drawing, "#000000", "#ffffff"), "#ffffff") == drawing


@pytest.mark.parametrize("drawing", [(), (PEN,), (DOT, RUBBER, PEN)])
def test_a_drawing_comes_back_from_plain_numbers(drawing: Drawing) -> None:
    assert traces.unpack(json.loads(json.dumps(traces.pack(drawing)))) == drawing


def test_ten_digits_are_kept_in_few_bytes() -> None:
    digit = Trace(tuple((100.5 + i, 200.5 - i) for i in range(60)), 20.0)
    assert len(json.dumps(traces.pack((digit,) * 10))) < 10_000


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (None, "without a list of strokes"),
        ("text", "without a list of strokes"),
        ({"objects": "text"}, "without a list of strokes"),
        (told("text"), "that no pen drew"),
        (told({"type": "Image", "src": "file:///etc/passwd"}), "an object of type 'Image' that no pen drew"),
        (told(stroke("M 0 0")), "that no pen drew"),
        (told(stroke([["M"]])), "that no pen drew"),
        (told(stroke([])), "no numbers"),
        (told(stroke([["M", 0, 0], ["L", "1", 0]])), "no numbers"),
        (told(stroke([["M", 0, 0], ["L", float("nan"), 0]])), "no numbers"),
        (told(stroke([["M", 0, 0], ["L", 10**400, 0]])), "no numbers"),
        (told(stroke([["M", 0, 0], ["L", True, 0]])), "no numbers"),
        (told(stroke(strokeWidth=0)), "0 pixels wide; allowed is up to 60"),
        (told(stroke(strokeWidth=61)), "61 pixels wide"),
        (told(stroke(strokeWidth=None)), "None pixels wide"),
        (told(stroke(strokeWidth="x" * 9_999)), "'xxx"),
        (told(*[stroke()] * 501), "501 strokes; allowed are 500. Undo a stroke or clear the sheet"),
        (told(stroke([["L", 1, 1]] * 10_001)), "10,001 points; allowed are 10,000"),
    ],
)
def test_what_no_pen_drew_is_refused_in_words(sent: object, words: str) -> None:
    with pytest.raises(ImageError, match=words) as refused:
        traces.from_canvas(sent, "#ffffff")
    assert len(str(refused.value)) < 200


def test_a_million_strokes_are_refused_before_they_are_looked_at() -> None:
    with pytest.raises(ImageError, match="1,000,000 strokes; allowed are 500"):
        traces.from_canvas(told(*[stroke()] * 1_000_000), "#ffffff")


@pytest.mark.parametrize(
    "numbers", [None, "text", [1], [[]], [[20, 0]], [[20, 0, 1]], [[20, 0, 1, "x"]], [[0, 0, 1, 1]]]
)
def test_other_numbers_are_no_drawing(numbers: object) -> None:
    with pytest.raises(ImageError):
        traces.unpack(numbers)


def test_a_dot_is_a_disc_as_broad_as_the_pen() -> None:
    ink = traces.ink_drawing((Trace(((30.0, 20.0),), 20.0),), 60, 40)
    assert (ink != pieces(60, 40, 30, 20, 10)).sum() <= 0.05 * ink.sum()


def test_a_curve_runs_between_the_middles_of_its_points() -> None:
    corner = Trace(((20.0, 20.0), (100.0, 20.0), (100.0, 100.0)), 4.0)
    ink = traces.ink_drawing((corner,), 120, 120)
    # A quadratic curve passes halfway between its control point and the middle of its ends.
    assert ink[30, 90]
    assert not ink[20, 100]


def test_an_eraser_takes_away_what_is_below_it_and_not_what_comes_after() -> None:
    erased = traces.ink_drawing((PEN, RUBBER), 100, 100)
    assert not erased[50, 60]
    assert erased[30, 30]
    assert traces.ink_drawing((PEN, RUBBER, PEN), 100, 100)[50, 60]


def test_ink_goes_on_from_what_is_there_already() -> None:
    below = traces.ink_drawing((PEN,), 100, 100)
    before = below.copy()
    assert np.array_equal(
        traces.ink_drawing((RUBBER, DOT), 100, 100, below), traces.ink_drawing((PEN, RUBBER, DOT), 100, 100)
    )
    assert np.array_equal(below, before)


def test_what_lies_beyond_the_sheet_is_cut_off() -> None:
    ink = traces.ink_drawing((Trace(((-100.0, 50.0), (400.0, 50.0)), 20.0), Trace(((-90.0, -90.0),), 20.0)), 100, 80)
    assert ink.shape == (80, 100)
    assert ink[50].all()
    assert ink[:, 50].sum() == 20
