"""Parameters are checked by one table, wherever they come from."""

from dataclasses import fields

import pytest

from mnist_dash.data.generator.parameters import PARAMETERS, USUAL, Handwriting, parse_handwriting, write_changes
from mnist_dash.errors import DataError


def test_the_table_and_the_record_know_the_same_parameters() -> None:
    assert [field.name for field in fields(Handwriting)] == list(PARAMETERS)


def test_the_usual_ones_lie_on_the_steps_of_their_sliders() -> None:
    for name, parameter in PARAMETERS.items():
        steps = (getattr(USUAL, name) - parameter.low) / parameter.step
        assert steps == pytest.approx(round(steps)), name


@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=list(PARAMETERS))
def test_what_is_out_of_range_is_refused_with_what_is_allowed(parameter: object) -> None:
    assert isinstance(parameter, type(PARAMETERS["slant"]))
    for value in (parameter.low - 1, parameter.high + 1, float("nan"), float("inf"), True, "1", None):
        with pytest.raises(DataError, match=rf"^{parameter.name} is .*; allowed is a .*number from .* to .*\. Choose"):
            Handwriting(**{parameter.name: value})  # type: ignore[arg-type]
    assert parameter.check(parameter.low) == parameter.low
    assert parameter.check(parameter.high) == parameter.high


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("slant", "steep", "slant is 'steep'; allowed is a number from -40 to 40"),
        ("digits_each", "2.5", "digits_each is '2.5'; allowed is a whole number from 1 to 10000"),
        ("pen", "1e999", "pen is inf; allowed"),
        ("size", "3", "There is no parameter 'size'; allowed are slant, width"),
    ],
)
def test_text_that_says_no_parameter_is_refused(name: str, text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        parse_handwriting({name: text})


def test_what_differs_is_told_and_read_back() -> None:
    assert write_changes(USUAL) == {}
    asked = Handwriting(slant=-12.5, pen=8, digits_each=116)
    assert write_changes(asked) == {"slant": "-12.5", "pen": "8", "digits_each": "116"}
    assert parse_handwriting(write_changes(asked)) == asked
