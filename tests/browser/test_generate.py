"""Digits that imaginary writers write, in the browser: a slider moved, a set made, and a phone that fits it all."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.awaiting import until
from tests.browser.conftest import Server, tab
from tests.browser.test_explore import card_of
from tests.browser.test_pages import settled

pytestmark = pytest.mark.browser

LINK = "/datasets?data_view=generate"
WIDE = "document.documentElement.scrollWidth"


def picture(page: Page) -> str:
    """The address of the preview, which holds the picture itself."""
    return page.get_by_role("img", name="Digits of six writers, a row each").get_attribute("src") or ""


def test_a_slider_changes_the_preview_and_the_link_and_a_set_is_made(page: Page) -> None:
    page.goto(LINK)
    settled(page)
    before = picture(page)
    slider = page.get_by_role("slider", name=re.compile("Slant"))
    slider.press("ArrowRight")
    until(lambda: picture(page) != before)
    expect(page).to_have_url(re.compile("hand_slant=5"))
    page.get_by_role("spinbutton", name="Training digits").fill("200")
    page.get_by_role("textbox", name="Name").fill("slanted")
    page.get_by_role("button", name="Make the set").click()
    expect(page.get_by_text("slanted is here now.")).to_be_visible()
    page.get_by_test_id("stMainBlockContainer").get_by_role("link", name="Explore").click()
    expect(page.get_by_role("combobox", name="Data set")).to_have_value("slanted")
    expect(page.get_by_test_id("stMetric").filter(has_text="Training images")).to_contain_text("200")
    page.get_by_role("link", name="Data sets").click()
    page.get_by_role("radio", name="Your sets").click()
    settled(page)
    card_of(page, "slanted").get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("slanted", exact=True)).not_to_be_visible()


def test_on_a_phone_the_preview_stands_first_and_nothing_is_cut(browser: Browser, server: Server) -> None:
    with tab(browser, server.url, {"width": 390, "height": 844}, phone=True) as page:
        page.goto(LINK)
        settled(page)
        assert page.evaluate(WIDE) == 390
        preview = page.get_by_role("img", name="Digits of six writers, a row each").bounding_box()
        slider = page.get_by_role("slider", name=re.compile("Slant")).bounding_box()
        assert preview
        assert slider
        assert preview["x"] >= 0
        assert preview["x"] + preview["width"] <= 390
        assert preview["y"] + preview["height"] < slider["y"] < 844
