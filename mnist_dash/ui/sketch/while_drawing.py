"""Answers while the pen is on the sheet: the browser asks for them past Streamlit, whose scripts take too long for it.

It sends what stands on the sheet and what the pen has added since, some times a second, and never before it has heard
the last answer. Nothing is kept of it: when the pen is lifted, the page hears of the stroke as ever. What the server
has no time for is dropped.
"""

import json
import os
from collections.abc import Mapping
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mnist_dash.errors import ImageError, MnistDashError

if TYPE_CHECKING:
    from mnist_dash.arrays import Bytes
    from mnist_dash.models.drawing_answers import Answers
    from mnist_dash.sketch.sheet import Sheet

ADDRESS = "answers/drawing"
"""Below the app's own."""
MOST_BYTES = 400_000
"""Of a question: more than the strokes take that a sheet may hold."""
_SILENT, _FOREIGN, _TOO_LONG, _WRONG = 204, 403, 413, 400


def routes() -> list[Route]:
    """What the server answers besides Streamlit's own addresses."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    path = "".join(f"/{part}" for part in (base, ADDRESS) if part)
    return [Route(path, _Desk().answer, methods=["POST"])]


class _Desk:
    """Answers as many questions at once as there are cores."""

    def __init__(self) -> None:
        self._seats = BoundedSemaphore(os.cpu_count() or 1)

    async def answer(self, request: Request) -> Response:
        """The answer to one question; an empty one where nothing can be read yet."""
        # A page of somebody else may make a browser ask, too.
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return Response(status_code=_FOREIGN)
        content = b""
        async for part in request.stream():
            content += part
            if len(content) > MOST_BYTES:
                return Response(status_code=_TOO_LONG)
        if not self._seats.acquire(blocking=False):
            return Response(status_code=_SILENT)
        try:
            return await run_in_threadpool(_reply, content)
        finally:
            self._seats.release()


def _reply(content: bytes) -> Response:
    try:
        found = answer_drawing(json.loads(content))
    except MnistDashError:
        # The page says why as soon as the pen is lifted.
        found = None
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return JSONResponse({"error": "This is no question about a drawing. Reload the page."}, _WRONG)
    return Response(status_code=_SILENT) if found is None else JSONResponse(found)


def answer_drawing(asked: Mapping[str, Any]) -> dict[str, str] | None:
    """What stands on the page for a drawing: `number`, `words`, `seen` (a picture's address) and `figure` (JSON).

    None where nothing can be read yet, or the model is not ready. Raises ImageError for strokes that no pen drew, and
    ModelError or RunError where the model is gone; LookupError, TypeError or ValueError for anything else.
    """
    from mnist_dash.models.drawing_answers import answer_sketches
    from mnist_dash.models.registry.answering import answers_at_once, find_answering
    from mnist_dash.sketch.mnist_preprocessing import Step
    from mnist_dash.sketch.sheet_reading import read_sheet
    from mnist_dash.ui.shell import resources

    sketches = read_sheet(_draw(asked), resources.cut_confidence(), [Step(step) for step in asked["without"]])
    who = find_answering(resources.database(), str(asked["model"]))
    if not sketches or who.waiting or not answers_at_once(resources.database(), who):
        return None
    threshold = None if asked["threshold"] is None else float(asked["threshold"])
    said = answer_sketches(resources.model(who.name, who.epoch), resources.digit_detector(), sketches, threshold)
    chosen = min(int(asked["chosen"].get(str(len(sketches)), 0)), len(sketches) - 1)
    return _show(said, sketches[chosen].image, chosen, dark=bool(asked["dark"]))


def _draw(asked: Mapping[str, Any]) -> "Sheet":
    from mnist_dash.sketch import traces
    from mnist_dash.sketch.sheet import Paper, Sheet, from_text

    blank = Sheet(Paper(asked["paper"]))
    sheet = blank if asked["kept"] is None else from_text(asked["kept"])
    if sheet is None:
        raise ImageError("The page keeps a drawing that cannot be read. Reload it.")
    return sheet.draw((*sheet.drawing, *traces.unpack(asked["traces"])))


def _show(said: "Answers", image: "Bytes", chosen: int, *, dark: bool) -> dict[str, str]:
    from mnist_dash.figures import answer, digits
    from mnist_dash.figures.theme import load_palette
    from mnist_dash.ui.components.picture import picture_address

    colours = load_palette(dark=dark)
    figure = answer.plot_probabilities(said.probabilities[chosen], colours, refused=said.is_refused(chosen))
    return {
        "number": said.number,
        "words": said.describe(chosen),
        "seen": picture_address(digits.draw_digit(image, colours, scale=8)),
        "figure": figure.to_json() or "",
    }
