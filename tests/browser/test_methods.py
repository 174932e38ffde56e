"""Methods in a real browser: a dot and a row choose the same, and both are in the link."""

import re

import pytest
from playwright.sync_api import Page, expect

from mnist_dash.methods.claims import CLAIMS
from mnist_dash.methods.measured import read_record
from tests.browser.test_pages import settled

pytestmark = pytest.mark.browser
PLACE = """(node, place) => {
  const { xaxis, yaxis } = node._fullLayout, data = node.data.at(-1)
  const { left, top } = node.getBoundingClientRect()
  return [left + xaxis._offset + xaxis.c2p(data.x[place]), top + yaxis._offset + yaxis.c2p(data.y[place])]
}"""


def test_a_dot_a_row_and_the_link_choose_the_same_claim(page: Page) -> None:
    page.goto("/methods")
    settled(page)
    chart = page.get_by_role("figure", name=re.compile("^Test accuracy against time"))
    expect(chart.locator("svg.main-svg").first).to_be_visible()
    place = list(read_record().measured).index("one_instance")
    x, y = chart.evaluate(PLACE, place)
    page.mouse.move(x, y)
    expect(chart.locator(".hoverlayer")).to_contain_text(CLAIMS["one_instance"].title)
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_role("heading", name=CLAIMS["one_instance"].title)).to_be_visible()
    expect(page).to_have_url(re.compile("claim=one_instance"))
    settled(page)
    page.get_by_test_id("stDataFrame").scroll_into_view_if_needed()
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box
    # The head of the table, then a row for each claim; the marks stand at the left.
    page.mouse.click(box["x"] + 16, box["y"] + 37 + 30 * 0.5)
    expect(page.get_by_role("heading", name=CLAIMS["random"].title)).to_be_visible()
    expect(page).to_have_url(re.compile("claim=random"))


def test_what_others_published_stands_against_parameters(page: Page) -> None:
    page.goto("/methods?cost=parameters")
    settled(page)
    chart = page.get_by_role("figure", name=re.compile("^Test accuracy against parameters"))
    expect(chart.locator("svg.main-svg").first).to_be_visible()
    assert chart.evaluate("node => node.data.map(({ x }) => x.length)")[0] >= 5
    page.get_by_role("radio", name="Size").click()
    chart = page.get_by_role("figure", name=re.compile("^Test accuracy against size"))
    expect(chart.locator("svg.main-svg").first).to_be_visible()
    expect(page).to_have_url(re.compile("cost=size"))
