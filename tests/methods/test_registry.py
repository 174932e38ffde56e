"""The methods that can be trained, with defaults that can be run as they are."""

import re

import pytest

from mnist_dash.data.dataset import MNIST
from mnist_dash.errors import SpecError
from mnist_dash.methods.architecture import OUTPUT
from mnist_dash.methods.cost import count_operations
from mnist_dash.methods.parameters import DEFAULTS, PARAMETERS
from mnist_dash.methods.registry import CUSTOM, HYPERPARAMETERS, METHODS, READER, Method, get_method
from mnist_dash.methods.spec import RunSpec

FITTED = ["nearest", "logistic", "forest", "svm"]
"""Those that are no networks and learn all at once."""
EVERY = pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("cnn", 93_322),
        ("fast", 141_466),
        ("tiny", 9_778),
        ("champion", 105_658),
        ("distilled", 105_658),
        ("dense_128", 118_282),
        ("mlp_900", 1_526_410),
        ("functional_4", 297_910),
        ("functional_5", 308_010),
        ("random", 0),
    ],
)
def test_methods_have_the_parameters_that_their_sources_name(name: str, parameters: int) -> None:
    assert METHODS[name].parameters == parameters


def test_the_methods_of_the_notebooks_are_all_there_with_that_of_a_first_run_before_them() -> None:
    notebooks = ["cnn", "dense_128", "mlp_900", "functional_4", "functional_5", "cnn_1000", "random"]
    assert list(METHODS)[:2] == ["fast", "cnn"]
    assert set(METHODS) == {*notebooks, *FITTED, CUSTOM, READER, "fine_tuned", "fast", "tiny", "champion", "distilled"}


@EVERY
def test_a_method_says_what_it_is_and_where_it_comes_from(method: Method) -> None:
    assert all((method.title, method.summary, method.source))
    assert METHODS[method.name] is method is get_method(method.name)


@EVERY
def test_a_methods_defaults_are_complete_and_can_be_run_on_mnist(method: Method) -> None:
    assert set(method.defaults) == {*PARAMETERS, *method.own}
    assert set(method.hyperparameters) <= set(method.defaults)
    images = method.defaults["train_size"] or 60_000
    validation = method.defaults["validation_split"]
    assert isinstance(images, int)
    assert isinstance(validation, float)
    assert RunSpec.of(method.name, "mnist").split(60_000) == (images * (1 - validation), images * validation)


@EVERY
def test_a_network_ends_in_ten_probabilities(method: Method) -> None:
    assert method.layers is None or method.layers[-1] == OUTPUT


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("cnn", {}),
        ("dense_128", {}),
        ("mlp_900", {"dropout": 0.5}),
        ("functional_4", {"optimizer": "sgd", "learning_rate": 0.1}),
        ("functional_5", {"optimizer": "sgd", "learning_rate": 0.1}),
        ("cnn_1000", {"train_size": 1_000, "epochs": 100, "dropout": 0.5}),
        ("random", {"epochs": 1}),
    ],
)
def test_a_method_changes_only_those_defaults_that_its_source_does(name: str, changes: dict[str, object]) -> None:
    assert dict(METHODS[name].defaults) == {**DEFAULTS, **changes}


@pytest.mark.parametrize("name", FITTED)
def test_a_method_that_is_no_network_has_hyperparameters_of_its_own_and_no_epochs(name: str) -> None:
    method = METHODS[name]
    assert method.is_fitted
    assert set(method.hyperparameters) == {*method.own, "train_size", "validation_split", "validation_by", "seed"}
    assert {name: value for name, value in method.defaults.items() if name not in method.own} == {
        **DEFAULTS,
        **{"epochs": 1, "batch_size": 1},
    }
    assert all(HYPERPARAMETERS[name].label == parameter.label for name, parameter in method.own.items())
    assert all(parameter.check(method.defaults[name]) for name, parameter in method.own.items())
    with pytest.raises(SpecError, match=r"^'epochs' is no hyperparameter; allowed are "):
        RunSpec.of(name, "mnist", epochs=3)


def test_the_methods_that_learn_nothing_or_epoch_by_epoch_are_fitted_neither() -> None:
    assert [name for name, method in METHODS.items() if method.is_fitted] == FITTED
    assert [name for name, method in METHODS.items() if not method.learns] == ["random"]
    assert [name for name, method in METHODS.items() if method.layers is None] == [*FITTED, "random"]


def test_only_the_method_with_layers_of_ones_own_has_them_as_a_default() -> None:
    assert [name for name, method in METHODS.items() if method.defaults["layers"] is not None] == [CUSTOM]


def test_the_reader_alone_is_meant_for_a_set_of_its_own_whose_digits_it_disturbs() -> None:
    assert {name: method.data for name, method in METHODS.items() if method.data not in (MNIST, None)} == {
        READER: READER
    }
    reader = METHODS[READER]
    names = ("rotation", "shift", "zoom", "shear", "elastic", "thickness", "disturbance")
    assert all(reader.defaults[name] for name in names)
    assert reader.defaults["layers"] is None
    # Small enough for a browser's server to answer with within a millisecond or so.
    assert 0 < reader.parameters < 500_000


def test_the_tiny_network_learns_fewer_than_ten_thousand_numbers() -> None:
    assert METHODS["tiny"].parameters < 10_000


def test_the_best_network_is_small_for_what_it_reads() -> None:
    assert METHODS["champion"].parameters < 250_000


def test_the_fast_network_computes_less_than_a_third_of_what_that_of_the_notebook_does() -> None:
    fast, notebook = (count_operations(METHODS[name].layers or (), 1) for name in ("fast", "cnn"))
    assert fast < notebook / 3


def test_fine_tuning_alone_is_meant_for_digits_of_ones_own_and_has_the_network_that_it_begins_with() -> None:
    assert [name for name, method in METHODS.items() if method.data is None] == ["fine_tuned"]
    assert METHODS["fine_tuned"].layers == METHODS[READER].layers
    assert set(METHODS["fine_tuned"].own) == {"start", "replay"}


def test_an_unknown_method_is_refused_with_the_known_ones() -> None:
    words = f"'resnet' is no method; allowed are {', '.join(METHODS)}."
    with pytest.raises(SpecError, match=f"^{re.escape(words)}$"):
        get_method("resnet")


def test_defaults_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        METHODS["cnn"].defaults["epochs"] = 7  # type: ignore[index]
