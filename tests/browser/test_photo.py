"""Photos in a real browser: uploaded, outlined and read, with the drawing still there afterwards."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from mnist_dash.sketch import pen
from tests.browser.test_pages import ONE, answer, draw, file_input, inked, settled

pytestmark = pytest.mark.browser

NUMBER = ([(60, 60), (180, 60), (100, 260)], [(290, 50), (285, 260)])


def shaded() -> FilePayload:
    """71 in dark ink on ruled paper, half of it in a hard shadow, as a camera writes it."""
    ink = pen.draw([4 * np.array(stroke, float) for stroke in NUMBER], 1600, 1200, 60)
    paper = np.full(ink.shape, 225.0)
    paper[60::90] = paper[61::90] = paper[62::90] = 160
    paper[:, 900:] *= 0.6
    light = np.where(ink, 0.2, 1) * paper + np.random.default_rng(0).normal(0, 3, ink.shape)
    file = io.BytesIO()
    Image.fromarray(np.clip(light, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=85)
    return {"name": "page.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def bring(page: Page, file: FilePayload) -> None:
    """Upload a file on a page that has come to rest."""
    settled(page)
    file_input(page, "Photo").set_input_files(file)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_photo_is_read_and_the_drawing_is_still_there(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/sketch")
    settled(page)
    draw(page, ONE)
    expect(answer(page)).to_have_text("1")
    settled(page)
    page.get_by_role("radio", name="Photo").click()
    expect(page.get_by_text("Bring a photo of digits on paper or on a board")).to_be_visible()
    assert page.locator("video").count() == 0
    bring(page, shaded())
    expect(answer(page)).to_have_text("71")
    expect(page.get_by_role("img", name="The photo with 2 digits outlined")).to_be_visible()
    expect(page.get_by_role("img", name="The ink that was found in the photo")).to_be_visible()
    expect(page).to_have_url(re.compile("way=photo$"))
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    settled(page)
    page.get_by_role("radio", name="Draw", exact=True).click()
    expect(answer(page)).to_have_text("1")
    settled(page)
    assert inked(page) > 500
    page.get_by_role("radio", name="Photo").click()
    expect(answer(page)).to_have_text("71")


def test_a_file_that_is_no_picture_is_refused_in_place(page: Page) -> None:
    page.goto("/sketch?way=photo")
    bring(page, {"name": "notes.png", "mimeType": "image/png", "buffer": b"a seven"})
    expect(page.get_by_text("notes.png cannot be read as a picture: it is text")).to_be_visible()
    bring(page, shaded())
    expect(answer(page)).to_have_text("71")
    expect(page.get_by_text("cannot be read")).to_have_count(0)
