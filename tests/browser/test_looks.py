"""What nobody should have to put up with: pages that jump while they load, faint words, headings out of order."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from mnist_dash.methods.spec import RunSpec
from tests.browser.conftest import Server, stand_ins
from tests.browser.test_pages import PAGES, SEVEN, answer, draw, settled
from tests.trained import trained

pytestmark = pytest.mark.browser

SHIFT = 0.05
"""The most that may move on a page while it loads, in all: as Chromium measures it (cumulative layout shift)."""
WATCH = """() => {
  window.shifts = []
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries())
      if (!hadRecentInput) window.shifts.push([value, sources.map(({ node }) => node?.parentElement?.className ?? "")])
  }).observe({ type: "layout-shift", buffered: true })
}"""
FAINT = """() => {
  const parse = (colour) => {
    const found = colour.match(/[\\d.]+%?/g).map(Number)
    const scale = colour.startsWith("color(") ? 255 : 1
    return [...found.slice(0, 3).map((part) => part * scale), found[3] ?? 1]
  }
  const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a)]
  const light = (part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)
  const brightness = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b)
  const upwards = (node) => (node ? [...upwards(node.parentElement), node] : [])
  // A number may stand beside what it belongs to: what is under it counts alone.
  const under = (node, at) => {
    const [text, box] = [node.getBoundingClientRect(), at.getBoundingClientRect()]
    const [x, y] = [text.x + text.width / 2, text.y + text.height / 2]
    return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom
  }
  const paper = (node) =>
    upwards(node)
      .filter((at) => under(node, at) || at.matches(".stApp, body, html"))
      .reduce((below, at) => over(parse(getComputedStyle(at).backgroundColor), below), [255, 255, 255])
  const found = {}
  const walker = document.createTreeWalker(document.querySelector(".stApp"), NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const { parentElement: node, textContent } = walker.currentNode
    const text = textContent.trim()
    // Symbols of the icon font are pictures beside words; what cannot be pressed need not stand out.
    const aside = "svg, style, script, [disabled], [aria-disabled=true], [aria-hidden=true], [translate=no]"
    if (!text || node.closest(aside)) continue
    if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
    const style = getComputedStyle(node)
    const opacity = upwards(node).reduce((product, at) => product * Number(getComputedStyle(at).opacity), 1)
    const ground = paper(node)
    const [r, g, b, a] = parse(style.color)
    const ink = over([r, g, b, a * opacity], ground)
    const [dark, bright] = [brightness(ink), brightness(ground)].sort((one, other) => one - other)
    const ratio = (bright + 0.05) / (dark + 0.05)
    const size = parseFloat(style.fontSize)
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    if (ratio < (large ? 3 : 4.5)) found[text.slice(0, 40)] = Number(ratio.toFixed(2))
  }
  return found
}"""
HEADINGS = "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(({ tagName }) => Number(tagName[1]))"
HOLDERS = """() => [...document.querySelectorAll("[role=img]")]
  .filter((node) => node.querySelector("a[href], button, input, [tabindex]"))
  .map((node) => node.getAttribute("aria-label") ?? node.outerHTML.slice(0, 80))"""
USED = {
    "button",
    "link",
    "checkbox",
    "radio",
    "slider",
    "combobox",
    "textbox",
    "spinbutton",
    "tab",
    "option",
    "listbox",
}
"""What a person presses, fills in or chooses from, as a screen reader calls it."""
SHOWN = {"figure", "application"}
"""What is looked at as a whole, and must say what it is."""
NAMELESS = """() => [...document.querySelectorAll('table')]
  .filter((node) => !node.closest('[aria-label]'))
  .map((node) => node.innerText)"""
"""Tables, of which Streamlit names the frame around them."""
SMALL = """() => [...document.querySelectorAll(".mnist-dash-chart text")]
  .filter((node) => node.textContent.trim() && node.getBoundingClientRect().width)
  .map((node) => [node, node.getScreenCTM()])
  .map(([node, { a, b }]) => [node.textContent, parseFloat(getComputedStyle(node).fontSize) * Math.hypot(a, b)])
  .filter(([, pixels]) => pixels < 12)"""


@pytest.fixture
def ended_run(server: Server) -> int:
    """A finished run, so that Train and Runs show what they are for; its number."""
    with stand_ins(server) as database:
        return trained(database, RunSpec.of("dense_128", "mnist"), scores=(0.8, 0.9, 0.95, 0.94)).id


def opened(page: Page, path: str) -> None:
    """Open a page and wait until all of it is there."""
    page.goto(f"/{path}")
    expect(page.get_by_role("heading", name=PAGES[path.partition("?")[0]], exact=True)).to_be_visible()
    settled(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    settled(page)


@pytest.mark.usefixtures("ended_run")
@pytest.mark.parametrize("path", [*PAGES, "models?model=cnn&model_view=confusion", "sketch?way=image"])
def test_nothing_jumps_while_a_page_loads(page: Page, path: str) -> None:
    page.add_init_script(f"({WATCH})()")
    opened(page, path)
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) < SHIFT, shifts


SEEN = """() => {
  window.seen = []
  const look = () => {
    const nav = document.querySelector("[data-testid=stSidebarNav]")
    if (nav?.checkVisibility({ visibilityProperty: true })) window.seen.push(nav.innerText)
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true })
}"""
"""What the sidebar has listed for anybody to see."""


def test_nobody_sees_the_names_of_files_before_those_of_pages(page: Page) -> None:
    page.add_init_script(f"({SEEN})()")
    opened(page, "own_digits")
    seen = page.evaluate("window.seen")
    assert [text for text in seen if "own digits" in text] == []
    assert "Own digits" in seen[-1]


@pytest.mark.usefixtures("ended_run")
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_its_paper(page: Page, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    opened(page, path)
    assert page.evaluate(FAINT) == {}


@pytest.mark.usefixtures("ended_run")
@pytest.mark.parametrize("path", [*PAGES, "explore?view=quality", "explore?view=pixels", "explore?view=classes"])
def test_headings_skip_no_level_and_pictures_hold_no_buttons(page: Page, path: str) -> None:
    opened(page, path)
    levels = page.evaluate(HEADINGS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert page.evaluate(HOLDERS) == []


@pytest.mark.usefixtures("ended_run")
@pytest.mark.parametrize("path", [*PAGES, "explore?view=map", "sketch?closer=drawn"])
def test_a_screen_reader_has_a_name_for_all_that_can_be_used_or_looked_at(page: Page, path: str) -> None:
    opened(page, path)
    session = page.context.new_cdp_session(page)
    nodes = [node for node in session.send("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
    roles = [(node["role"]["value"], node.get("name", {}).get("value", "").strip()) for node in nodes]
    assert len([role for role, _ in roles if role in USED]) > 8
    assert [role for role, name in roles if role in {*USED, *SHOWN} and not name] == []
    assert page.evaluate(NAMELESS) == []


def test_the_answer_is_the_largest_beside_the_drawing_and_the_closer_look_is_in_sight(page: Page) -> None:
    opened(page, "sketch")
    draw(page, SEVEN)
    expect(answer(page)).to_have_text("7")
    settled(page)
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    largest = page.evaluate(f"Math.max(...[...document.querySelectorAll('.stMain *')].map({size}))")
    assert answer(page).evaluate(size) == largest >= 100
    closer = page.get_by_role("radio", name="Models side by side").bounding_box()
    assert closer
    assert closer["y"] + closer["height"] < 900


def test_the_curves_of_a_run_are_what_is_largest_on_its_page(page: Page, ended_run: int) -> None:
    opened(page, f"train?run={ended_run}")
    for name in ("Error by epoch", "Loss by epoch"):
        plot = page.get_by_role("figure", name=name).locator(".nsewdrag").bounding_box()
        assert plot
        assert plot["width"] >= 600
        assert plot["height"] >= 190


def test_the_error_gives_way_to_the_accuracy_and_takes_no_zoom_along(page: Page, ended_run: int) -> None:
    opened(page, f"train?run={ended_run}")
    chart = page.get_by_role("figure", name=re.compile("^(Error|Accuracy) by epoch"))
    assert chart.evaluate("node => node._fullLayout.yaxis.type") == "log"
    box = chart.locator(".nsewdrag").bounding_box()
    assert box
    page.mouse.move(box["x"] + 100, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 120, steps=6)
    page.mouse.up()
    page.get_by_text("Accuracy", exact=True).click()
    expect(page.get_by_role("figure", name="Accuracy by epoch")).to_be_visible()
    page.wait_for_function("document.querySelector('[aria-label^=Accuracy]')?._fullLayout.yaxis.type === 'linear'")
    assert chart.evaluate("node => node._fullLayout.yaxis.range")[1] > 100


def test_the_words_in_the_bars_of_explore_are_as_high_as_text(page: Page) -> None:
    opened(page, "explore")
    assert page.evaluate(SMALL) == []
