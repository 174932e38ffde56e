"""A cloud of digits in a real browser: the digit under the pointer, the lasso, and what outlives other colours."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from mnist_dash.data.generator.writers import generate
from tests.awaiting import until
from tests.browser.conftest import Server, started_alone, tab

pytestmark = pytest.mark.browser

Floats = npt.NDArray[np.float64]
PRESSES = """() => {
  for (const type of ["mousedown", "mouseup"]) {
    document.addEventListener(type, () => window.presses.push(Date.now()), { capture: true })
  }
}"""

PLACES = """node => node._fullData.flatMap((trace) => Array.from(trace.x, (x, i) => {
  const { xaxis, yaxis } = node._fullLayout
  return [trace.customdata[i][0], xaxis._offset + xaxis.d2p(x), yaxis._offset + yaxis.d2p(trace.y[i])]
}))"""
"""Each point's number, and where in its chart it is drawn."""
DRAWN = "() => document.querySelector('.mnist-dash-chart')?._fullLayout?._plots?.xy?._scene !== undefined"
DIGIT = "canvas => Array.from(canvas.getContext('2d').getImageData(0, 0, 28, 28).data)"
NO_WEBGL = """const original = HTMLCanvasElement.prototype.getContext
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.includes("webgl") ? null : original.call(this, kind, ...rest)
}"""

SERVER = """import streamlit as st
from mnist_dash.ui.shell import served
app = st.App({page!r}, routes=served.routes())
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page tests/browser/cloud.py alone."""
    home = tmp_path_factory.mktemp("cloud")
    (home / "server.py").write_text(SERVER.format(page=str(Path(__file__).with_name("cloud.py"))))
    with started_alone(home, home / "server.py") as server:
        yield server


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A new tab; fails afterwards where browser or server complained."""
    complaints: list[str] = []
    with tab(browser, server.url, {"width": 1440, "height": 900}) as page:
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
    # A graphics card that is only simulated is said to be slow; the page can do nothing for it.
    assert [text for text in complaints if "GL Driver Message" not in text] == []
    assert server.faults() == []


def shown(page: Page, address: str = "/") -> Locator:
    """The chart of the page at that address, as soon as it is drawn."""
    page.goto(address)
    chart = page.get_by_role("figure", name="Map of digits")
    page.wait_for_function(DRAWN)
    return chart


def places(chart: Locator) -> dict[int, Floats]:
    """Where on the page each point is drawn."""
    box = chart.bounding_box()
    assert box
    found: list[list[float]] = chart.evaluate(PLACES)
    return {int(number): np.array([box["x"] + x, box["y"] + y]) for number, x, y in found}


def lonely(places: dict[int, Floats], count: int) -> list[int]:
    """Points that the pointer cannot take for another."""
    at = np.array(list(places.values()))
    distances = np.linalg.norm(at[:, np.newaxis] - at, axis=2) + np.diag(np.full(len(at), np.inf))
    return [list(places)[i] for i in distances.min(axis=1).argsort()[::-1][:count]]


def lasso(page: Page, corners: Floats) -> None:
    """Draw around these corners with the mouse."""
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in [*corners[1:], corners[0]]:
        page.mouse.move(*corner, steps=12)
    page.mouse.up()


def inside(corners: Floats, points: Floats) -> npt.NDArray[np.bool_]:
    """Whether each point lies in the polygon, by the edges that a ray to the right crosses."""
    found: npt.NDArray[np.bool_] = np.zeros(len(points), np.bool_)
    for (x, y), (to_x, to_y) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        crosses = (y > points[:, 1]) != (to_y > points[:, 1])
        found ^= crosses & (points[:, 0] < x + (points[:, 1] - y) * (to_x - x) / (to_y - y))
    return found


def selected(page: Page, few: bool = True) -> list[int]:
    """The points that the page says are selected, after somebody has selected some."""
    said = page.get_by_text(re.compile(r"Selected: (\[.*\])" if few else "Selected: null"))
    expect(said).to_be_visible()
    text = said.text_content() or ""
    found: Any = json.loads(text.removeprefix("Selected: "))
    return [int(number) for number in found or []]


def highlighted(chart: Locator) -> list[int]:
    """The points that stand out in the chart."""
    found: list[int] = chart.evaluate(
        "node => node._fullData.flatMap((trace) => (trace.selectedpoints ?? []).map((i) => trace.customdata[i][0]))"
    )
    return sorted(map(int, found))


def around(chart: Locator) -> Floats:
    """Corners of a triangle in the middle of a chart."""
    box = chart.locator(".nsewdrag").bounding_box()
    assert box
    corner, size = np.array([box["x"], box["y"]]), np.array([box["width"], box["height"]])
    corners: Floats = corner + size * [[0.4, 0.25], [0.62, 0.45], [0.44, 0.8]]
    return corners


@pytest.mark.parametrize("webgl", [True, False], ids=["webgl", "none"])
def test_the_digit_under_the_pointer_is_shown(page: Page, webgl: bool) -> None:
    if not webgl:
        page.add_init_script(NO_WEBGL)
    page.goto("/?count=500")
    chart = page.get_by_role("figure", name="Map of digits")
    expect(chart.locator(".nsewdrag")).to_be_visible()
    assert chart.evaluate("node => node.data[0].type") == ("scattergl" if webgl else "scatter")
    digits, at = generate(500, 0), places(chart)
    card = page.locator(".mnist-dash-digit")
    for number in lonely(at, 4):
        page.mouse.move(*(at[number] - [2, 0]))
        page.mouse.move(*at[number])
        expect(card).to_contain_text(f"image {number}")
        expect(card).to_contain_text(f"Label {digits.labels[number]}")

        def is_drawn(image: Floats = digits.images[number] // 16 * 17.0) -> bool:
            # The words are there at once, the digit as soon as the picture of all has been loaded.
            ink = np.array(card.locator("canvas").evaluate(DIGIT)).reshape(28, 28, 4)[:, :, 3]
            return bool(np.abs(ink - image).max() <= 1)

        until(is_drawn)
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_the_digit_stays_within_a_narrow_window(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    at = places(shown(page, "/?count=500"))
    for number in (max(at, key=lambda n: at[n][0]), max(at, key=lambda n: at[n][1])):
        page.mouse.move(*(at[number] - [1, 0]))
        page.mouse.move(*at[number])
        box = page.locator(".mnist-dash-digit").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["y"] + box["height"] <= 844


def test_the_lasso_tells_the_points_inside_until_a_double_click(page: Page) -> None:
    chart = shown(page)
    at, corners = places(chart), around(chart)
    lasso(page, corners)
    found = set(selected(page))
    points = np.array(list(at.values()))
    sure = [inside(corners.mean(axis=0) + (corners - corners.mean(axis=0)) * size, points) for size in (0.97, 1.03)]
    within, near = ({number for number, sure in zip(at, some, strict=True) if sure} for some in sure)
    assert len(within) > 50
    assert within <= found <= near
    assert highlighted(chart) == sorted(found)

    page.evaluate(PRESSES)
    most = chart.evaluate("node => node._context.doubleClickDelay")

    def is_quick() -> bool:
        """Two clicks, as near to one another as Plotly wants a double one to be; a busy machine may not manage it."""
        page.evaluate("window.presses = []")
        page.mouse.dblclick(*points.mean(axis=0))
        first, *_, last = page.evaluate("window.presses")
        return bool(last - first < most)

    until(is_quick)
    selected(page, few=False)
    assert highlighted(chart) == []


def test_selection_zoom_and_node_outlive_other_colours_but_not_other_points(page: Page) -> None:
    chart = shown(page)
    chart.evaluate("node => { node.mark = 'the same node' }")
    chart.evaluate("node => Plotly.relayout(node, {'xaxis.range': [-6, 6], 'yaxis.range': [-3, 3]})")
    lasso(page, around(chart))
    found = selected(page)
    zoom = chart.evaluate("node => node._fullLayout.xaxis.range")
    for colours, traces in (("outcome", 4), ("certainty", 2)):
        page.get_by_text(colours).click()
        page.wait_for_function(f"() => document.querySelector('.mnist-dash-chart').data.length === {traces}")
        expect(page.get_by_test_id("stStatusWidget")).to_be_hidden()
        assert highlighted(chart) == found == selected(page)
        assert chart.evaluate("node => node._fullLayout.xaxis.range") == pytest.approx(zoom)
    page.get_by_text("Other points").click()
    selected(page, few=False)
    page.wait_for_function("() => !document.querySelector('.mnist-dash-chart').data[0].selectedpoints")
    assert highlighted(chart) == []
    assert chart.evaluate("node => node._fullLayout.xaxis.range") != pytest.approx(zoom)
    assert chart.evaluate("node => node.mark") == "the same node"


def test_the_picture_of_all_digits_is_loaded_once(page: Page, server: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "digits-" in request.url else None)
    chart = shown(page, "/?count=10000")
    page.get_by_text("split").click()
    expect(chart.locator(".annotation").first).to_contain_text("training")
    assert len(asked) == 1
    assert asked[0].startswith(f"{server.url}/served/digits-")
