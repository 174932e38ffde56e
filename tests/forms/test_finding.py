"""Forms are found wherever they lie, and what cannot be cut is refused with the reason."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from mnist_dash.arrays import GreyBytes, Points
from mnist_dash.errors import FormError
from mnist_dash.forms import codes, finding, layout
from mnist_dash.forms.codes import Label
from mnist_dash.forms.finding import find_forms, fit_matrix, map_points
from mnist_dash.forms.printing import Paper
from tests.forms.conftest import LABEL, scan

DOTS = 150 / 25.4
"""Pixels of a millimetre of a scan."""


def grey(image: Image.Image) -> GreyBytes:
    return np.asarray(image.convert("L"))


def cover(image: Image.Image, *marks: int) -> Image.Image:
    """The scan of A4 with a finger on some of its corner marks."""
    covered = image.copy()
    for mark in marks:
        left, top = (np.array(layout.MARKS[mark]) + (np.array([210, 297]) - layout.GRID) / 2) * DOTS
        covered.paste("tan", (int(left) + 10, int(top) + 10, int(left) + 70, int(top) + 70))
    return covered


def measure_error(form: finding.FoundForm, paper: tuple[float, float]) -> float:
    """How far, in millimetres, the boxes of an upright scan lie from where they are said to be."""
    corners: Points = np.array([(box.left, box.top) for box in layout.BOXES])
    printed = (corners + (np.array(paper) - layout.GRID) / 2) * DOTS
    return float(np.abs(map_points(form.matrix, corners) - printed).max()) / DOTS


@pytest.mark.parametrize(("paper", "size"), [(Paper.A4, (210.0, 297.0)), (Paper.LETTER, (215.9, 279.4))])
def test_a_scan_on_either_paper_is_found_to_a_fraction_of_a_millimetre(paper: Paper, size: tuple[float, float]) -> None:
    image = scan(paper=paper)
    [form] = find_forms(grey(image))
    assert (form.page, form.corners, form.label) == ("7F3K", [0, 1, 2, 3], LABEL)
    assert measure_error(form, size) < 0.25


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_sheet_that_lies_on_its_side_or_stands_on_its_head_is_found_as_it_is_read(
    empty: Image.Image, quarters: int
) -> None:
    [form] = find_forms(grey(empty.rotate(90 * quarters, expand=True)))
    first, last = map_points(form.matrix, np.array([[0.0, 0.0], list(layout.GRID)]))
    assert {1: first[0] < last[0] and first[1] > last[1], 2: first[0] > last[0] and first[1] > last[1]}.get(
        quarters, bool(first[0] > last[0] and first[1] < last[1])
    )


@pytest.mark.parametrize("covered", [(0,), (3,), (0, 3), (1, 2), (2, 3)])
def test_two_corner_marks_are_enough(empty: Image.Image, covered: tuple[int, ...]) -> None:
    [form] = find_forms(grey(cover(empty, *covered)))
    assert form.corners == [mark for mark in range(4) if mark not in covered]
    assert measure_error(form, (210, 297)) < 1


def test_one_corner_mark_is_too_few(empty: Image.Image) -> None:
    with pytest.raises(FormError, match="Only 1 of the form's four corner marks can be read; needed are 2"):
        find_forms(grey(cover(empty, 0, 1, 2)))


def test_half_a_form_is_found_by_the_marks_that_it_has(empty: Image.Image) -> None:
    [form] = find_forms(grey(empty.crop((0, 0, empty.width, empty.height // 2))))
    assert form.corners == [0, 1]


def test_two_forms_in_one_picture_are_two(empty: Image.Image) -> None:
    other = scan(Label("mine", "Bob", "AAAA"))
    both = Image.new("RGB", (2 * empty.width, empty.height), "white")
    both.paste(empty, (0, 0))
    both.paste(other, (empty.width, 0))
    assert [(form.page, form.label.writer if form.label else "") for form in find_forms(grey(both))] == [
        ("7F3K", "Ada"),
        ("AAAA", "Bob"),
    ]


def test_what_is_no_form_is_said_to_be_none() -> None:
    with pytest.raises(FormError, match="There is no form in this picture"):
        find_forms(np.full((400, 300), 255, np.uint8))


def test_a_form_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "VERSION", 2)
    image = scan()
    with pytest.raises(FormError, match="of version 2; this program reads version 1"):
        find_forms(grey(image))


def test_a_form_of_which_a_second_copy_is_in_the_picture_is_not_guessed(empty: Image.Image) -> None:
    both = Image.new("RGB", (2 * empty.width, empty.height), "white")
    both.paste(empty, (0, 0))
    both.paste(empty, (empty.width, 0))
    with pytest.raises(FormError, match="twice in this picture"):
        find_forms(grey(both))


def test_a_matrix_leads_from_points_to_where_they_are_seen() -> None:
    matrix = np.array([[1.2, 0.1, 30], [-0.2, 0.9, 5], [1e-4, -2e-4, 1]])
    points = np.random.default_rng(0).uniform(0, 200, (12, 2))
    assert np.allclose(fit_matrix(points, map_points(matrix, points)), matrix)


def test_codes_whose_modules_are_two_pixels_wide_are_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    image = scan(dots=200).convert("L").rotate(20, Image.Resampling.BICUBIC, expand=True, fillcolor=200)
    side = 3.6 / (200 / 25.4)
    small = image.resize((round(image.width * side), round(image.height * side)), Image.Resampling.BICUBIC)
    noise = np.random.default_rng(0).normal(0, 4, (small.height, small.width))
    levels = np.asarray(small.filter(ImageFilter.GaussianBlur(1.0)), np.float64) * 0.8 + noise
    picture = np.clip(levels, 0, 255).astype(np.uint8)
    [form] = find_forms(picture)
    assert (form.corners, form.label) == ([0, 1, 2, 3], LABEL)
    first, last = map_points(form.matrix, np.array([[0.0, 0.0], list(layout.GRID)]))
    assert np.linalg.norm(last - first) == pytest.approx(3.6 * np.linalg.norm(layout.GRID), rel=0.01)
    monkeypatch.setattr(finding, "_look_closer", lambda _grey, codes: codes)
    with pytest.raises(FormError):
        find_forms(picture)
