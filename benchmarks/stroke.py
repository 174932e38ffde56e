"""Mouse-up to the new answer on the page, over 20 strokes drawn with the mouse.

`python -m benchmarks.stroke`. `turn_ms` is the time between the browser's message that holds the stroke and the
server's last message of the answer, both as the browser saw them: Streamlit's own rerun is most of it. `own_ms` is the
program's part of that: from what the canvas tells to the answer's figures, ready to be sent, measured in a process of
its own on the same number of drawings.
"""

import random
import tempfile
import time
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
"""Strokes in all, and on one sheet before it is cleared."""
SEED = 0
WATCH = """() => {
  window.released = 0; window.answered = 0
  document.addEventListener("mouseup", () => { window.released = performance.now() }, true)
  const chart = document.querySelector(".mnist-dash-chart")
  chart.on("plotly_afterplot", () => { window.answered = performance.now() })
}"""


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


def stroke(page: Page, frames: Frames, draw: random.Random) -> tuple[float, float]:
    """Milliseconds from mouse-up to the answer, and the server's part of them."""
    box = page.locator("canvas.upper-canvas").bounding_box()
    assert box
    points = [(box["x"] + draw.uniform(30, 250), box["y"] + draw.uniform(30, 250)) for _ in range(3)]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=10)
    page.evaluate("window.answered = 0")
    frames.clear()
    page.mouse.up()
    page.wait_for_function("window.answered > window.released")
    page.wait_for_timeout(400)
    seen: float = page.evaluate("window.answered - window.released")
    return seen, (frames.received[-1] - frames.sent[0]) * 1000


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
        for piece in segment_digits(sheet.ink, make_cut_confidence(model(), detector()), touching=False)
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
    measured: list[tuple[float, float]] = []
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
    answers, turns = [seen for seen, _ in measured], [turn for _, turn in measured]
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
            "ms": answers,
            "own_ms": own,
            "turn_ms": turns,
        },
    )


if __name__ == "__main__":
    main()
