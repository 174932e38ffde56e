"""What a person sees: every page in a real browser, digits drawn with the mouse, a run watched and left alone."""

import re
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, WebSocketRoute, expect

from tests.awaiting import until
from tests.browser.conftest import Server, started, tab

pytestmark = pytest.mark.browser

PAGES = {
    "": "MNIST Dash",
    "sketch": "Sketch",
    "lessons": "Lessons",
    "explore": "Explore",
    "datasets": "Data sets",
    "own_digits": "Own digits",
    "class_room": "Class room",
    "train": "Train",
    "runs": "Runs",
    "sweeps": "Sweeps",
    "methods": "Methods",
    "models": "Models",
    "stress": "Stress",
}
SETTLED = """() => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
  && isAnswered()
  && [...document.querySelectorAll(".mnist-dash-chart")].every(chart => chart.querySelector("svg.main-svg"))"""
SEVEN = [(80, 60), (200, 60), (130, 230)]
ONE = [(150, 50), (140, 230)]


def lower_pen(page: Page, x: int, y: int) -> FloatRect:
    """Set the pen down there on the sheet, as soon as the sheet stands still and nothing covers it; where it stands."""
    canvas = page.locator("canvas.upper-canvas")
    canvas.hover(position={"x": x, "y": y})
    box = canvas.bounding_box()
    assert box
    page.mouse.down()
    return box


def trail(page: Page, points: list[tuple[int, int]]) -> None:
    """Set the pen down and lead it through these points, without lifting it."""
    first, *rest = points
    box = lower_pen(page, *first)
    for x, y in rest:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=12)


def draw(page: Page, points: list[tuple[int, int]]) -> None:
    """One stroke through points of the canvas, with the mouse."""
    trail(page, points)
    page.mouse.up()


def answer(page: Page) -> Locator:
    """The digit that was read."""
    return page.get_by_test_id("stMetric").filter(has_text="It reads").get_by_test_id("stMetricValue")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_every_page_opens_in_both_themes_and_sizes(page: Page, path: str, scheme: str, size: tuple[int, int]) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/{path}")
    expect(page.get_by_role("heading", name=PAGES[path], exact=True)).to_be_visible()
    settled(page)
    # Nothing may be cut or need scrolling sideways.
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= size[0]


def settled(page: Page) -> None:
    """Wait until whatever was asked has been answered, the script has ended and every chart is drawn, at one moment."""
    page.wait_for_function(SETTLED)


def file_input(page: Page, name: str) -> Locator:
    """What takes the files of the uploader of this name; a page may have others, and a folded one may stand first."""
    return page.get_by_role("region", name=name, exact=True).locator("input[type=file]")


def expect_state(page: Page, state: str) -> None:
    """Wait until the run on the page is in this state; while it is drawn anew, its badge may stand there twice."""
    expect(page.get_by_text(re.compile(f"{state}$")).filter(visible=True)).to_have_count(1)


def choose(page: Page, list_name: str, option: str | re.Pattern[str]) -> None:
    """Choose from a list on a page that has come to rest: a list that opens before closes when the page is drawn."""
    settled(page)
    page.get_by_role("combobox", name=list_name).click()
    if isinstance(option, str):
        # Typed, since a long list holds only what is in sight.
        page.keyboard.type(option)
    page.get_by_role("option", name=option, exact=True).first.click()


@pytest.mark.parametrize(("path", "points", "digit"), [("", SEVEN, "7"), ("sketch", ONE, "1")])
def test_a_drawn_digit_is_read(page: Page, path: str, points: list[tuple[int, int]], digit: str) -> None:
    page.goto(f"/{path}")
    expect(answer(page)).to_have_text("–")
    settled(page)
    draw(page, points)
    expect(answer(page)).to_have_text(digit)


def test_clear_clears_and_the_next_drawing_is_read(page: Page) -> None:
    page.goto("/sketch")
    settled(page)
    draw(page, SEVEN)
    expect(answer(page)).to_have_text("7")
    page.get_by_role("button", name="Clear").click()
    expect(answer(page)).to_have_text("–")
    expect(page.get_by_text("Draw a digit from 0 to 9")).to_be_visible()
    settled(page)
    draw(page, ONE)
    expect(answer(page)).to_have_text("1")


def test_a_step_of_the_procedure_is_turned_off_and_the_network_sees_something_else(page: Page) -> None:
    page.goto("/sketch")
    settled(page)
    draw(page, SEVEN)
    expect(answer(page)).to_have_text("7")
    # The stages come after the answer.
    settled(page)
    sees = page.get_by_role("img", name="What it sees, as a picture")
    before = sees.get_attribute("src")
    page.get_by_text("Cut out", exact=True).click()
    expect(page.get_by_text("watch how the answer suffers")).to_be_visible()
    settled(page)
    assert sees.get_attribute("src") != before
    page.get_by_text("Cut out", exact=True).click()
    expect(page.get_by_text("Turn a step off")).to_be_visible()
    settled(page)
    assert sees.get_attribute("src") == before


def test_digits_side_by_side_are_read_as_a_number_and_looked_at_one_by_one(page: Page) -> None:
    page.goto("/sketch")
    settled(page)
    draw(page, [(x // 2, y // 2 + 60) for x, y in SEVEN])
    expect(answer(page)).to_have_text("7")
    settled(page)
    draw(page, [(x // 2 + 130, y // 2 + 60) for x, y in ONE])
    expect(answer(page)).to_have_text("71")
    expect(page.get_by_text("Digit 1 is 7.")).to_be_visible()
    page.get_by_role("radio", name="2", exact=True).click()
    expect(page.get_by_text("Digit 2 is 1.")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(answer(page)).to_have_text("–")


def test_a_drawing_is_kept_across_pages(page: Page) -> None:
    page.goto("/sketch")
    settled(page)
    draw(page, SEVEN)
    expect(answer(page)).to_have_text("7")
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", name="MNIST Dash")).to_be_visible()
    expect(answer(page)).to_have_text("7")
    assert inked(page) > 1_000


def test_a_drawing_follows_the_theme(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/sketch")
    settled(page)
    draw(page, SEVEN)
    expect(answer(page)).to_have_text("7")
    assert 0 < brightness(page) < 80
    page.emulate_media(color_scheme="dark")
    until(lambda: brightness(page) > 180)
    expect(answer(page)).to_have_text("7")


def brightness(page: Page) -> float:
    """The mean red of the inked pixels, from 0 to 255; 0 where there is no ink."""
    settled(page)
    return float(page.locator("canvas.dc-canvas.lower-canvas").last.evaluate(BRIGHTNESS))


BRIGHTNESS = """canvas => {
  // A copy for reading: the browser complains where a canvas made for drawing is read again and again.
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true })
  copy.drawImage(canvas, 0, 0)
  const pixels = copy.getImageData(0, 0, canvas.width, canvas.height).data
  const reds = pixels.filter((value, i) => i % 4 === 0 && pixels[i + 3] > 200)
  return reds.reduce((sum, red) => sum + red, 0) / (reds.length || 1)
}"""


OPAQUE = """canvas => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true })
  copy.drawImage(canvas, 0, 0)
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height)
  return data.filter((value, i) => i % 4 === 3 && value > 127).length
}"""


def inked(page: Page) -> int:
    """How many pixels of the canvas have ink."""
    settled(page)
    return int(page.locator("canvas.dc-canvas.lower-canvas").evaluate(OPAQUE))


def test_a_run_is_started_watched_reloaded_and_ends(page: Page) -> None:
    """A run on 2,000 images: its chart grows, the tab is reloaded in its middle, and its model reads a digit."""
    page.goto("/train?method=cnn&train_size=2000")
    expect(page.get_by_text("5 epochs on 1,800 images")).to_be_visible()
    settled(page)
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("20")
    epochs.press("Tab")
    expect(page.get_by_text("20 epochs on")).to_be_visible()
    page.get_by_role("button", name="Start training").click()
    expect_state(page, "Running")
    expect(page.get_by_text(re.compile(r"Epoch \d+ of 20, .* left"))).to_be_visible()
    first = batches(page)
    until(lambda: batches(page) > first)
    before = batches(page)
    page.reload()
    expect(page.get_by_text(re.compile(r"Epoch \d+ of 20"))).to_be_visible()
    settled(page)
    assert batches(page) >= before
    expect_state(page, "Done")
    expect(page.get_by_text(re.compile("95 % interval"))).to_be_visible()
    settled(page)
    page.get_by_role("link", name="Sketch").click()
    draw_with_newest(page)


def draw_with_newest(page: Page) -> None:
    """Let the run's model answer on the Sketch page."""
    choose(page, "Model", re.compile("^Run"))
    settled(page)
    draw(page, SEVEN)
    expect(answer(page)).to_have_text("7")


def batches(page: Page) -> int:
    """How many points the curve of the batches has on the screen."""
    chart = page.get_by_role("figure", name="Loss by epoch")
    expect(chart.locator("svg.main-svg").first).to_be_visible()
    return int(chart.evaluate("node => node.calcdata[0].length"))


def test_a_link_opens_its_page_whole_as_the_first_of_a_new_server(browser: Browser, tmp_path: Path) -> None:
    """Streamlit takes pages/ for an app of its older kind until a navigation was set, and would show other names."""
    with started(tmp_path) as server:
        with tab(browser, server.url) as page:
            page.goto("/explore?view=samples&digit=4")
            expect(page.get_by_role("listbox", name="120 training images")).to_be_visible()
            names = [text.splitlines()[-1] for text in page.get_by_test_id("stSidebarNavLink").all_inner_texts()]
        assert names == [
            *("Home", "Sketch", "Lessons", "Explore", "Data sets", "Own digits"),
            *("Train", "Runs", "Sweeps", "Methods", "Models", "Stress"),
        ]
        assert server.faults() == []


def test_two_apps_on_the_same_home_show_the_same_runs(browser: Browser, tmp_path: Path) -> None:
    with started(tmp_path) as one, started(tmp_path) as other, tab(browser, one.url) as page:
        page.goto(f"{one.url}/train")
        choose(page, "Method", "Random guess")
        expect(page.get_by_text("No parameters.")).to_be_visible()
        settled(page)
        page.get_by_role("button", name="Start training").click()
        expect_state(page, "Done")
        page.goto(f"{other.url}/train")
        expect(page.get_by_role("heading", name="Run 1: Random guess")).to_be_visible()
        assert one.faults() == other.faults() == []


def test_the_web_process_never_loads_tensorflow(page: Page, server: Server) -> None:
    for path in PAGES:
        page.goto(f"/{path}")
        settled(page)
    libraries = {entry.path for entry in psutil.Process(server.pid).memory_maps()}
    assert any("ai_edge_litert" in library for library in libraries)
    assert not [library for library in libraries if "/tensorflow/" in library]


def test_a_page_whose_first_connection_is_cut_is_still_that_page(browser: Browser, server: Server) -> None:
    """The browser has not heard yet which pages there are when it connects once more."""
    connections: list[WebSocketRoute] = []

    def connect(socket: WebSocketRoute) -> None:
        connections.append(socket)
        to_server, is_first, heard = socket.connect_to_server(), len(connections) == 1, [0]

        def tell(message: str | bytes) -> None:
            heard[0] += 1
            if is_first and heard[0] == 3:
                socket.close(code=1011)
                to_server.close()
            elif not is_first or heard[0] < 3:
                socket.send(message)

        to_server.on_message(tell)

    with tab(browser, server.url) as page:
        page.route_web_socket("**/_stcore/stream", connect)
        page.goto("/lessons?lesson=duel")
        expect(page.get_by_role("button", name="Start the clock")).to_be_visible()
        expect(page).to_have_url(re.compile(r"/lessons\?lesson=duel$"))
        assert len(connections) == 2
