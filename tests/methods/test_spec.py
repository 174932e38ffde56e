"""A spec is refused before it is queued, survives as JSON, and says how the images are divided."""

import json
import re
from dataclasses import FrozenInstanceError, asdict, fields, replace
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_dash.errors import SpecError
from mnist_dash.methods.parameters import PARAMETERS, Optimizer, Value
from mnist_dash.methods.registry import METHODS
from mnist_dash.methods.spec import RunSpec

SPECS = st.builds(
    RunSpec,
    method=st.sampled_from(list(METHODS)),
    data=st.text(max_size=20),
    epochs=st.integers(1, 1_000),
    batch_size=st.integers(1, 60_000),
    learning_rate=st.floats(1e-6, 10.0),
    optimizer=st.sampled_from([*map(str, Optimizer)]),
    train_size=st.none() | st.integers(20, 10_000_000),
    validation_split=st.floats(0.0, 0.9),
    seed=st.integers(0, 2**31 - 1),
)


@given(spec=SPECS)
def test_a_spec_comes_back_from_json_as_it_was(spec: RunSpec) -> None:
    assert RunSpec.from_json(spec.to_json()) == spec


@given(spec=SPECS, images=st.integers(1, 100_000))
def test_every_image_is_learnt_from_or_held_out_and_every_epoch_has_a_whole_batch(spec: RunSpec, images: int) -> None:
    try:
        train, held_out = spec.split(images)
    except SpecError:
        return
    assert train + held_out == (spec.train_size or images) <= images
    assert train >= spec.batch_size >= 1
    assert abs(held_out - (train + held_out) * spec.validation_split) <= 0.5
    assert spec.steps(images) == ceil(train / spec.batch_size)


def test_a_methods_own_defaults_hold_where_nothing_else_is_said() -> None:
    spec = RunSpec.of("cnn", "mnist", epochs=2)
    assert dict(spec.parameters) == {**METHODS["cnn"].defaults, "epochs": 2}
    assert (spec.method, spec.data) == ("cnn", "mnist")


def test_the_fields_are_the_method_the_data_and_every_hyperparameter() -> None:
    assert [field.name for field in fields(RunSpec)] == ["method", "data", *PARAMETERS]


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(SpecError, match="'resnet' is no method; allowed are cnn"):
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
    with pytest.raises(SpecError, match=f"^{name} is '{bad}'"):
        RunSpec.of("cnn", "mnist", **{name: bad})


def test_a_spec_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        RunSpec.of("cnn", "mnist").epochs = 7  # type: ignore[misc]


@pytest.mark.parametrize(
    "change",
    [{"dropout": 0.5}, {"epochs": None}, {"seed": True}, {"learning_rate": float("nan")}, {"method": "resnet"}],
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


def test_json_without_a_field_is_refused_with_the_fields() -> None:
    values = asdict(RunSpec.of("cnn", "mnist"))
    del values["seed"]
    with pytest.raises(SpecError, match=r"with the fields method, .*, seed"):
        RunSpec.from_json(json.dumps(values))


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
