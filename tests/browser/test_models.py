"""Models in a real browser: a model is asked, its mistakes are looked at, a cell of the matrix is pressed."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from mnist_dash.ui.models import VIEWS
from tests.awaiting import milliseconds, until
from tests.browser.test_pages import ONE, draw, settled
from tests.browser.test_pages import answer as read

pytestmark = pytest.mark.browser
PLACE = """(node, [label, answer]) => {
  const { xaxis, yaxis } = node._fullLayout
  const { left, top } = node.getBoundingClientRect()
  return [left + xaxis._offset + xaxis.d2p(answer), top + yaxis._offset + yaxis.d2p(label)]
}"""


def figure(page: Page, label: str) -> Locator:
    """One of the figures under the choices."""
    return page.get_by_test_id("stMetric").filter(has_text=label)


def cell(page: Page, digit: int) -> Locator:
    """The images of a digit that are read right, as tiles."""
    return page.get_by_role("listbox", name=re.compile(f"^Images of {digit} that are read as {digit}"))


def choose_cell(page: Page, digit: int) -> None:
    """Choose the cell of a digit that is read right from the list, which holds only what is in sight."""
    settled(page)
    page.get_by_role("combobox", name="Cell").click()
    page.keyboard.type(f"{digit} read as {digit}")
    page.get_by_role("option", name=re.compile(f"^{digit} read as {digit}")).click()


def press(page: Page, matrix: Locator, digit: int) -> None:
    """Point at the cell of a digit that is read right, until it is told in words, and press it."""
    matrix.scroll_into_view_if_needed()
    page.mouse.move(*matrix.evaluate(PLACE, [digit, digit]))
    expect(matrix.locator(".hoverlayer")).to_contain_text(f"{digit} read as {digit}")
    page.mouse.down()
    page.mouse.up()


@pytest.mark.parametrize(("scheme", "size"), [("light", (1440, 900)), ("dark", (390, 844))])
def test_every_view_opens_in_both_themes_and_sizes(page: Page, scheme: str, size: tuple[int, int]) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/models?model=cnn&model_view={list(VIEWS)[-1]}")
    expect(figure(page, "Read right")).to_be_visible(timeout=milliseconds())
    for view, title in VIEWS.items():
        page.get_by_role("radio", name=title, exact=True).click()
        expect(page).to_have_url(re.compile(f"model_view={view}"))
        settled(page)
        # Nothing may be cut or need scrolling sideways.
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= size[0]


def test_a_cell_of_the_matrix_opens_its_images(page: Page) -> None:
    page.goto("/models?model=cnn&model_view=confusion")
    matrix = page.get_by_role("figure", name="Confusion matrix")
    expect(matrix.locator(".plot-container")).to_be_visible(timeout=milliseconds())
    settled(page)
    for digit in (3, 0):
        press(page, matrix, digit)
        expect(cell(page, digit)).to_be_visible()
    # Chosen from the list, the images are another cell's, and the frame moves along.
    choose_cell(page, 7)
    expect(cell(page, 7)).to_be_visible()
    framed = "node => { const [{ x0, y0 }] = node.layout.shapes; return [x0, y0] }"
    until(lambda: matrix.evaluate(framed) == [6.5, 6.5])
    # The same cell as was pressed last can be pressed again.
    press(page, matrix, 0)
    expect(cell(page, 0)).to_be_visible()


def test_a_cell_of_the_digits_from_elsewhere_opens_its_images(page: Page) -> None:
    page.goto("/models?model=cnn&model_view=elsewhere")
    button = page.get_by_role("button", name="Read them")
    expect(button).to_be_visible(timeout=milliseconds())
    settled(page)
    button.click()
    cells = page.get_by_role("figure", name="Share of each digit", exact=True)
    # Streamlit has a button of that name too, above the page, while it draws.
    stop = page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop")
    expect(stop).to_be_visible()
    expect(stop).to_have_count(0, timeout=milliseconds())
    expect(cells.locator("svg.main-svg").first).to_be_visible(timeout=milliseconds())
    settled(page)
    for drawn in (page.get_by_role("figure", name="Share of each data set that is read right"), cells):
        drawn.hover()
        bar, first = drawn.locator(".modebar-group").first.bounding_box(), drawn.locator(".ytick").first.bounding_box()
        # Its bar of buttons lies on nothing of the first row.
        assert bar
        assert first
        assert bar["y"] + bar["height"] <= first["y"]
    row = cells.evaluate("node => node.layout.yaxis.ticktext.indexOf('Optdigits (Turkey)')")
    page.mouse.move(*cells.evaluate(PLACE, [row, 9]))
    expect(cells.locator(".hoverlayer")).to_contain_text("images of 9 are read right")
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_role("listbox", name=re.compile("images of 9 in Optdigits"))).to_be_visible()
    page.get_by_role("button", name="All mistakes in Optdigits (Turkey)").click()
    expect(page).to_have_url(re.compile("data=optdigits"))
    expect(figure(page, "Wrong")).to_contain_text("of 1,797")


def test_an_image_is_chosen_among_the_mistakes_and_opened_in_explore(page: Page) -> None:
    # What was chosen there before, training images, gives way.
    page.goto("/explore?view=samples")
    expect(page.get_by_role("radio", name="Training", exact=True)).to_be_checked(timeout=milliseconds())
    settled(page)
    page.get_by_role("link", name="Models").click()
    page.get_by_role("radio", name="Confusion", exact=True).click()
    tiles = page.get_by_role("listbox", name=re.compile("^Images of")).get_by_role("option")
    expect(tiles.first).to_be_visible(timeout=milliseconds())
    choose_cell(page, 1)
    tiles = cell(page, 1).get_by_role("option")
    name = tiles.nth(1).get_attribute("aria-label")
    assert name
    tiles.nth(1).click()
    expect(tiles.nth(1)).to_have_attribute("aria-selected", "true")
    index = name.split()[1].rstrip(",")
    page.get_by_role("button", name="Open in Explore").click()
    expect(page.get_by_role("heading", name=f"Image {index}", exact=True)).to_be_visible(timeout=milliseconds())
    expect(page.get_by_role("radio", name="Test", exact=True)).to_be_checked()


def test_two_models_are_compared_and_the_link_shows_it_again(page: Page) -> None:
    page.goto("/models?model=reader&model_view=comparison&against=cnn")
    expect(page.get_by_text("Is one better?")).to_be_visible(timeout=milliseconds())
    expect(page.get_by_text(re.compile("McNemar's test, p|read the same images right|even\\."))).to_be_visible()
    page.reload()
    expect(page.get_by_text("Is one better?")).to_be_visible(timeout=milliseconds())


def test_a_mistake_opens_in_sketch_and_the_drawing_is_there_afterwards(page: Page) -> None:
    page.goto("/sketch")
    expect(read(page)).to_have_text("–", timeout=milliseconds())
    settled(page)
    draw(page, ONE)
    expect(read(page)).to_have_text("1")
    page.get_by_role("link", name="Models").click()
    page.get_by_role("radio", name="Mistakes", exact=True).click()
    opens = page.get_by_role("button", name="Open in Sketch")
    expect(opens).to_be_visible(timeout=milliseconds())
    settled(page)
    label = page.get_by_text("but its label says").locator("strong").inner_text()
    digit = figure(page, "It reads").get_by_test_id("stMetricValue").inner_text()
    opens.click()
    expect(page.get_by_text(re.compile(f"of the test images, label {label}\\."))).to_be_visible(timeout=milliseconds())
    expect(page).to_have_url(re.compile("way=image"))
    expect(read(page)).to_have_text(re.compile(f"[{digit}?]"))
    page.get_by_role("radio", name="Why", exact=True).click()
    expect(page.get_by_text("What speaks for it, and against")).to_be_visible(timeout=milliseconds())
    settled(page)
    page.get_by_role("radio", name="Draw", exact=True).click()
    expect(read(page)).to_have_text("1")
