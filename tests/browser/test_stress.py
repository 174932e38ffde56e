"""Stress in a real browser: the slider changes the digits under one's eyes, and curves are measured on demand."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.awaiting import milliseconds, until
from tests.browser.test_pages import settled

pytestmark = pytest.mark.browser
WRONG = "node => node.querySelectorAll('[data-wrong]').length"


def wrong(page: Page) -> int:
    """How many digits have the frame of those that are read wrong."""
    return int(page.get_by_role("listbox", name="Digits under stress").evaluate(WRONG))


def test_the_slider_changes_the_digits_and_marks_what_is_read_wrong(page: Page) -> None:
    page.goto("/stress?stress=invert&amount=0&models=cnn")
    settled(page)
    sheet = "node => getComputedStyle(node).getPropertyValue('--sheet')"
    digits = page.get_by_role("listbox", name="Digits under stress")
    first, few = digits.evaluate(sheet), wrong(page)
    slider = page.get_by_role("slider", name=re.compile("^By how much"))
    slider.focus()
    page.keyboard.press("End")
    until(lambda: wrong(page) > few + 20)
    settled(page)
    assert digits.evaluate(sheet) != first
    expect(page.get_by_text(re.compile(rf"^100 test digits, {wrong(page)} of them read wrong by cnn"))).to_be_visible()
    expect(page).to_have_url(re.compile("amount=1"))
    page.get_by_role("option").nth(5).click()
    expect(page.get_by_text("Changed", exact=True)).to_be_visible()
    expect(page.get_by_role("option").nth(5)).to_have_attribute("aria-selected", "true")


def test_curves_are_measured_by_a_process_of_their_own_and_are_there_again(page: Page) -> None:
    page.goto("/stress?stress=stripes&models=cnn,reader")
    settled(page)
    page.get_by_role("button", name=re.compile("^Measure on")).click()
    chart = page.get_by_role("figure", name="Accuracy of each model against stripes")
    expect(chart.locator("svg.main-svg").first).to_be_visible()
    names = "node => node.data.filter(({ mode }) => mode === 'lines+markers').map(({ name }) => name)"
    assert chart.evaluate(names) == ["cnn", "reader"]
    page.reload()
    expect(chart.locator("svg.main-svg").first).to_be_visible()


def test_a_nudge_is_found_and_follows_the_slider(page: Page) -> None:
    page.goto("/stress?stress=nudge&amount=0&models=cnn")
    digits = page.get_by_role("listbox", name="Digits under stress")
    expect(digits).to_be_visible(timeout=milliseconds())
    settled(page)
    few = wrong(page)
    page.get_by_role("slider", name=re.compile("^By how much")).focus()
    page.keyboard.press("End")
    until(lambda: wrong(page) > few + 20)


@pytest.mark.parametrize(("scheme", "size"), [("light", (1440, 900)), ("dark", (390, 844))])
def test_a_damaged_model_is_looked_at_in_both_themes_and_sizes(page: Page, scheme: str, size: tuple[int, int]) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("/stress?lab=model&damage=prune&by=90")
    expect(page.get_by_test_id("stMetric").filter(has_text="Damaged, read right")).to_be_visible()
    settled(page)
    expect(page.get_by_role("figure", name="Accuracy against prune")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
