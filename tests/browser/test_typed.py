"""What Streamlit makes of escaped texts in a real browser: every text that could be mark-up, in every kind of place."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from mnist_dash.escaping import printable
from tests.awaiting import until
from tests.browser.conftest import Server, started_alone, tab
from tests.typed import ADDRESS, TYPED

pytestmark = pytest.mark.browser

MADE = "a, img, b, code, em, del, input[type=checkbox], .katex, h1, h2, blockquote, hr, sup, li li, li ol"
LOOK = """MADE => [...document.querySelectorAll("[class*=st-key-typed_]")].map(place => [
  [...place.classList].find(name => name.startsWith("st-key-typed_")).split("_").slice(1),
  place.textContent + (place.querySelector("input[role=combobox]")?.value ?? ""),
  place.querySelectorAll(MADE).length,
])"""
"""Of every place: the number of its text, its kind, what is read in it, and how many elements only mark-up makes."""
UNTOLD = ("heading", "list", "chips")
"""Places with elements of their own."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page tests/browser/typed.py alone."""
    home = tmp_path_factory.mktemp("typed")
    shutil.copy(Path(__file__).with_name("typed.py"), home / "page.py")
    with started_alone(home, home / "page.py") as server:
        yield server


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A new tab, in which nothing is complained of: the page is also shown without escaping."""
    with tab(browser, server.url, {"width": 1440, "height": 900}) as page:
        yield page


def taken(page: Page, link: str) -> tuple[list[str], list[str]]:
    """What is not shown as it was typed, or was made to more than text; and the foreign addresses that were asked."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(link)
    expect(page.get_by_text("That is all.")).to_be_visible()
    page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'")
    # What is loaded late, as the reader of emoji and formulas, is there when nothing is asked for any more, and no
    # place is empty; but as typed, some texts leave nothing to read.
    until(lambda: _read(page) or "as-typed" in link)
    page.wait_for_load_state("networkidle")
    seen = page.evaluate(LOOK, MADE)
    wrong = []
    for (number, kind), text, made in seen:
        typed = TYPED[int(number)]
        wanted = typed if kind in ("list", "chips") else printable(typed.replace("\n", " "))
        if squeezed(wanted) not in squeezed(text) or (made and kind not in UNTOLD):
            wrong.append(f"{kind}: {wanted!r} is shown as {text!r}")
    return wrong, [url for url in asked if not url.startswith((page.url.split("?")[0], "data:", "blob:"))]


def _read(page: Page) -> bool:
    """Whether every place is there and has something to read."""
    seen = page.evaluate(LOOK, MADE)
    # The label of a list is there before what it holds.
    empty = [place for place in seen if place[1] in ("", "One", "Some")]
    return len(seen) == 15 * len(TYPED) and not empty


def squeezed(text: str) -> str:
    """A text without its spaces, which HTML shows as one."""
    return "".join(text.split())


def test_every_text_is_shown_as_it_was_typed_in_every_place(page: Page) -> None:
    assert taken(page, "/") == ([], [])


def test_without_escaping_texts_become_pictures_and_links(page: Page) -> None:
    """The look above can tell, and a browser does ask."""
    with page.expect_request(lambda request: ADDRESS in request.url):
        wrong, asked = taken(page, "/?as-typed")
    assert len(wrong) > 100
    assert asked
