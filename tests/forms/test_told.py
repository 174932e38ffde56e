"""A page that is no form: its lines are told, matched with what was found, and what is read otherwise is doubtful."""

import numpy as np
import pytest
from PIL import Image

from mnist_dash.errors import FormError
from mnist_dash.forms.reading import State
from mnist_dash.forms.told import MOST, ReadPage, describe_uneven, label_page, match_line, parse_told, read_page
from mnist_dash.models.drawing_answers import Answers
from mnist_dash.models.rejection import Verdict
from mnist_dash.sketch.mnist_preprocessing import preprocess
from mnist_dash.sketch.photo import read_photo
from tests.forms.conftest import file_of, page_of
from tests.forms.test_reading import ask


def answers(read: str) -> Answers:
    """As a model reads them, fairly sure; ? is refused."""
    probabilities = np.full((len(read), 10), 0.02, np.float32)
    for place, digit in enumerate(read):
        if digit != "?":
            probabilities[place, int(digit)] = 0.82
    verdicts = tuple(Verdict.STRUCK if digit == "?" else Verdict.DIGIT for digit in read)
    return Answers(probabilities, verdicts)


def page(*lines: str) -> ReadPage:
    """A page of which these lines are read."""
    stages = preprocess(np.eye(40, dtype=bool))
    assert stages
    return ReadPage([stages] * sum(map(len, lines)), answers("".join(lines)), list(map(len, lines)))


def labels(found: ReadPage, *told: str) -> list[tuple[int, int, int, State]]:
    """Number, line, label and state of every digit that is labelled."""
    return [(box.number, box.line, box.asked, box.state) for box in label_page(found, told)]


def matched(read: str, told: str) -> list[tuple[int, str]]:
    """The matching of a line."""
    return match_line(answers(read).probabilities, told)


def test_lines_are_told_with_anything_between_their_digits() -> None:
    assert parse_told("1, 2, 3\n\n 4 5?6 \n7-8|9;0.") == ["123", "45?6", "7890"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12\n3a4", "Line 2 has 'a'; allowed are digits, and ? for what is to be left out."),
        ("١٢", "Line 1 has '١'"),
        (" \n,", "Nothing was told."),
        ("1" * (MOST + 1), "20,001 characters were told; allowed are 20,000."),
    ],
)
def test_what_is_no_line_of_digits_is_refused(text: str, said: str) -> None:
    with pytest.raises(FormError) as e:
        parse_told(text)
    assert said in str(e.value)


def test_labels_are_what_was_told_and_other_readings_are_doubtful() -> None:
    found = page("127", "4?")
    assert found.numbers == ["127", "4?"]
    assert labels(found, "121", "4?") == [
        (0, 1, 1, State.GOOD),
        (1, 1, 2, State.GOOD),
        (2, 1, 1, State.DOUBTFUL),
        (3, 2, 4, State.GOOD),
    ]
    assert labels(found, "127", "45")[-1] == (4, 2, 5, State.DOUBTFUL)


def test_one_line_holds_for_all_and_other_numbers_of_lines_are_refused() -> None:
    found = page("12", "72", "13")
    assert [box.asked for box in label_page(found, ["12"])] == [1, 2] * 3
    with pytest.raises(FormError, match="2 lines were told, and 3 are found on the page"):
        label_page(found, ["12", "12"])


def test_as_many_as_were_told_stand_as_they_stand() -> None:
    assert matched("7777", "1234") == list(enumerate("1234"))


def test_a_scrap_that_was_found_and_a_digit_that_was_not_are_passed_over() -> None:
    assert matched("12?34", "1234") == [(0, "1"), (1, "2"), (3, "3"), (4, "4")]
    assert matched("1245", "12345") == [(0, "1"), (1, "2"), (2, "4"), (3, "5")]
    assert matched("124", "12345") == [(0, "1"), (1, "2"), (2, "4")]
    assert matched("5123", "1") == [(1, "1")]
    assert matched("1?23", "1?234") == [(0, "1"), (1, "?"), (2, "2"), (3, "3")]


def test_a_misread_digit_keeps_its_place_among_those_beside_it() -> None:
    assert matched("129456", "12345") == [(0, "1"), (1, "2"), (2, "3"), (3, "4"), (4, "5")]


def test_lines_that_do_not_fit_are_named() -> None:
    found = page("123", "12", "1234")
    assert describe_uneven(found, ["123", "12", "1234"]) == ""
    assert describe_uneven(found, ["123"]).startswith("In lines 2 and 3 more or fewer digits are found than told")
    assert describe_uneven(found, ["123", "12", "123"]).startswith("In line 3 more")


def test_a_page_without_digits_says_so() -> None:
    blank = Image.new("L", (600, 400), 255)
    with pytest.raises(FormError, match="No digits were found on this page"):
        read_page(read_photo(file_of(blank), "blank"), ask)


def test_a_page_is_read_line_by_line() -> None:
    found = read_page(read_photo(file_of(page_of("1470", "2581")), "page"), ask)
    assert list(found.lines) == [4, 4]
    assert found.numbers == ["1470", "2581"]
    assert all(box.state is State.GOOD for box in label_page(found, ["1470", "2581"]))
