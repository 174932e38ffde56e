"""The pad on Home and Sketch: its tools, its sheets, and what canvas and browser bring."""

import json
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.sketch import sheet
from mnist_dash.sketch.sheet import Paper, Sheet
from mnist_dash.sketch.traces import Trace
from mnist_dash.ui.shell.drawing import DrawnSketch
from tests.awaiting import deadline
from tests.pages.conftest import Open

ONE = Trace(((60.0, 40.0), (60.0, 240.0)), 20.0)
OTHER = Trace(((200.0, 40.0), (200.0, 240.0)), 20.0)


def drawn(app: AppTest, *strokes: Trace, paper: Paper = Paper.DIGIT) -> AppTest:
    """The page, after these strokes."""
    sketch = Sheet(paper)
    for count in range(len(strokes)):
        sketch = sketch.draw(strokes[: count + 1])
    app.session_state["sketch"] = app.session_state["sketch"].anew(sketch)
    return app.run()


def reads(app: AppTest) -> str:
    """What is read."""
    return str(next(metric.value for metric in app.metric if metric.label == "It reads"))


def press(app: AppTest, name: str) -> AppTest:
    """Press one of the tools."""
    return next(button for button in app.button if button.label == name).click().run()


def enabled(app: AppTest) -> list[str]:
    """The tools that can be pressed."""
    return [button.label for button in app.button if button.label in ("Undo", "Redo", "Clear") and not button.disabled]


def given(app: AppTest) -> dict[str, Any]:
    """What the canvas is given."""
    return next(sent for part in app.get("bidi_component") if "canvasWidth" in (sent := json.loads(part.proto.json)))


@pytest.mark.parametrize("page", ["home", "sketch"])
def test_the_tools_follow_what_can_be_done(opened: Open, page: str) -> None:
    app = opened(page)
    assert enabled(app) == []
    drawn(app, ONE, OTHER)
    assert enabled(app) == ["Undo", "Clear"]
    assert reads(app) == "11"
    press(app, "Undo")
    assert enabled(app) == ["Undo", "Redo", "Clear"]
    assert reads(app) == "1"
    press(app, "Redo")
    assert reads(app) == "11"
    press(app, "Clear")
    assert reads(app) == "–"
    assert enabled(app) == ["Undo"]
    press(app, "Undo")
    assert reads(app) == "11"


def test_the_canvas_starts_anew_with_what_the_tools_leave(opened: Open) -> None:
    app = drawn(opened("sketch"), ONE, OTHER)
    before = given(app)
    press(app, "Undo")
    after = given(app)
    assert [len(sent["initialDrawing"]["objects"]) for sent in (before, after)] == [2, 1]
    assert before["backgroundColor"] != after["backgroundColor"]


def test_the_eraser_is_a_wider_pen_in_the_colour_of_the_paper(opened: Open) -> None:
    app = opened("sketch")
    pen = given(app)
    app.session_state["tool"] = "eraser"
    eraser = given(app.run())
    assert (pen["strokeWidth"], eraser["strokeWidth"]) == (20, 40)
    assert (pen["strokeColor"], eraser["strokeColor"]) == (
        app.session_state["sketch"].tint,
        app.session_state["sketch"].paper,
    )


def test_a_wide_sheet_reads_a_long_number(opened: Open) -> None:
    app = opened("sketch")
    app.button_group(key="paper_0").set_value("number").run()
    assert given(app)["canvasWidth"] == 840
    strokes = [Trace(((x, 40.0), (x, 240.0)), 20.0) for x in range(50, 840, 80)]
    drawn(app, *strokes, paper=Paper.NUMBER)
    assert reads(app) == "1" * 10
    app.button_group(key="paper_0").set_value("digit").run()
    assert given(app)["canvasWidth"] == 280
    assert reads(app) == "1" * 3


def hiding() -> None:
    import streamlit as st

    from mnist_dash.ui.sketch import pad

    if not st.toggle("Something else"):
        pad.show_pad("reader")


def test_a_canvas_that_comes_back_starts_with_what_was_drawn_since() -> None:
    app = AppTest.from_function(hiding, default_timeout=deadline()).run()
    first = given(app)
    kept = app.session_state["sketch"]
    app.session_state["sketch"] = replace(kept, sheet=kept.sheet.draw((ONE,)))
    # As long as it stands there, the canvas knows its strokes itself.
    assert given(app.run())["initialDrawing"] == first["initialDrawing"]
    app.toggle[0].set_value(True).run()
    app.toggle[0].set_value(False).run()
    assert len(given(app)["initialDrawing"]["objects"]) == 1


def test_why_a_drawing_was_refused_is_said(opened: Open) -> None:
    app = opened("sketch")
    app.session_state["sketch"] = replace(app.session_state["sketch"], refused="The sheet has 501 strokes.")
    assert [error.value for error in app.run().error] == ["The sheet has 501 strokes."]
    assert not press(drawn(app, ONE), "Clear").error


def telling() -> None:
    import streamlit as st

    from mnist_dash.ui.components import sheet
    from mnist_dash.ui.sketch import pad

    st.session_state["canvas"] = st.session_state.get("told")
    sheet.take(sheet.SKETCH)
    pad.restore((st.session_state.get("kept") or {}).get("found"))


def session(**known: object) -> DrawnSketch:
    """The drawing of a session to which canvas and browser have told this."""
    app = AppTest.from_function(telling, default_timeout=deadline())
    for key, value in known.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception
    found: DrawnSketch = app.session_state["sketch"]
    return found


def test_a_stroke_is_taken_from_the_canvas() -> None:
    path = [["M", 60, 40], ["Q", 60, 40, 60, 140], ["L", 60, 240]]
    stroke = {"type": "Path", "path": path, "stroke": "#000000", "strokeWidth": 20}
    told = {"raw": {"objects": [stroke], "background": DrawnSketch().mark}, "data": None}
    assert session(told={"drawing": told}).sheet.drawing == (ONE,)
    assert session(told={"drawing": None}).sheet.untouched


def test_what_the_browser_kept_comes_back_on_an_untouched_sheet_alone() -> None:
    text = sheet.to_text(Sheet(Paper.NUMBER).draw((ONE,)))
    restored = session(kept={"found": text})
    assert (restored.sheet.paper, restored.start) == (Paper.NUMBER, (ONE,))
    mine = DrawnSketch().anew(Sheet().draw((OTHER,)))
    assert session(kept={"found": text}, sketch=mine).sheet.drawing == (OTHER,)
    assert session(kept={"found": "broken"}).sheet.untouched
