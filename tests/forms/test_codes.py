"""What the codes of a form say, and what is none of them."""

import numpy as np
import pytest
import zxingcpp

from mnist_dash.errors import FormError
from mnist_dash.forms.codes import Corner, Label, check_label, draw_code, make_corners, read_corner, read_label
from mnist_dash.forms.layout import VERSION

STRANGE = Label("mine", 'Jürgen "Ü" Ōta \\ 8', "7F3K")


def test_corner_marks_have_the_fewest_modules_and_are_read_back() -> None:
    corners = make_corners("7F3K")
    assert [corner.number for corner in corners] == [0, 1, 2, 3]
    for corner in corners:
        assert draw_code(corner.text, "H").shape == (21, 21)
        assert read_corner(corner.text) == corner
    assert corners[2] == Corner(VERSION, 2, "7F3K")


def test_names_of_any_letters_go_on_a_form_and_come_back() -> None:
    check_label(STRANGE)
    assert read_label(STRANGE.text) == STRANGE
    code = np.kron(np.pad(draw_code(STRANGE.text, "L"), 4, constant_values=255), np.ones((6, 6), np.uint8))
    assert read_label(zxingcpp.read_barcodes(code)[0].text) == STRANGE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.org",
        "MD1 4 7F3K",
        "MD1 0 7f3k",
        "MD [1, 2, 3]",
        'MD ["7F3K", "mine"]',
        'MD ["no page", "mine", ""]',
        'MD {"page": "7F3K"}',
        "MD " + "[" * 5_000,
        'MD ["7F3K", "two\\nlines", ""]',
        f'MD ["7F3K", "{"m" * 41}", ""]',
    ],
)
def test_codes_of_others_are_passed_over(text: str) -> None:
    assert read_corner(text) is None
    assert read_label(text) is None


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (Label("m" * 41, "", "7F3K"), "name of the set has 41 characters; allowed are 40"),
        (Label("mine", "two\nlines", "7F3K"), "name of the writer .* of one line"),
    ],
)
def test_names_that_do_not_go_on_a_form_are_refused(label: Label, words: str) -> None:
    with pytest.raises(FormError, match=words):
        check_label(label)


def test_a_page_has_a_short_name() -> None:
    with pytest.raises(FormError, match="allowed are four capital letters or digits"):
        make_corners("page one")
