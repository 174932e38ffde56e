"""Explore and Data sets in a real browser: digits chosen by mouse and keyboard, sets brought, looked at and deleted."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.io.export import FileFormat, format_of, write
from mnist_dash.ui.explore import VIEWS
from tests.browser.test_pages import settled

pytestmark = pytest.mark.browser


def grid(page: Page, name: str | re.Pattern[str] = re.compile(r"^\d+ training images$")) -> Locator:
    """The tiles of a sheet of digits."""
    return page.get_by_role("listbox", name=name).get_by_role("option")


@pytest.mark.parametrize(("scheme", "size"), [("light", (1440, 900)), ("dark", (390, 844))])
def test_every_view_opens_in_both_themes_and_sizes(page: Page, scheme: str, size: tuple[int, int]) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/explore?view={list(VIEWS)[-1]}")
    for view, title in VIEWS.items():
        page.get_by_role("radio", name=title, exact=True).click()
        expect(page).to_have_url(re.compile(f"view={view}"))
        settled(page)
        # Nothing may be cut or need scrolling sideways.
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= size[0]


def test_a_digit_is_chosen_with_the_mouse_and_its_link_shows_it_again(page: Page) -> None:
    page.goto("/explore?view=samples")
    expect(page.get_by_role("heading", name="Image 0", exact=True)).to_be_visible()
    name = grid(page).nth(7).get_attribute("aria-label")
    grid(page).nth(7).click()
    expect(page.get_by_role("heading", name="Image 7", exact=True)).to_be_visible()
    assert name
    expect(page.get_by_test_id("stMetric").filter(has_text="Label")).to_contain_text(name[-1])
    expect(page).to_have_url(re.compile("image=7"))
    page.reload()
    expect(page.get_by_role("heading", name="Image 7", exact=True)).to_be_visible()
    expect(grid(page).nth(7)).to_have_attribute("aria-selected", "true")


def test_a_digit_is_chosen_with_the_keyboard(page: Page) -> None:
    page.goto("/explore?view=samples")
    grid(page).first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Image 2", exact=True)).to_be_visible()


def test_four_hundred_digits_are_one_picture_and_every_tile_shows_its_part(page: Page) -> None:
    page.goto("/explore?view=samples&size=S")
    expect(grid(page)).to_have_count(400)
    assert page.locator(".mnist-dash-tiles img").count() == 0
    places = {tile.evaluate("node => node.style.backgroundPosition") for tile in grid(page).all()[:45]}
    assert len(places) == 45


def test_a_neighbour_can_be_chosen_and_is_looked_at_in_its_turn(page: Page) -> None:
    page.goto("/explore?view=samples&split=test&image=3")
    neighbour = grid(page, "Nearest training images").first
    index = re.match(r"Image (\d+)", neighbour.get_attribute("aria-label") or "")
    assert index
    neighbour.click()
    expect(page.get_by_role("heading", name=f"Image {int(index[1]):,}", exact=True)).to_be_visible()
    expect(page.get_by_role("radio", name="Training")).to_have_attribute("aria-checked", "true")


def upload(page: Page, *files: Path) -> None:
    """Give files to the page as a person does."""
    page.goto("/datasets")
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("stFileUploaderDropzone").get_by_role("button", name="Upload").last.click()
    chooser.value.set_files(files)
    page.get_by_role("button", name="Read them").click()


def card_of(page: Page, name: str) -> Locator:
    """What the page of all sets shows of one."""
    return page.get_by_test_id("stVerticalBlock").filter(has=page.get_by_text(name, exact=True)).last


def delete(page: Page, name: str) -> None:
    """Delete a set on the page of all sets, from wherever the page stands."""
    page.get_by_role("link", name="Data sets").click()
    expect(page.get_by_role("heading", name="Data sets", exact=True)).to_be_visible()
    settled(page)
    card_of(page, name).get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text(name, exact=True)).not_to_be_visible()


def test_a_csv_is_read_shown_named_explored_trained_on_and_deleted(page: Page, tmp_path: Path) -> None:
    write(tmp_path / "mine.csv", generate(300, 5))
    upload(page, tmp_path / "mine.csv")
    expect(page.get_by_text(re.compile("training and .* test digits were understood"))).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("My digits")
    page.get_by_role("button", name="Take them in").click()
    expect(page.get_by_text("cannot be used")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("mine")
    page.get_by_role("button", name="Take them in").click()
    expect(page.get_by_text("mine is here now")).to_be_visible()
    settled(page)
    card_of(page, "mine").get_by_role("link", name="Explore").click()
    expect(page.get_by_role("combobox", name="Data set")).to_have_value("mine")
    expect(page.get_by_test_id("stMetric").filter(has_text="Training images")).to_contain_text("260")
    page.get_by_role("link", name="Train", exact=True).click()
    expect(page.get_by_text(re.compile("epochs on 234 images"))).to_be_visible()
    delete(page, "mine")


def test_dark_ink_of_another_size_in_a_zip_of_folders_is_understood(page: Page, tmp_path: Path) -> None:
    digits = generate(200, 6)
    write(tmp_path / "dark.zip", Digits(255 - np.asarray(digits.images), digits.labels))
    assert format_of(tmp_path / "dark.zip", FileFormat) is FileFormat.PICTURES
    upload(page, tmp_path / "dark.zip")
    expect(page.get_by_text(re.compile("test digits were understood"))).to_be_visible()
    expect(page.get_by_text(re.compile("dark ink on light paper", re.IGNORECASE)).first).to_be_visible()
    page.get_by_role("button", name="Throw them away").click()
    expect(page.get_by_test_id("stFileUploaderDropzone")).to_be_visible()


def test_a_file_that_holds_no_digits_is_refused_with_the_reason(page: Page, tmp_path: Path) -> None:
    (tmp_path / "letter.csv").write_text("label,pixel0\n3,1\n4,2\n")
    upload(page, tmp_path / "letter.csv")
    expect(page.get_by_role("alert")).to_contain_text("letter.csv")
    page.get_by_role("button", name="Choose other files").click()
    expect(page.get_by_test_id("stFileUploaderDropzone")).to_be_visible()
