"""Pen to the answer on the page, while it draws and when it is lifted, over 20 strokes drawn with the mouse.

`python -m benchmarks.stroke`. Of each answer that is asked for while the pen draws, `drawing_ms` is the time from the
point of the pen with which it is asked for to the bars that show it; `dropped` are those that never came or were never
shown, as far as the pen was still down. `turn_ms` is the time between the browser's message that holds the stroke and
the server's last message of the answer, both as the browser saw them: Streamlit's own rerun is most of it. `own_ms` is
the program's part of that: from what the canvas tells to the answer's figures, ready to be sent, measured in a process
of its own on the same number of drawings.
"""

import random
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np
from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks import record
from mnist_dash.figures import answer, digits
from mnist_dash.figures.theme import load_palette
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.classifier import Classifier
from mnist_dash.models.cut_confidence import make_cut_confidence
from mnist_dash.models.rejection import DigitDetector, load_digit_detector
from mnist_dash.sketch.digits import segment_digits
from mnist_dash.sketch.mnist_preprocessing import preprocess
from mnist_dash.sketch.sheet import Sheet, to_text
from mnist_dash.sketch.traces import Trace, from_canvas, to_canvas
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, started

STROKES, SHEET = 20, 4
STEPS = 40
"""Points of the pen on each of the two lines of a stroke."""
ANSWERED, LATE = 200, 1_000
"""The status of an answer, and the milliseconds after which it is none any more."""
"""Strokes in all, and on one sheet before it is cleared."""
SEED = 0
WATCH = """() => {
  window.released = 0; window.answered = 0
  document.addEventListener("mouseup", () => { window.released = performance.now() }, true)
  const chart = document.querySelector(".mnist-dash-chart")
  window.plotted = []
  chart.on("plotly_afterplot", () => { window.answered = performance.now(); window.plotted.push(window.answered) })
  window.asked = []
  const ask = window.fetch
  window.fetch = async (address, options) => {
    if (!String(address).includes("answers/drawing")) return ask(address, options)
    const question = { at: performance.now() }
    window.asked.push(question)
    const reply = await ask(address, options)
    Object.assign(question, { heard: performance.now(), status: reply.status })
    return reply
  }
}"""
FRAME = 16
"""Milliseconds between two points of the pen, about."""


class Frames:
    """When the browser sent and received messages, in its own seconds."""

    def __init__(self, session: CDPSession) -> None:
        """Listen to a page's websocket."""
        self.sent: list[float] = []
        self.received: list[float] = []
        session.on("Network.webSocketFrameSent", lambda frame: self.sent.append(frame["timestamp"]))
        session.on("Network.webSocketFrameReceived", lambda frame: self.received.append(frame["timestamp"]))
        session.send("Network.enable")

    def clear(self) -> None:
        """Forget all messages so far."""
        self.sent.clear()
        self.received.clear()


@dataclass(frozen=True)
class Measured:
    """Milliseconds from mouse-up to the answer, the server's part of them, and those of the answers before mouse-up."""

    answer: float
    turn: float
    drawing: list[float]
    dropped: int


def stroke(page: Page, frames: Frames, draw: random.Random) -> Measured:
    """Draw one stroke."""
    box = page.locator("canvas.upper-canvas").bounding_box()
    assert box
    points = [(box["x"] + draw.uniform(30, 250), box["y"] + draw.uniform(30, 250)) for _ in range(3)]
    page.evaluate("window.asked = []; window.plotted = []")
    page.mouse.move(*points[0])
    page.mouse.down()
    for start, end in pairwise(points):
        for step in range(1, STEPS + 1):
            page.mouse.move(*(a + (b - a) * step / STEPS for a, b in zip(start, end, strict=True)))
            page.wait_for_timeout(FRAME)
    page.evaluate("window.answered = 0")
    frames.clear()
    page.mouse.up()
    page.wait_for_function("window.answered > window.released")
    page.wait_for_timeout(400)
    seen: float = page.evaluate("window.answered - window.released")
    drawing, dropped = while_drawing(*page.evaluate("[window.asked, window.plotted, window.released]"))
    return Measured(seen, (frames.received[-1] - frames.sent[0]) * 1000, drawing, dropped)


def while_drawing(asked: list[dict[str, float]], plotted: list[float], released: float) -> tuple[list[float], int]:
    """Milliseconds from question to bars, and how many came to nothing; what mouse-up overtook counts as neither."""
    milliseconds: list[float] = []
    dropped = 0
    for question in asked:
        shown = next((at for at in plotted if at >= question.get("heard", released)), released)
        if question.get("status") == ANSWERED and shown < released:
            milliseconds.append(shown - question["at"])
        elif question["at"] < released - LATE or question.get("status", ANSWERED) != ANSWERED:
            dropped += 1
    return milliseconds, dropped


@cache
def model() -> Classifier:
    """The bundled model, loaded once as in the server."""
    return load_bundled(DEFAULT)


@cache
def detector() -> DigitDetector:
    """What tells digits from the rest, loaded once as in the server."""
    return load_digit_detector()


def own_part(draw: random.Random) -> float:
    """Milliseconds from what the canvas tells to the figures of the answer."""
    points = [(draw.uniform(30, 250), draw.uniform(30, 250)) for _ in range(3)]
    # As many points as the mouse is moved to in `stroke`.
    along = [one + (other - one) * i / 10 for one, other in pairwise(map(np.array, points)) for i in range(10)]
    told = to_canvas((Trace(tuple((float(x), float(y)) for x, y in along), 20.0),), "black", "white")
    started = time.perf_counter()
    sheet = Sheet().draw(from_canvas(told, "white"))
    assert sheet.ink is not None
    to_text(sheet)
    sketches = [
        preprocess(piece.ink)
        for piece in segment_digits(sheet.ink, make_cut_confidence(model(), detector()), number=False)
    ]
    sketch = sketches[0]
    assert sketch
    images = np.stack([each.image for each in sketches if each])
    probabilities = model().probabilities(images)[0]
    detector().refuse(images)
    answer.plot_probabilities(probabilities, load_palette(dark=False)).to_json()
    digits.draw_digit(sketch.image, load_palette(dark=False), scale=8)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Draw and write the result."""
    draw = random.Random(SEED)
    measured: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder, started(Path(folder)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(ARGUMENTS))
        for sheet in range(STROKES // SHEET + 1):
            # A tab of its own, since each keeps its drawing.
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            frames = Frames(page.context.new_cdp_session(page))
            page.goto(server.url)
            page.locator(".mnist-dash-chart svg.main-svg").first.wait_for()
            page.locator("canvas.upper-canvas").wait_for()
            page.wait_for_timeout(1_000)
            page.evaluate(WATCH)
            strokes = [stroke(page, frames, draw) for _ in range(SHEET)]
            # The first sheet warms up server and browser.
            measured += strokes if sheet else []
            page.close()
        browser.close()
    answers, turns = [each.answer for each in measured], [each.turn for each in measured]
    drawing, dropped = [ms for each in measured for ms in each.drawing], sum(each.dropped for each in measured)
    own = [own_part(draw) for _ in range(SHEET + STROKES)][SHEET:]
    record.write(
        "stroke",
        {
            "strokes": len(measured),
            "seed": SEED,
            "median_ms": median(answers),
            "worst_ms": max(answers),
            "own_median_ms": median(own),
            "turn_median_ms": median(turns),
            "drawing_median_ms": median(drawing),
            "drawing_worst_ms": max(drawing),
            "answers_while_drawing": len(drawing),
            "dropped": dropped,
            "ms": answers,
            "own_ms": own,
            "turn_ms": turns,
            "drawing_ms": drawing,
        },
    )


if __name__ == "__main__":
    main()
