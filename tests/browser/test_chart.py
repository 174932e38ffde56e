"""A live chart is updated in place: its node, its zoom and its page stay where they are while a run goes on."""

import re
from contextlib import suppress
from typing import Any

import psutil
import pytest
from playwright.sync_api import Locator, Page, expect

from mnist_dash.figures.intervals import Interval, plot_intervals
from mnist_dash.figures.theme import load_palette
from tests.awaiting import milliseconds
from tests.browser.conftest import ROOT, Server
from tests.browser.test_pages import choose, expect_state, settled
from tests.browser.test_train import press

pytestmark = pytest.mark.browser

MARK = """node => {
  node.mark = "the same node"
  node.updates = 0
  node.on("plotly_afterplot", () => { node.updates += 1 })
}"""
UPDATES = 10


def started_run(page: Page) -> Locator:
    """A dense network that learns for as long as the test looks; returns its chart of the loss."""
    page.goto("/train")
    choose(page, "Method", "Dense network")
    expect(page.get_by_text("118,282 parameters")).to_be_visible()
    settled(page)
    page.get_by_role("spinbutton", name="Epochs").fill("900")
    page.get_by_role("spinbutton", name="Epochs").press("Tab")
    expect(page.get_by_text("900 epochs on")).to_be_visible()
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_text(re.compile("Epoch ([2-9]|\\d\\d+) of 900"))).to_be_visible()
    return page.get_by_role("figure", name="Loss by epoch")


def zoomed(page: Page, chart: Locator) -> list[float]:
    """Drag over the middle of a chart; the range that its horizontal axis shows then."""
    # Start stands below the choices: on its press the page may have scrolled.
    chart.scroll_into_view_if_needed()
    box = chart.locator(".nsewdrag").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    return shown(chart)


def shown(chart: Locator) -> list[float]:
    """The range of the horizontal axis."""
    found: list[Any] = chart.evaluate("node => node._fullLayout.xaxis.range")
    return [float(end) for end in found]


def test_node_and_zoom_survive_ten_updates_and_a_notice_above_them(page: Page, server: Server) -> None:
    chart = started_run(page)
    whole = shown(chart)
    zoom = zoomed(page, chart)
    assert zoom[1] - zoom[0] < 0.5 * (whole[1] - whole[0])
    chart.evaluate(MARK)
    page.wait_for_function(
        "many => document.querySelector('.mnist-dash-chart[aria-label^=Loss]').updates >= many", arg=UPDATES
    )
    assert chart.evaluate("node => node.mark") == "the same node"
    assert shown(chart) == pytest.approx(zoom)
    kill_runs(server)
    expect(page.get_by_text("was killed")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Epoch \d+ of 900, .* left"))).to_be_visible()
    assert chart.evaluate("node => node.mark") == "the same node"
    assert shown(chart) == pytest.approx(zoom)
    press(page, "Stop")
    expect_state(page, "Stopped")
    expect(page.get_by_text(re.compile("95 % interval"))).to_be_visible()


def kill_runs(server: Server) -> None:
    """Kill the processes of the runs at work, as a system without memory does."""
    for process in psutil.process_iter(["cmdline", "environ"]):
        at_home = (process.info["environ"] or {}).get("MNIST_DASH_HOME") == str(server.home)
        if at_home and {"mnist_dash", "run"} <= set(process.info["cmdline"]):
            with suppress(psutil.NoSuchProcess):
                process.kill()


OUTPACED = """async ([source, deadline]) => {
  const script = document.querySelector("script[src*=plotly]").src
  const parent = document.body.appendChild(document.createElement("div"))
  const node = parent.appendChild(document.createElement("div"))
  node.className = "mnist-dash-chart"
  const mount = (await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })))).default
  const shown = (end) => ({ data: [{ y: [1, 2, end] }], layout: { xaxis: { range: [0, 2] } } })
  const given = (end) => ({ data: { script, figure: JSON.stringify(shown(end)), config: {}, height: 200, alt: "x" } })
  const began = performance.now()
  const seen = async (look) => {
    while (!look() && performance.now() - began < deadline) await new Promise(requestAnimationFrame)
  }
  const put = (end) => mount({ ...given(end), parentElement: parent, setStateValue() {}, setTriggerValue() {} })
  const drawn = (end) => seen(() => node._fullLayout && node.data[0].y[2] === end)
  put(3)
  await drawn(3)
  // What stands on a figure that is taken down goes with it: listeners as well as a zoom.
  let kept = 0
  node.on("plotly_afterplot", () => { kept += 1 })
  const end = put(4)
  end()
  await drawn(4)
  put(5)
  await drawn(5)
  await seen(() => kept >= 2)
  const late = put(6)
  parent.remove()
  late()
  await seen(() => !node._fullLayout)
  // What was being drawn has had its chance to come back.
  for (let frame = 0; frame < 10; frame += 1) await new Promise(requestAnimationFrame)
  return { kept: kept >= 2, left: Boolean(node._fullLayout) }
}"""


def test_a_mount_that_new_data_outpaced_takes_nothing_down_and_one_that_has_gone_leaves_nothing(page: Page) -> None:
    page.goto("/explore")
    expect(page.locator(".mnist-dash-chart svg.main-svg").first).to_be_visible()
    source = (ROOT / "mnist_dash" / "ui" / "components" / "chart.js").read_text("utf-8")
    assert page.evaluate(OUTPACED, [source, milliseconds()]) == {"kept": True, "left": False}


NARROW = """async ([source, figure, deadline]) => {
  const script = document.querySelector("script[src*=plotly]").src
  const parent = document.body.appendChild(document.createElement("div"))
  const node = parent.appendChild(document.createElement("div"))
  node.className = "mnist-dash-chart"
  const mount = (await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })))).default
  const began = performance.now()
  const widths = []
  const squeeze = async (room, width) => {
    parent.style.width = `${room}px`
    for (let frame = 0; frame < 10; frame += 1) await new Promise(requestAnimationFrame)
    const found = () => node.querySelector("svg.main-svg")?.getBoundingClientRect().width
    while (found() !== width && performance.now() - began < deadline) await new Promise(requestAnimationFrame)
    widths.push(found())
  }
  parent.style.width = "28px"
  const data = { script, figure, config: {}, height: 140, alt: "x" }
  mount({ data, parentElement: parent, setStateValue() {}, setTriggerValue() {} })
  await squeeze(28, 120)
  await squeeze(600, 600)
  await squeeze(28, 600)
  await squeeze(300, 300)
  parent.remove()
  return widths
}"""


def test_a_figure_without_room_for_a_moment_is_drawn_as_soon_as_there_is_some(page: Page) -> None:
    """Plotly would reckon with a plot of less than nothing and tell the console, which the page's fixture hears."""
    page.goto("/explore")
    expect(page.locator(".mnist-dash-chart svg.main-svg").first).to_be_visible()
    source = (ROOT / "mnist_dash" / "ui" / "components" / "chart.js").read_text("utf-8")
    figure = plot_intervals([Interval(f"Run {at}", 0.9, 0.88, 0.92, "x") for at in range(3)], load_palette(dark=False))
    widths = page.evaluate(NARROW, [source, figure.to_json(), milliseconds()])
    assert widths == [120, 600, 600, 300]


def test_charts_appear_where_start_is_pressed_as_soon_as_the_page_is_there(page: Page) -> None:
    """In a second tab, while a run is live: the new run waits, and its figure never changes."""
    started_run(page)
    other = page.context.new_page()
    other.goto("/train")
    other.get_by_role("button", name="Start training").click()
    expect_state(other, "Queued")
    expect(other.locator(".mnist-dash-chart svg.main-svg").first).to_be_visible()
    for tab, button in ((other, "Cancel"), (page, "Stop")):
        tab.bring_to_front()
        press(tab, button)
        expect_state(tab, "Stopped")
