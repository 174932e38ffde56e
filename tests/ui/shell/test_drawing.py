"""The drawing of a session follows its canvas, and nothing that an earlier canvas tells."""

from typing import Any

from mnist_dash.sketch import traces
from mnist_dash.sketch.sheet import Paper, Sheet
from mnist_dash.sketch.traces import Drawing, Trace
from mnist_dash.ui.shell.drawing import DrawnSketch

ONE = Trace(((140.0, 40.0), (140.0, 240.0)), 20.0)
BAR = Trace(((40.0, 140.0), (240.0, 140.0)), 20.0)


def told(sketch: DrawnSketch, drawing: Drawing) -> dict[str, Any]:
    """What the canvas tells that shows `sketch` with this drawing."""
    return {**traces.to_canvas(drawing, sketch.tint, sketch.paper), "background": sketch.mark}


def test_an_empty_sheet_has_no_ink() -> None:
    assert DrawnSketch().ink is None


def test_a_stroke_is_taken_without_a_new_start_for_the_canvas() -> None:
    before = DrawnSketch()
    after = before.take(told(before, (ONE,)))
    assert after.sheet.drawing == (ONE,)
    assert after.mark == before.mark
    assert after.start == ()


def test_what_the_canvas_told_before_it_was_changed_counts_no_more() -> None:
    drawn = DrawnSketch().take(told(DrawnSketch(), (ONE, BAR)))
    undone = drawn.anew(drawn.sheet.undo())
    assert undone.take(told(drawn, (ONE, BAR))) is undone
    assert undone.take(told(undone, ())).sheet.future == ((ONE, BAR),)


def test_a_mark_is_a_colour_that_nobody_sees_and_no_two_are_alike() -> None:
    marks = {DrawnSketch(version=version).mark for version in (0, 1, 255, 256, 1 << 20)}
    assert len(marks) == 5
    assert all(mark.startswith("#") and mark.endswith("00") and len(mark) == 9 for mark in marks)


def test_in_another_theme_the_drawing_starts_anew_in_its_colours() -> None:
    drawn = DrawnSketch(tint="#000000", paper="#ffffff").take(told(DrawnSketch(), (ONE,)))
    dark = drawn.recolour("#eeeeee", "#111111")
    assert dark.start == (ONE,)
    assert dark.mark != drawn.mark
    assert dark.tint == "#eeeeee"
    assert dark.recolour("#eeeeee", "#111111") is dark


def test_too_much_is_refused_and_taken_from_the_canvas() -> None:
    drawn = DrawnSketch().take(told(DrawnSketch(), (ONE,)))
    refused = drawn.take(told(drawn, (ONE,) * 501))
    assert refused.refused
    assert "501 strokes; allowed are 500" in refused.refused
    assert refused.sheet is drawn.sheet
    assert refused.start == (ONE,)
    assert refused.mark != drawn.mark
    assert refused.take(told(refused, (ONE,))).refused
    assert refused.take(told(refused, (ONE, BAR))).refused is None


def test_a_canvas_that_tells_nonsense_changes_nothing() -> None:
    canvas: tuple[object, ...] = (None, 7, "text", [], {}, {"objects": []}, {"background": 7})
    for nonsense in canvas:
        assert DrawnSketch().take(nonsense).sheet.untouched


def test_a_canvas_starts_anew_with_another_sheet() -> None:
    anew = DrawnSketch().anew(Sheet(Paper.NUMBER).draw((BAR,)))
    assert (anew.sheet.paper, anew.start) == (Paper.NUMBER, (BAR,))
