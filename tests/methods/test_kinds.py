"""The kinds of hyperparameter check values and read text, each by its own limits."""

import re

import pytest

from mnist_dash.errors import SpecError
from mnist_dash.methods.kinds import Choice, Group, LayerList, ModelName, Number, Parameter, Value

WHOLE = Number("count", "Count", "How many.", 2, 1_000, Group.RUN)
OPTIONAL = Number("size", "Size", "How large.", 2, 9, Group.RUN, optional=True)
SHARE = Number("share", "Share", "How much.", 0.0, 0.5, Group.STEPS, whole=False)
WORD = Choice("word", "Word", "Which one.", ("this", "that"), Group.NETWORK)
LAYERS = LayerList("layers", "Layers", "The layers.", Group.NETWORK)
MODEL = ModelName("model", "Model", "Which one.", Group.RUN)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (WHOLE, 2),
        (WHOLE, 1_000),
        (OPTIONAL, None),
        (SHARE, 0),
        (SHARE, 0.5),
        (WORD, "that"),
        (LAYERS, None),
        (MODEL, "7:best"),
    ],
)
def test_what_is_allowed_comes_back_as_it_was(kind: Parameter, value: Value) -> None:
    assert kind.check(value) == value


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (WHOLE, 1, "count is 1; allowed is a whole number from 2 to 1,000."),
        (WHOLE, 2.0, "count is 2.0; allowed is a whole number from 2 to 1,000."),
        (WHOLE, True, "count is True; allowed is a whole number"),
        (WHOLE, None, "count is None; allowed is a whole number"),
        (OPTIONAL, 1, "size is 1; allowed is a whole number from 2 to 9 or 'all'."),
        (SHARE, 0.51, "share is 0.51; allowed is a number from 0.0 to 0.5."),
        (SHARE, False, "share is False; allowed is a number"),
        (SHARE, "0.1", "share is '0.1'; allowed is a number"),
        (WORD, "other", "word is 'other'; allowed is one of this, that."),
        (WORD, None, "word is None; allowed is one of this, that."),
        (LAYERS, 3, "layers is 3; allowed is a list of layers such as 'conv 32 3, pool 2, flatten, dense 64'."),
        (MODEL, 7, "model is 7; allowed is the name of a model, as `mnist-dash models` lists them."),
        (MODEL, " ", "model is ' '; allowed is the name of a model"),
        (MODEL, None, "model is None; allowed is the name of a model"),
    ],
)
def test_what_is_not_allowed_is_refused_with_name_value_and_what_is_allowed(
    kind: Parameter, value: object, words: str
) -> None:
    with pytest.raises(SpecError, match=f"^{re.escape(words)}"):
        kind.check(value)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (WHOLE, "12", 12),
        (OPTIONAL, "all", None),
        (OPTIONAL, "3", 3),
        (SHARE, "1e-3", 0.001),
        (SHARE, "0", 0.0),
        (WORD, "this", "this"),
        (LAYERS, "flatten, dense 3", "flatten, dense 3"),
        (MODEL, " three of them ", "three of them"),
    ],
)
def test_text_becomes_the_value_that_it_writes(kind: Parameter, text: str, value: Value) -> None:
    parsed = kind.parse(text)
    assert (parsed, type(parsed)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "text"),
    [(WHOLE, "all"), (WHOLE, "1.5"), (WHOLE, ""), (OPTIONAL, "none"), (SHARE, "nan"), (SHARE, "half"), (WORD, "This")],
)
def test_text_that_writes_nothing_allowed_is_refused(kind: Parameter, text: str) -> None:
    with pytest.raises(SpecError, match=f"^{kind.name} is .*; allowed is {re.escape(kind.allowed)}\\.$"):
        kind.parse(text)


@pytest.mark.parametrize("text", ["conv 32 3", "flatten, conv 32 3", "lstm 5", "dense"])
def test_layers_that_make_no_network_are_refused_before_anything_is_queued(text: str) -> None:
    with pytest.raises(SpecError):
        LAYERS.check(text)
