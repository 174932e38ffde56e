"""Calls are written as a person would write them."""

import pytest

from mnist_dash.methods.source import WIDTH, Code, write_call, write_source


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("relu", '"relu"'),
        ('say "x"', '"say \\"x\\""'),
        (Code("images[train]"), "images[train]"),
        (7, "7"),
        (60_000, "60_000"),
        (True, "True"),
        (0.001, "0.001"),
        (1e-06, "1e-06"),
        (["accuracy", Code("x"), 1_000], '["accuracy", x, 1_000]'),
    ],
)
def test_values_are_written_as_source(value: object, text: str) -> None:
    assert write_source(value) == text


def test_a_short_call_stands_on_one_line() -> None:
    assert write_call("Dense", 64, activation="relu") == 'Dense(64, activation="relu")'
    assert write_call("Flatten") == "Flatten()"


def test_options_that_are_empty_are_left_out() -> None:
    assert write_call("fit", 0, decay=0.0, callbacks=[], data=None, min_delta=Code("0")) == "fit(0, min_delta=0)"


def test_a_call_is_broken_where_it_becomes_too_long() -> None:
    fitting = write_call("f", Code("x" * (WIDTH - 3)))
    assert len(fitting) == WIDTH
    assert "\n" not in fitting
    assert write_call("f", Code("x" * (WIDTH - 2))) == f"f(\n    {'x' * (WIDTH - 2)},\n)"


def test_a_call_within_a_call_is_no_string() -> None:
    assert write_call("compile", write_call("Adam", 0.01)) == "compile(Adam(0.01))"
