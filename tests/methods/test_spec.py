"""A spec is refused before it is queued, survives as JSON, and says how the images are divided."""

import json
import re
from dataclasses import FrozenInstanceError, asdict, fields, replace
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_dash.errors import SpecError
from mnist_dash.methods.kinds import Choice, LayerList, ModelName, Number, Parameter, Value
from mnist_dash.methods.layers import Dense, Flatten
from mnist_dash.methods.parameters import PARAMETERS
from mnist_dash.methods.registry import CUSTOM, METHODS
from mnist_dash.methods.spec import RunSpec


def _values(parameter: Parameter) -> st.SearchStrategy[Value]:
    match parameter:
        case Number(low=low, high=high, whole=True, optional=optional):
            numbers = st.integers(int(low), int(high))
            return st.none() | numbers if optional else numbers
        case Number(low=low, high=high):
            return st.floats(low, high)
        case Choice(options=options):
            return st.sampled_from([*map(str, options)])
        case LayerList():
            return st.none()
        case ModelName():
            return st.text(min_size=1, max_size=20).filter(str.strip)


SPECS = st.builds(
    RunSpec,
    method=st.sampled_from([name for name, method in METHODS.items() if name != CUSTOM and not method.own]),
    data=st.text(max_size=20),
    continued=st.lists(st.integers(0, 1_000), max_size=3).map(tuple),
    **{name: _values(parameter) for name, parameter in PARAMETERS.items()},
) | st.builds(
    RunSpec.of, st.just(CUSTOM), st.just("mnist"), layers=st.sampled_from(["flatten", "conv 4 3, global, dense 3"])
)
for name, method in METHODS.items():
    if method.own:
        values = {name: _values(parameter) for name, parameter in method.hyperparameters.items()}
        SPECS |= st.builds(RunSpec.of, st.just(name), st.text(max_size=20), **values)


@given(spec=SPECS)
def test_a_spec_comes_back_from_json_as_it_was(spec: RunSpec) -> None:
    assert RunSpec.from_json(spec.to_json()) == spec


@given(spec=SPECS, images=st.integers(1, 100_000))
def test_every_image_is_learnt_from_or_held_out_and_every_epoch_has_a_whole_batch(spec: RunSpec, images: int) -> None:
    try:
        train, validation = spec.split(images)
    except SpecError:
        return
    assert train + validation == (spec.train_size or images) <= images
    seen = spec.count_seen(train)
    assert seen >= spec.batch_size >= 1
    assert train == seen or spec.fine_tuning
    assert abs(validation - (train + validation) * spec.validation_split) <= 0.5
    assert spec.steps(images) == ceil(seen / spec.batch_size)


def test_a_methods_own_defaults_hold_where_nothing_else_is_said() -> None:
    spec = RunSpec.of("cnn", "mnist", epochs=2)
    assert dict(spec.parameters) == {**METHODS["cnn"].defaults, "epochs": 2}
    assert (spec.method, spec.data) == ("cnn", "mnist")


def test_the_fields_are_the_method_the_data_every_hyperparameter_where_training_was_continued_and_folds() -> None:
    assert {field.name for field in fields(RunSpec)} == {"method", "data", *PARAMETERS, "continued", "folds", "own"}


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(SpecError, match="'resnet' is no method; allowed are fast"):
        RunSpec.of("resnet", "mnist")
    with pytest.raises(SpecError, match="'resnet' is no method"):
        replace(RunSpec.of("cnn", "mnist"), method="resnet")


def test_an_unknown_hyperparameter_is_refused_with_the_known_ones() -> None:
    words = f"'rate' is no hyperparameter; allowed are {', '.join(PARAMETERS)}."
    with pytest.raises(SpecError, match=f"^{re.escape(words)}$"):
        RunSpec.of("cnn", "mnist", rate=1)


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_hyperparameter_is_checked(name: str) -> None:
    bad: Value = "nothing that is allowed"
    refused = "Layer 1, " if name == "layers" else f"{name} is "
    with pytest.raises(SpecError, match=f"^{refused}'{bad}'"):
        RunSpec.of(CUSTOM, "mnist", **{name: bad})


def test_a_spec_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        RunSpec.of("cnn", "mnist").epochs = 7  # type: ignore[misc]


@pytest.mark.parametrize(
    "change",
    [{"rate": 0.5}, {"epochs": None}, {"seed": True}, {"learning_rate": float("nan")}, {"method": "resnet"}],
    ids=str,
)
def test_json_that_writes_no_spec_is_refused(change: dict[str, object]) -> None:
    values = asdict(RunSpec.of("cnn", "mnist")) | change
    with pytest.raises(SpecError):
        RunSpec.from_json(json.dumps(values))


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "null", '"cnn"', "{}", "[[1]]"])
def test_text_that_is_no_json_object_is_refused(text: str) -> None:
    with pytest.raises(SpecError, match="allowed is a JSON object"):
        RunSpec.from_json(text)


@pytest.mark.parametrize("name", ["method", "data"])
def test_json_without_method_or_data_is_refused_with_the_fields(name: str) -> None:
    values = asdict(RunSpec.of("cnn", "mnist"))
    del values[name]
    with pytest.raises(SpecError, match=r"with the fields method, data, .*, seed, .*, continued, folds\."):
        RunSpec.from_json(json.dumps(values))


def test_the_spec_of_an_earlier_version_is_read_as_it_ran() -> None:
    old = {
        **{"method": "dense_128", "data": "mnist", "epochs": 3, "batch_size": 32, "learning_rate": 0.01},
        **{"optimizer": "momentum", "train_size": None, "validation_split": 0.2, "seed": 7},
    }
    spec = RunSpec.from_json(json.dumps(old))
    assert {name: getattr(spec, name) for name in old} == old
    assert (spec.folds, spec.validation_by, spec.kept_models) == (0, "image", "last_and_best")
    assert spec == RunSpec.of(
        "dense_128",
        "mnist",
        epochs=3,
        batch_size=32,
        learning_rate=0.01,
        optimizer="momentum",
        validation_split=0.2,
        seed=7,
    )


@pytest.mark.parametrize(("method", "layers"), [("cnn", "flatten, dense 3"), (CUSTOM, None)])
def test_layers_belong_to_the_method_with_layers_of_ones_own_alone(method: str, layers: str | None) -> None:
    words = f"layers is {layers!r} for the method {method}; allowed is a list of layers for the method {CUSTOM}, and"
    with pytest.raises(SpecError, match=f"^{re.escape(words)}"):
        RunSpec.of(method, "mnist", layers=layers)


def test_the_network_is_the_methods_own_or_the_one_that_was_written() -> None:
    assert RunSpec.of("cnn", "mnist").network == METHODS["cnn"].layers
    assert RunSpec.of("random", "mnist").network is None
    mine = RunSpec.of(CUSTOM, "mnist", layers="flatten, dense 3")
    assert mine.network == (Flatten(), Dense(3), Dense(10))
    assert mine.parameter_count == 784 * 3 + 3 + 3 * 10 + 10
    assert RunSpec.of("random", "mnist").parameter_count == 0


def test_training_further_adds_epochs_behind_the_finished_ones_and_remembers_where() -> None:
    spec = RunSpec.of("cnn", "mnist", epochs=5)
    once = spec.further(3, 5)
    assert (once.epochs, once.continued) == (8, (5,))
    assert replace(once, epochs=5, continued=()) == spec
    assert spec.further(3, 2).epochs == 5
    again = once.further(1, 8)
    assert (again.epochs, again.continued) == (9, (5, 8))
    assert RunSpec.from_json(again.to_json()) == again


def test_training_further_than_is_allowed_is_refused() -> None:
    with pytest.raises(SpecError, match=r"^epochs is 1001; allowed is a whole number from 1 to 1,000\.$"):
        RunSpec.of("cnn", "mnist").further(1_000, 1)
    with pytest.raises(SpecError, match=r"^epochs is 0; allowed is"):
        RunSpec.of("cnn", "mnist").further(0, 0)


@pytest.mark.parametrize(
    ("changes", "images", "parts", "steps"),
    [
        ({}, 60_000, (54_000, 6_000), 844),
        ({"validation_split": 0.0}, 60_000, (60_000, 0), 938),
        ({"train_size": 1_000}, 60_000, (900, 100), 15),
        ({"train_size": 20, "validation_split": 0.9, "batch_size": 2}, 60_000, (2, 18), 1),
        ({"train_size": 500, "batch_size": 450}, 500, (450, 50), 1),
        ({"train_size": 500, "batch_size": 449}, 500, (450, 50), 2),
    ],
)
def test_images_are_divided_by_the_share_that_is_held_out(
    changes: dict[str, Value], images: int, parts: tuple[int, int], steps: int
) -> None:
    spec = RunSpec.of("cnn", "mnist", **changes)
    assert spec.split(images) == parts
    assert spec.steps(images) == steps


def test_more_images_than_there_are_are_refused_with_both_numbers() -> None:
    words = "train_size is 60,001, but the data set has 60,000 training images; ask for fewer."
    with pytest.raises(SpecError, match=f"^{re.escape(words)}$"):
        RunSpec.of("cnn", "mnist", train_size=60_001).split(60_000)


@pytest.mark.parametrize("images", [0, 1, 63, 70])
def test_a_batch_larger_than_what_is_left_to_learn_from_is_refused_with_both_numbers(images: int) -> None:
    left = images - round(images / 10)
    words = f"batch_size is 64, but only {left} images are left to learn from; choose a smaller batch or more"
    with pytest.raises(SpecError, match=f"^{re.escape(words)}"):
        RunSpec.of("cnn", "mnist").split(images)


@pytest.mark.parametrize(
    "wrong", [{"method": ["cnn"]}, {"data": 3}, {"continued": None}, {"continued": 5}, {"continued": ["2"]}]
)
def test_a_spec_of_other_kinds_is_refused(wrong: dict[str, object]) -> None:
    written = json.loads(RunSpec.of("cnn", "mnist").to_json()) | wrong
    with pytest.raises(SpecError, match="allowed is a JSON object"):
        RunSpec.from_json(json.dumps(written))


AUDIT = replace(RunSpec.of("cnn", "mnist", validation_split=0.0, epochs=3), folds=5)


def test_an_audit_holds_out_a_fold_and_does_all_epochs_of_a_network_in_one_round() -> None:
    assert AUDIT.split(60_000) == (48_000, 12_000)
    assert replace(AUDIT, folds=7).split(100) == (86, 14)
    assert AUDIT.steps(60_000) == 3 * 750
    assert (AUDIT.rounds, AUDIT.epochs_a_round, AUDIT.round_name) == (5, 3, "fold")
    ordinary = replace(AUDIT, folds=0)
    assert (ordinary.rounds, ordinary.epochs_a_round, ordinary.round_name) == (3, 1, "epoch")
    assert RunSpec.from_json(AUDIT.to_json()) == AUDIT


@pytest.mark.parametrize("folds", [1, 21, -1, 2.5, True])
def test_folds_beyond_what_is_allowed_are_refused(folds: int) -> None:
    with pytest.raises(SpecError, match=rf"^folds is {folds}; allowed is a whole number from 2 to 20\.$"):
        replace(AUDIT, folds=folds)
    if folds is True or folds == 2.5:
        with pytest.raises(SpecError, match="allowed is"):
            RunSpec.from_json(json.dumps(asdict(AUDIT) | {"folds": folds}))


@pytest.mark.parametrize(
    "change",
    [
        *({"train_size": 500}, {"validation_split": 0.1}, {"validation_by": "writer"}, {"patience": 2}),
        *({"continued": (1,)}, {"kept_models": "every_epoch"}),
    ],
    ids=str,
)
def test_an_audit_reads_every_training_image_once(change: dict[str, Any]) -> None:
    (name,) = change
    with pytest.raises(SpecError, match=rf"^{name} is .* in an audit; allowed is .* alone, since it reads every"):
        replace(AUDIT, **change)


def test_a_method_that_learns_nothing_cannot_audit() -> None:
    with pytest.raises(
        SpecError, match=r"^The method random learns nothing, so it can doubt no label; choose a network"
    ):
        replace(RunSpec.of("random", "mnist", validation_split=0.0), folds=5)


def test_the_models_of_all_epochs_take_four_bytes_for_each_number() -> None:
    spec = RunSpec.of("cnn", "mnist", epochs=3, kept_models="every_epoch")
    assert spec.keeps_every_epoch
    assert spec.kept_bytes == 3 * 4 * 93_322
    assert RunSpec.of("cnn", "mnist", epochs=3).kept_bytes == 0


def test_a_spec_of_a_fitted_method_names_what_it_has_and_nothing_else() -> None:
    spec = RunSpec.of("svm", "mnist", C=3, seed=2)
    fields = {"method", "data", "train_size", "validation_split", "validation_by", "seed", "continued", "folds"}
    assert set(json.loads(spec.to_json())) == {*fields, "C", "gamma"}
    assert (spec.parameters["C"], spec.parameters["gamma"], spec.seed) == (3, METHODS["svm"].defaults["gamma"], 2)
    assert spec.round_name == "fit"
    assert RunSpec.from_json('{"method": "svm", "data": "mnist"}') == RunSpec.of("svm", "mnist")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"C": -1.0}, "C is -1.0; allowed is a number from 0.001 to 1,000,000.0."),
        ({"gamma": "scale"}, "gamma is 'scale'; allowed is a number from 1e-05 to 10.0."),
        ({"neighbours": 3}, "'neighbours' is no hyperparameter; allowed are C, gamma, train_size, validation_split"),
        ({"epochs": 3}, "'epochs' is no hyperparameter; allowed are C, gamma"),
    ],
)
def test_what_a_fitted_method_does_not_take_is_refused_by_name(changes: dict[str, Value], words: str) -> None:
    with pytest.raises(SpecError, match=f"^{re.escape(words)}"):
        RunSpec.of("svm", "mnist", **changes)


def test_a_fitted_method_can_doubt_no_label_and_an_unknown_field_is_none() -> None:
    words = "The method svm has no epochs, so it can doubt no label; choose a network."
    with pytest.raises(SpecError, match=f"^{re.escape(words)}$"):
        replace(RunSpec.of("svm", "mnist", validation_split=0.0), folds=5)
    with pytest.raises(SpecError, match=r"^The spec is .*; allowed is a JSON object with the fields method"):
        RunSpec.from_json('{"method": "svm", "data": "mnist", "trees": 3}')
