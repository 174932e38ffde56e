"""The methods that can be trained, with defaults that can be run as they are."""

import re

import pytest

from mnist_dash.errors import SpecError
from mnist_dash.methods.parameters import PARAMETERS
from mnist_dash.methods.registry import METHODS, Method, method_named
from mnist_dash.methods.spec import RunSpec

EVERY = pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))


@pytest.mark.parametrize(("name", "parameters"), [("cnn", 93_322), ("dense_128", 118_282), ("random", 0)])
def test_methods_have_the_parameters_that_their_sources_name(name: str, parameters: int) -> None:
    assert METHODS[name].parameters == parameters


@EVERY
def test_a_method_says_what_it_is_and_where_it_comes_from(method: Method) -> None:
    assert all((method.title, method.summary, method.source))
    assert METHODS[method.name] is method is method_named(method.name)


@EVERY
def test_a_methods_defaults_are_complete_and_can_be_run_on_mnist(method: Method) -> None:
    assert set(method.defaults) == set(PARAMETERS)
    assert RunSpec.of(method.name, "mnist").split(60_000) == (54_000, 6_000)


@EVERY
def test_a_network_ends_in_ten_probabilities(method: Method) -> None:
    last = method.layers[-1] if method.layers else None
    assert last is None or (getattr(last, "units", 0), getattr(last, "activation", "")) == (10, "softmax")


def test_an_unknown_method_is_refused_with_the_known_ones() -> None:
    words = f"'resnet' is no method; allowed are {', '.join(METHODS)}."
    with pytest.raises(SpecError, match=f"^{re.escape(words)}$"):
        method_named("resnet")


def test_defaults_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        METHODS["cnn"].defaults["epochs"] = 7  # type: ignore[index]
