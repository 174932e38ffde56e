"""Every hyperparameter's limits, as values and as text."""

import re
from enum import StrEnum
from math import inf, nan, nextafter

import pytest

from mnist_dash.errors import SpecError
from mnist_dash.methods.kinds import Group, Value
from mnist_dash.methods.parameters import (
    DEFAULTS,
    PARAMETERS,
    Activation,
    Initializer,
    Loss,
    Optimizer,
    Schedule,
    ValidationBy,
)

CHOICES = {
    "optimizer": Optimizer,
    "schedule": Schedule,
    "loss": Loss,
    "activation": Activation,
    "initializer": Initializer,
    "validation_by": ValidationBy,
}
SHARES = {
    "clip_norm": 1_000.0,
    "validation_split": 0.9,
    "dropout": 0.95,
    "weight_decay": 1.0,
    "label_smoothing": 0.5,
    "rotation": 45.0,
    "shift": 8.0,
    "zoom": 0.5,
    "shear": 0.5,
    "elastic": 2.0,
    "thickness": 2.0,
    "disturbance": 1.0,
}
"""Numbers from 0, which switches off what they are about, to the highest that is allowed."""

GOOD: tuple[tuple[str, Value], ...] = (
    ("epochs", 1),
    ("epochs", 1_000),
    ("batch_size", 1),
    ("batch_size", 60_000),
    ("learning_rate", 1e-6),
    ("learning_rate", 10.0),
    ("learning_rate", 1),
    ("train_size", 20),
    ("train_size", 10_000_000),
    ("train_size", None),
    ("patience", 0),
    ("patience", 1_000),
    ("seed", 0),
    ("seed", 2**31 - 1),
    ("layers", None),
    ("layers", "flatten, dense 3"),
    *((name, str(option)) for name, options in CHOICES.items() for option in options),
    *((name, value) for name, high in SHARES.items() for value in (0, 0.0, high / 2, high)),
)
NOTHING: tuple[object, ...] = (True, nan, inf, -inf, "1", [1], {}, 1j)
BAD: tuple[tuple[str, object], ...] = (
    ("epochs", 0),
    ("epochs", 1_001),
    ("epochs", -1),
    ("epochs", 10**400),
    ("batch_size", 0),
    ("batch_size", 60_001),
    ("learning_rate", 0.0),
    ("learning_rate", nextafter(1e-6, 0)),
    ("learning_rate", nextafter(10.0, inf)),
    ("learning_rate", -0.001),
    ("optimizer", "Adam"),
    ("optimizer", ""),
    ("optimizer", ["adam"]),
    ("train_size", 19),
    ("train_size", 10_000_001),
    ("train_size", "all"),
    ("patience", -1),
    ("patience", 1_001),
    ("seed", -1),
    ("seed", 2**31),
    *((name, 2.0) for name in ("epochs", "batch_size", "train_size", "patience", "seed", *CHOICES)),
    *((name, value) for name, high in SHARES.items() for value in (nextafter(0, -1), nextafter(high, inf))),
    *((name, "lion") for name in CHOICES),
    *((name, value) for name in PARAMETERS if name != "layers" for value in NOTHING),
    *(("layers", value) for value in NOTHING if value != "1"),
    *((name, None) for name in PARAMETERS if name not in ("train_size", "layers")),
)


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_what_is_allowed_comes_back_as_it_was(name: str, value: Value) -> None:
    assert PARAMETERS[name].check(value) == value


@pytest.mark.parametrize(("name", "value"), BAD, ids=lambda part: repr(part)[:20])
def test_what_is_not_allowed_is_refused_with_name_value_and_what_is_allowed(name: str, value: object) -> None:
    words = f"{name} is {value!r}; allowed is {PARAMETERS[name].allowed}."
    with pytest.raises(SpecError, match=f"^{re.escape(words)}$"):
        PARAMETERS[name].check(value)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("epochs", "12", 12),
        ("train_size", "1000", 1_000),
        ("train_size", "all", None),
        ("learning_rate", "1e-3", 0.001),
        ("learning_rate", "2", 2.0),
        ("validation_split", "0", 0.0),
        ("optimizer", "sgd", "sgd"),
        ("schedule", "one_cycle", "one_cycle"),
        ("patience", "3", 3),
        ("dropout", "0.5", 0.5),
        ("rotation", "10", 10.0),
        ("layers", "flatten, dense 3", "flatten, dense 3"),
    ],
)
def test_text_becomes_the_value_that_it_writes(name: str, text: str, value: Value) -> None:
    parsed = PARAMETERS[name].parse(text)
    assert (parsed, type(parsed)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("epochs", "all"),
        ("epochs", "ten"),
        ("epochs", "1.5"),
        ("epochs", ""),
        ("epochs", "1000000000"),
        ("epochs", "9" * 5_000),
        ("learning_rate", "nan"),
        ("learning_rate", "inf"),
        ("learning_rate", "1e999"),
        ("learning_rate", "fast"),
        ("learning_rate", "all"),
        ("train_size", "None"),
        ("train_size", "0"),
        ("optimizer", "lion"),
        ("seed", "-1"),
        ("validation_split", "1"),
    ],
    ids=lambda text: text[:20],
)
def test_text_that_writes_nothing_allowed_is_refused(name: str, text: str) -> None:
    with pytest.raises(SpecError, match=re.escape(f"; allowed is {PARAMETERS[name].allowed}.")) as refused:
        PARAMETERS[name].parse(text)
    assert str(refused.value).startswith(f"{name} is ")


def test_what_is_allowed_stands_in_words() -> None:
    allowed = {name: parameter.allowed for name, parameter in PARAMETERS.items()}
    assert allowed["epochs"] == "a whole number from 1 to 1,000"
    assert allowed["train_size"] == "a whole number from 20 to 10,000,000 or 'all'"
    assert allowed["learning_rate"] == "a number from 1e-06 to 10.0"
    assert allowed["dropout"] == "a number from 0.0 to 0.95"
    assert allowed["optimizer"] == "one of adam, adamw, sgd, momentum, nesterov, rmsprop"
    assert allowed["schedule"] == "one of constant, step, cosine, one_cycle, plateau"


@pytest.mark.parametrize(("name", "words"), CHOICES.items(), ids=list(CHOICES))
def test_the_words_on_offer_are_those_that_there_are(name: str, words: type[StrEnum]) -> None:
    assert getattr(PARAMETERS[name], "options", ()) == tuple(words)


def test_every_hyperparameter_is_explained_under_its_own_name() -> None:
    assert all(parameter.label and parameter.help.endswith(".") for parameter in PARAMETERS.values())
    assert all(name == parameter.name for name, parameter in PARAMETERS.items())
    assert {parameter.group for parameter in PARAMETERS.values()} == set(Group)


def test_every_hyperparameter_has_a_default_that_is_allowed() -> None:
    assert set(DEFAULTS) == set(PARAMETERS)
    assert all(PARAMETERS[name].check(value) == value for name, value in DEFAULTS.items())


def test_nothing_is_varied_or_held_back_by_default() -> None:
    """An old run was trained without what has been added since, and its spec is read with these defaults."""
    assert {name: DEFAULTS[name] for name in SHARES if name != "validation_split"} == dict.fromkeys(
        SHARES.keys() - {"validation_split"}, 0.0
    )
    plain = {
        "optimizer": "adam",
        "schedule": "constant",
        "loss": "crossentropy",
        "activation": "relu",
        "initializer": "glorot_uniform",
        "validation_by": "image",
    }
    assert {name: DEFAULTS[name] for name in CHOICES} == plain
    assert (DEFAULTS["patience"], DEFAULTS["layers"]) == (0, None)
