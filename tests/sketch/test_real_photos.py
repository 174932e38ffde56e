"""Photos and a form of real people; they are not part of the project, and where they are absent nothing is tested."""

import json

import numpy as np
import pytest
from PIL import Image

from benchmarks.real_photos import HANDS, count_cells, count_right, read_page, read_struck_row
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.cut_confidence import make_cut_confidence
from mnist_dash.models.rejection import load_digit_detector
from mnist_dash.sketch.photo import TURNED, read_photo
from tests.sketch.test_photo import file_of

PAGES = HANDS / "photos"
HERE = pytest.mark.skipif(not PAGES.is_dir(), reason="../shared/hands is not here")


def test_digits_are_right_in_their_order_and_line() -> None:
    assert count_right(["123", "45"], ["123", "45"]) == 5
    assert count_right(["123", "45"], ["12?3", "", "5"]) == 4
    assert count_right(["123", "45"], ["45", "123"]) == 3


@HERE
def test_telephone_numbers_are_read_on_pages_as_they_were_taken() -> None:
    truth: dict[str, list[str]] = json.loads((PAGES / "truth.json").read_text("utf-8"))
    right = sum(count_right(lines, read_page(PAGES / name)) for name, lines in truth.items())
    assert right >= 76  # of 81; 30 where lines were parted by what is nearest and pages were not turned


@HERE
@pytest.mark.parametrize("quarters", TURNED)
def test_a_page_is_turned_upright_and_it_is_said(quarters: int) -> None:
    confidence = make_cut_confidence(load_bundled(DEFAULT), load_digit_detector())
    with Image.open(PAGES / "5_A4.png") as image:
        lying = file_of(image.rotate(-90 * quarters, expand=True))
        found = read_photo(lying, "lying", confidence)
        assert found.shown.width / found.shown.height == pytest.approx(image.width / image.height, rel=0.01)
    assert found.notes == (TURNED[quarters],)
    assert found.lines == [8, 5, 8, 4]


@HERE
def test_the_cells_of_a_form_are_found_without_its_grid() -> None:
    form = read_photo(HANDS / "paper_form.jpg", "form")
    assert count_cells(form) >= 580
    assert np.mean([box[2] - box[0] for box in form.boxes]) < 0.03


@HERE
def test_digits_of_a_form_that_are_struck_out_are_refused_and_those_beside_them_are_read() -> None:
    form = read_photo(
        HANDS / "paper_form.jpg", "form", make_cut_confidence(load_bundled(DEFAULT), load_digit_detector())
    )
    found = read_struck_row(form)
    assert found["refused"] >= 11
    assert found["struck"] == 13
    assert str(found["read"]).startswith("15633?")
