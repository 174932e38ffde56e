"""A sheet remembers what was done on it, and a browser can keep it."""

import numpy as np
import pytest

from mnist_dash.sketch import sheet, traces
from mnist_dash.sketch.sheet import HEIGHT, STEPS, Paper, Sheet
from mnist_dash.sketch.traces import Trace

ONE = Trace(((140.0, 40.0), (140.0, 240.0)), 20.0)
BAR = Trace(((40.0, 140.0), (240.0, 140.0)), 20.0)
FAR = Trace(((700.0, 40.0), (700.0, 240.0)), 20.0)
RUBBER = Trace(((140.0, 40.0), (140.0, 240.0)), 40.0, erases=True)


def test_a_new_sheet_is_untouched_and_has_no_ink() -> None:
    assert Sheet().untouched
    assert Sheet().ink is None
    assert Sheet().undo().untouched
    assert Sheet().redo().untouched


def test_strokes_are_taken_back_and_brought_back() -> None:
    drawn = Sheet().draw((ONE,)).draw((ONE, BAR))
    assert drawn.undo().drawing == (ONE,)
    assert drawn.undo().undo().drawing == ()
    assert drawn.undo().undo().redo().drawing == (ONE,)
    assert drawn.undo().undo().redo().redo().drawing == (ONE, BAR)


def test_clearing_can_be_taken_back() -> None:
    cleared = Sheet().draw((ONE, BAR)).draw(())
    assert cleared.ink is None
    assert not cleared.untouched
    assert cleared.undo().drawing == (ONE, BAR)


def test_drawing_anew_gives_up_what_was_taken_back() -> None:
    assert Sheet().draw((ONE,)).undo().draw((BAR,)).future == ()


def test_the_same_drawing_is_no_change() -> None:
    drawn = Sheet().draw((ONE,)).undo()
    assert drawn.draw(()) is drawn


def test_only_so_many_changes_are_remembered() -> None:
    drawn = Sheet()
    for i in range(1, STEPS + 20):
        drawn = drawn.draw((Trace(((float(i), 1.0),), 1.0),))
    assert len(drawn.past) == STEPS
    assert drawn.undo().drawing[0].points[0][0] == STEPS + 18


@pytest.mark.parametrize(
    "steps", [[(ONE,), (ONE, BAR)], [(ONE, BAR), (BAR,)], [(BAR,), (BAR, RUBBER), (BAR, RUBBER, ONE)]]
)
def test_ink_is_that_of_the_whole_drawing_however_it_came_about(steps: list[traces.Drawing]) -> None:
    drawn = Sheet()
    for drawing in steps:
        drawn = drawn.draw(drawing)
    assert drawn.ink is not None
    assert np.array_equal(drawn.ink, traces.ink_drawing(steps[-1], HEIGHT, HEIGHT))


def test_what_stands_beyond_narrow_paper_comes_back_with_wide_paper() -> None:
    wide = Sheet().on(Paper.NUMBER).draw((ONE, FAR))
    assert wide.ink is not None
    assert wide.ink.shape == (280, 840)
    narrow = wide.on(Paper.DIGIT)
    assert narrow.ink is not None
    assert narrow.ink.shape == (280, 280)
    back = narrow.on(Paper.NUMBER)
    assert back.ink is not None
    assert np.array_equal(back.ink, wide.ink)


def test_a_kept_sheet_comes_back_as_it_was_and_can_be_taken_back_stroke_by_stroke() -> None:
    drawn = Sheet(Paper.NUMBER).draw((ONE,)).draw((ONE, RUBBER)).draw((ONE, RUBBER, FAR))
    back = sheet.from_text(sheet.to_text(drawn))
    assert back
    assert (back.paper, back.drawing) == (Paper.NUMBER, drawn.drawing)
    assert back.ink is not None
    assert drawn.ink is not None
    assert np.array_equal(back.ink, drawn.ink)
    assert back.undo().drawing == (ONE, RUBBER)
    assert back.undo().undo().undo().drawing == ()


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        "",
        "no JSON",
        "[]",
        "{}",
        '{"paper": "digit"}',
        '{"paper": "wall", "strokes": []}',
        '{"paper": [], "strokes": []}',
        '{"paper": "digit", "strokes": [[20, 0, 1]]}',
        '{"paper": "digit", "strokes": [[20, 0, NaN, 1]]}',
        '{"paper": "digit", "strokes": 7}',
        "[" * 200_000,
        '{"paper": "digit", "strokes": [' + ",".join(["[20,0,1,1]"] * 501) + "]}",
        " " * 1_000_000 + '{"paper": "digit", "strokes": []}',
    ],
)
def test_a_text_that_no_sheet_wrote_is_ignored(text: object) -> None:
    assert sheet.from_text(text) is None
