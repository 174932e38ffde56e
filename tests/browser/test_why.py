"""Why, in a real browser: opened on a drawn digit, a channel clicked, another digit asked for."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import SEVEN, answer, draw, settled

pytestmark = pytest.mark.browser


def explained(page: Page) -> None:
    """Draw a 7 and open Why on it."""
    page.goto("/sketch")
    settled(page)
    draw(page, SEVEN)
    expect(answer(page)).to_have_text("7")
    page.get_by_text("Why", exact=True).click()
    expect(page.get_by_role("heading", name="Why this answer")).to_be_visible()
    expect(page.get_by_text("Their labels, the nearest first")).to_be_visible()
    settled(page)


def test_a_drawn_digit_is_explained_and_a_channel_is_looked_at_from_near(page: Page) -> None:
    explained(page)
    expect(page).to_have_url(re.compile("closer=why"))
    expect(page.get_by_text("speaks most for 7")).to_be_visible()
    expect(
        page.get_by_role("figure", name="What speaks for 7 and against it").locator("svg.main-svg").first
    ).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Your sketch: .* and it reads"))).to_be_visible()
    expect(page.get_by_role("listbox", name="Nearest training digits").get_by_role("option")).to_have_count(8)
    channels = page.get_by_role("listbox", name="Channels of Convolution 1").get_by_role("option")
    channels.nth(5).click()
    expect(page.get_by_text("Channel 5 of Convolution 1")).to_be_visible()
    expect(channels.nth(5)).to_have_attribute("aria-selected", "true")
    page.get_by_text("Convolution 3", exact=True).click()
    expect(page.get_by_role("listbox", name="Channels of Convolution 3")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Channel \d+ of Convolution 3"))).to_be_visible()
    settled(page)


def test_a_neighbour_is_opened_in_explore(page: Page) -> None:
    explained(page)
    neighbour = page.get_by_role("listbox", name="Nearest training digits").get_by_role("option").nth(2)
    name = neighbour.get_attribute("aria-label")
    assert name
    number = re.search(r"\d+", name)
    assert number
    neighbour.click()
    expect(page.get_by_role("heading", name=f"Image {int(number[0]):,}", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(rf"explore.*image={number[0]}"))
    settled(page)


def test_why_fits_a_phone_in_the_dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    explained(page)
    # Nothing may be cut or need scrolling sideways.
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
