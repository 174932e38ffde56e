"""Handwriting as a person looks at it: nothing jumps or is cut, and a press puts another writer beside the set."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from mnist_dash.own_digits import collection
from mnist_dash.own_digits.records import label_digit
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from tests.browser.conftest import Server
from tests.browser.test_looks import FAINT, SHIFT, WATCH
from tests.browser.test_pages import settled
from tests.drawn import ONE, SEVEN, an_answer, drawing, sketch

pytestmark = pytest.mark.browser
VIEW = "/own_digits?own_view=handwriting"


@pytest.fixture
def written(server: Server) -> Iterator[None]:
    """Twelve own digits, 1s and 7s."""
    with open_database(Settings(home=server.home)) as database:
        for place in range(12):
            shape, label = (SEVEN, 7) if place % 2 else (ONE, 1)
            points = [(x + place, y) for x, y in shape]
            collection.save(database, label_digit(sketch(points), label, an_answer(label), drawing(points)))
        yield
        for digit in list(collection.read_every(database)):
            collection.remove(database, digit.key)


def opened(page: Page) -> None:
    """Open the view, and wait for all of it."""
    page.goto(VIEW)
    expect(page.get_by_role("heading", name="Digit by digit")).to_be_visible()
    page.get_by_role("figure", name="Where this hand lies").locator("svg.main-svg").first.wait_for()
    settled(page)


@pytest.mark.usefixtures("written")
def test_a_press_puts_another_writer_beside_the_set(page: Page) -> None:
    opened(page)
    second = page.get_by_role("button", name=re.compile(r"^Writer \d+$")).nth(1)
    writer = second.inner_text().strip()
    second.click()
    expect(page.get_by_role("img", name=f"The digits of {writer[0].lower()}{writer[1:]}, a row each")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"hand={writer.split()[1]}$"))
    page.reload()
    expect(page.get_by_role("img", name=f"The digits of {writer[0].lower()}{writer[1:]}, a row each")).to_be_visible()


@pytest.mark.usefixtures("written")
def test_nothing_jumps_and_every_word_stands_out(page: Page) -> None:
    page.add_init_script(f"({WATCH})()")
    opened(page)
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) < SHIFT, shifts
    assert page.evaluate(FAINT) == {}


@pytest.mark.usefixtures("written")
def test_on_a_phone_no_view_and_no_digit_is_cut(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page)
    views = page.get_by_role("radiogroup", name="View").get_by_role("radio")
    boxes = [box for view in views.all() if (box := view.bounding_box())]
    boxes += [box for picture in page.locator("[data-testid=stMain] img").all() if (box := picture.bounding_box())]
    assert len(boxes) > 10
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes), boxes
