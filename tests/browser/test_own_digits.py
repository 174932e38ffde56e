"""Own digits as a person writes them: with mouse, keys and finger, over reloads, and in two tabs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from mnist_dash.own_digits.collection import count_by_label, read_every
from mnist_dash.own_digits.sets import SKETCH, delete_own_set, list_sets
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database
from tests.awaiting import milliseconds, until
from tests.browser.conftest import Server, tab
from tests.browser.test_canvas import ready
from tests.browser.test_pages import ONE, SEVEN, draw, file_input, inked, settled
from tests.forms.conftest import page_of, scan

pytestmark = pytest.mark.browser


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    """The database of the app, left without own digits."""
    with open_database(Settings(home=server.home)) as database:
        yield database
        for one in list_sets(database):
            delete_own_set(database, one.key)


@pytest.fixture
def writing(page: Page, database: Database) -> Page:
    """The page that asks for a digit."""
    assert count_by_label(database) == {}
    page.goto("/own_digits")
    ready(page)
    return page


def asked(page: Page) -> int:
    """The digit that is asked for."""
    words = page.get_by_role("heading", name=re.compile(r"^Write an? \d$")).inner_text()
    return int(words[-1])


def keep(page: Page, digit: int) -> None:
    """Press Enter, and wait until the next digit is asked for."""
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(rf"Kept as an? {digit}\."))).to_be_visible()


def stroke(page: Page, points: list[tuple[int, int]]) -> None:
    """Draw, and wait until the stroke is known."""
    settled(page)
    draw(page, points)
    expect(page.get_by_role("button", name="Clear")).to_be_enabled()


def test_digits_are_written_one_after_another_with_keys_for_all_else(writing: Page, database: Database) -> None:
    first = asked(writing)
    stroke(writing, SEVEN)
    keep(writing, first)
    until(lambda: inked(writing) == 0)
    second = asked(writing)
    assert second != first
    # A stroke is taken back, and it is another digit.
    stroke(writing, SEVEN)
    writing.keyboard.press("Control+z")
    until(lambda: inked(writing) == 0)
    other = (second + 3) % 10
    stroke(writing, ONE)
    writing.keyboard.press(str(other))
    expect(writing.get_by_role("heading", name=re.compile(rf"^Write an? {other}$"))).to_be_visible()
    keep(writing, other)
    assert [digit.label for digit in read_every(database)] == [first, other]
    assert all((digit.seconds or 0) > 0 for digit in read_every(database))
    settled(writing)
    writing.get_by_role("button", name="Take back").click()
    expect(writing.get_by_text(f"The last {other} is taken back.")).to_be_visible()
    assert asked(writing) == other
    assert count_by_label(database) == {first: 1}


def test_a_reload_keeps_the_drawing_and_what_it_is(writing: Page, database: Database) -> None:
    settled(writing)
    first = asked(writing)
    writing.get_by_role("button", name="Skip").click()
    until(lambda: asked(writing) != first)
    before = asked(writing)
    stroke(writing, SEVEN)
    settled(writing)
    writing.reload()
    ready(writing)
    until(lambda: inked(writing) > 1_000)
    assert asked(writing) == before
    keep(writing, before)
    until(lambda: inked(writing) == 0)
    writing.reload()
    ready(writing)
    assert inked(writing) == 0
    assert count_by_label(database) == {before: 1}


def test_two_tabs_write_into_one_set(writing: Page, browser: Browser, server: Server, database: Database) -> None:
    first = asked(writing)
    stroke(writing, SEVEN)
    with tab(browser, server.url) as other:
        other.goto("/own_digits")
        ready(other)
        assert asked(other) == first
        stroke(other, ONE)
        keep(other, first)
    assert asked(writing) == first
    keep(writing, first)
    assert count_by_label(database) == {first: 2}


def test_a_set_that_another_one_deletes_is_said_in_words(writing: Page, database: Database) -> None:
    writing.get_by_role("button", name="New set").click()
    writing.get_by_role("textbox", name="Name").fill("mine")
    writing.get_by_role("button", name="Make it").click()
    expect(writing.get_by_role("combobox", name="Set")).to_have_value("mine")
    ready(writing)
    stroke(writing, SEVEN)
    delete_own_set(database, next(one.key for one in list_sets(database) if one.key != SKETCH))
    settled(writing)
    writing.keyboard.press("Escape")
    writing.get_by_role("button", name="Keep").click()
    expect(writing.get_by_text("it was deleted meanwhile")).to_be_visible()
    assert inked(writing) > 1_000


def test_a_finger_writes_on_a_phone(browser: Browser, server: Server, database: Database) -> None:
    with tab(browser, server.url, {"width": 390, "height": 844}, phone=True) as page:
        page.goto("/own_digits")
        ready(page)
        digit = asked(page)
        box = page.locator("canvas.upper-canvas").bounding_box()
        assert box
        # The sheet and its button are on the screen together.
        page.get_by_role("button", name="Keep").scroll_into_view_if_needed()
        draw(page, SEVEN)
        expect(page.get_by_role("button", name="Clear")).to_be_enabled()
        page.get_by_role("button", name="Keep").tap()
        expect(page.get_by_text(re.compile(rf"Kept as an? {digit}\."))).to_be_visible()
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    assert count_by_label(database) == {digit: 1}
    assert server.faults() == []


def test_a_page_is_brought_and_a_digit_out_of_place_left_out_by_a_click(
    page: Page, database: Database, tmp_path: Path
) -> None:
    page_of("1470", "2581").save(tmp_path / "page.png")
    page.goto("/own_digits?own_view=paper")
    page.get_by_role("radio", name="Any page").click()
    # The place for files of sheets gives way to one for pages.
    expect(page.get_by_text("Photos of pages")).to_be_visible()
    settled(page)
    file_input(page, "Photos of pages").set_input_files(tmp_path / "page.png")
    told = page.get_by_role("textbox", name="What is written")
    expect(told).to_have_value("1470\n2581", timeout=milliseconds())
    page.reload()
    expect(told).to_have_value("1470\n2581")
    listed = page.get_by_role("listbox", name="Digits of page.png").get_by_role("option")
    expect(listed).to_have_count(8)
    expect(listed.first).to_have_attribute("aria-label", "Line 1, digit 4: 0")
    keep_seven, keep_all = (page.get_by_role("button", name=f"Keep {count} digits") for count in (7, 8))
    listed.first.click()
    expect(keep_seven).to_be_visible()
    listed.first.click()
    expect(keep_all).to_be_visible()
    listed.first.click()
    keep_seven.click()
    expect(page.get_by_text("7 digits of page.png are in own-digits now.")).to_be_visible()
    expect(told).to_have_count(0)
    assert "pages" not in page.url
    assert count_by_label(database) == {1: 2, 2: 1, 4: 1, 5: 1, 7: 1, 8: 1}


def test_a_file_shows_how_far_it_is_and_can_be_stopped(page: Page, tmp_path: Path) -> None:
    scan().save(tmp_path / "scan.pdf", save_all=True, append_images=[scan()] * 9, resolution=150)
    page.goto("/own_digits?own_view=paper")
    settled(page)
    file_input(page, "Photos or scans of sheets").set_input_files(tmp_path / "scan.pdf")
    expect(page.get_by_text(re.compile(r"Page \d+ of 10: .*left"))).to_be_visible()
    # A reload does not lose what is on its way.
    page.reload()
    expect(page.get_by_role("progressbar")).to_be_visible()
    # Streamlit has a button of that name too, above the page, while it draws.
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("It was stopped before all of it was read.")).to_be_visible()
    expect(page.get_by_role("button", name="Read it again")).to_be_visible()
    page.get_by_role("button", name="Put away").click()
    expect(page.get_by_text("scan.pdf")).to_have_count(0)
