"""What a sweep may vary: read from text, suggested, and refused with what is allowed."""

import pytest

from mnist_dash.errors import SpecError
from mnist_dash.methods.registry import METHODS, Method
from mnist_dash.methods.space import (
    Dimension,
    Options,
    Range,
    check_space,
    list_extremes,
    list_varied,
    parse_dimension,
    read_space,
    suggest,
    vary,
    write_space,
)
from mnist_dash.methods.spec import RunSpec

CNN = METHODS["cnn"]
BASE = RunSpec.of("cnn", "mnist", epochs=2)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("learning_rate=0.0001..0.01:log", Range("learning_rate", 0.0001, 0.01, log=True)),
        ("dropout=0..0.5", Range("dropout", 0.0, 0.5)),
        ("batch_size = 16..128:log", Range("batch_size", 16, 128, log=True, whole=True)),
        ("batch_size=32,64", Options("batch_size", (32, 64))),
        ("optimizer=adam,sgd", Options("optimizer", ("adam", "sgd"))),
        ("optimizer=adam|sgd", Options("optimizer", ("adam", "sgd"))),
        ("learning_rate", Range("learning_rate", 0.0001, 0.01, log=True)),
        ("batch_size", Range("batch_size", 16, 256, log=True, whole=True)),
        ("dropout", Range("dropout", 0.0, 0.6)),
        ("loss", Options("loss", ("crossentropy", "focal", "squared_error"))),
    ],
)
def test_what_is_varied_is_read_from_text(text: str, found: Dimension) -> None:
    assert parse_dimension(CNN, text) == found


def test_layers_stand_between_bars() -> None:
    custom = METHODS["custom"]
    found = parse_dimension(custom, "layers=flatten, dense 32 | flatten, dense 64")
    assert found == Options("layers", ("flatten, dense 32", "flatten, dense 64"))
    check_space(RunSpec.of("custom", "mnist"), [found])
    with pytest.raises(SpecError, match=r"layers has no range of its own. Name the values to try"):
        suggest(custom, "layers")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("momentum=0..1", r"'momentum' is no setting of cnn; allowed are epochs, batch_size, learning_rate, .*elastic"),
        ("layers=flatten|flatten, dense 9", "'layers' is no setting of cnn; allowed are epochs"),
        ("seed=0..9", "seed is the same in all trials of a sweep, which could not be compared otherwise; allowed are"),
        ("dropout=0..x", "dropout is 'x'; allowed is a number from 0.0 to 0.95. Write what is varied as NAME=LOW"),
        ("dropout=0..nan", "dropout is nan; allowed is a number from 0.0 to 0.95"),
        ("dropout=0..0.5:ln", "dropout is varied by '0..0.5:ln', which is no range. Write what is varied as"),
        ("optimizer=adam..sgd", "optimizer is 'adam..sgd'; allowed is one of adam"),
        ("epochs=1..2.5", "epochs is '2.5'; allowed is a whole number from 1 to 1,000"),
        ("dropout=", "dropout is ''; allowed is a number"),
        ("", "'' is no setting of cnn"),
    ],
)
def test_what_cannot_be_varied_is_refused_with_what_can(text: str, reason: str) -> None:
    with pytest.raises(SpecError, match=reason):
        parse_dimension(CNN, text)


@pytest.mark.parametrize(
    ("base", "space", "reason"),
    [
        (BASE, [], "The settings to vary are none; allowed are one or more, each once"),
        (BASE, [suggest(CNN, "dropout")] * 2, "The settings to vary are dropout, dropout; allowed are one or more"),
        (BASE, [Range("momentum", 0, 1)], "'momentum' is no setting of cnn"),
        (BASE, [Range("dropout", 0, 2)], "dropout is 2; allowed is a number from 0.0 to 0.95"),
        (BASE, [Range("dropout", 0.5, 0.5)], "dropout from 0.5 to 0.5 is no range: the lowest value must be below"),
        (BASE, [Range("dropout", 0, 0.5, log=True)], "a logarithmic scale begins above 0. Raise the lowest value"),
        (BASE, [Range("optimizer", 0, 1)], "optimizer is 0; allowed is one of adam"),
        (BASE, [Options("optimizer", ("adam",))], "optimizer: adam leaves no choice; allowed are two values or more"),
        (BASE, [Options("optimizer", ("adam", "adam"))], "optimizer: adam or adam leaves no choice"),
        (BASE, [Options("optimizer", ("adam", "magic"))], "optimizer is 'magic'; allowed is one of adam"),
        (RunSpec.of("random", "mnist"), [], "The method random learns nothing, so there is nothing to search"),
        (
            RunSpec.of("cnn", "mnist", validation_split=0.0),
            [suggest(CNN, "dropout")],
            "validation_split is 0.0, and a sweep compares its trials on validation images alone; allowed is more",
        ),
    ],
)
def test_a_space_that_cannot_be_searched_is_refused(base: RunSpec, space: list[Dimension], reason: str) -> None:
    with pytest.raises(SpecError, match=reason):
        check_space(base, space)


@pytest.mark.parametrize("method", [method for method in METHODS.values() if method.learns], ids=lambda one: one.name)
def test_every_suggestion_can_be_searched(method: Method) -> None:
    base = RunSpec.of(method.name, "mnist")
    names = [name for name in list_varied(method) if name != "layers"]
    assert names
    space = [suggest(method, name) for name in names]
    check_space(base, space)
    for dimension in space:
        assert dimension.describe().startswith(dimension.name)
        default = method.defaults[dimension.name]
        if isinstance(dimension, Options):
            assert default in dimension.values
        else:
            assert isinstance(default, int | float)
            assert dimension.low <= default <= dimension.high
    assert list_extremes(base, space)


def test_a_space_is_written_and_read() -> None:
    space = (suggest(CNN, "learning_rate"), suggest(CNN, "batch_size"), suggest(CNN, "optimizer"))
    assert read_space(write_space(space)) == space


def test_a_trial_is_the_base_with_what_is_varied() -> None:
    spec = vary(BASE, {"dropout": 0.25, "optimizer": "sgd"})
    assert (spec.dropout, spec.optimizer, spec.epochs) == (0.25, "sgd", 2)


@pytest.mark.parametrize(
    ("found", "value", "settled"),
    [
        (Range("dropout", 0.0, 0.5), 0.123456, 0.1235),
        (Range("dropout", 0.12344, 0.5), 0.12344, 0.12344),
        (Range("dropout", 0.0, 0.33333), 0.333329, 0.3333),
        (Range("batch_size", 1, 64, whole=True), 32, 32),
    ],
)
def test_a_drawn_number_is_short_and_within_the_range(found: Range, value: float, settled: float) -> None:
    assert found.settle(value) == settled
    assert type(found.settle(value)) is type(settled)
