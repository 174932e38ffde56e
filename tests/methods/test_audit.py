"""Folds of an audit: every image is in one of them, and each has a network with a seed of its own."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_dash.errors import SpecError
from mnist_dash.methods.audit import EPOCHS, FOLDS, METHOD, assign_folds, audit_spec, fold_spec
from mnist_dash.methods.registry import METHODS

LABELS = (
    st.lists(st.integers(0, 9), min_size=2, max_size=30)
    .filter(lambda some: len(set(some)) > 1)
    .map(lambda some: np.repeat(some, 20).astype(np.uint8))
)


@given(labels=LABELS, folds=st.integers(2, 20), seed=st.integers(0, 2**31 - 1))
def test_every_image_is_in_one_fold_and_folds_are_alike(labels: np.ndarray, folds: int, seed: int) -> None:
    assigned = assign_folds(labels, folds, seed)
    assert assigned.shape == labels.shape
    assert np.ptp(np.bincount(assigned, minlength=folds + 1)[1:]) <= 1
    assert set(assigned) == set(range(1, folds + 1))
    for digit in set(labels):
        assert np.ptp(np.bincount(assigned[labels == digit], minlength=folds + 1)[1:]) <= 1


def test_the_seed_alone_decides_the_folds() -> None:
    labels = np.arange(400, dtype=np.uint8) % 10
    first = assign_folds(labels, 5, 3)
    assert np.array_equal(assign_folds(labels, 5, 3), first)
    assert not np.array_equal(assign_folds(labels, 5, 4), first)
    # Not by their place in the file either: neighbours of one digit are in different folds.
    assert len({tuple(first[i :: 10 * 5]) for i in range(50)}) > 5


def test_more_folds_than_a_digit_has_images_are_refused_with_both_numbers() -> None:
    labels = np.array([0] * 50 + [1] * 7, np.uint8)
    assert assign_folds(labels, 7, 0).max() == 7
    with pytest.raises(SpecError, match=r"^folds is 8, but one digit has only 7 training images; allowed are as many"):
        assign_folds(labels, 8, 0)


def test_labels_of_one_digit_alone_are_refused_whatever_the_folds() -> None:
    with pytest.raises(SpecError, match=r"^Every training image is of one digit, so that no network can"):
        assign_folds(np.full(100, 7, np.uint8), 2, 0)


def test_each_network_is_an_ordinary_run_with_a_seed_of_its_own() -> None:
    spec = audit_spec("mnist", seed=7)
    networks = [fold_spec(spec, fold) for fold in range(1, 6)]
    assert len({network.seed for network in networks}) == 5
    assert {replace(network, seed=7, folds=5) for network in networks} == {spec}
    assert networks == [fold_spec(spec, fold) for fold in range(1, 6)]
    assert fold_spec(replace(spec, seed=8), 1).seed != networks[0].seed


@pytest.mark.parametrize("method", [name for name, method in METHODS.items() if method.layers and not method.own])
def test_every_network_can_audit_all_images(method: str) -> None:
    spec = audit_spec("generated", method)
    assert (spec.folds, spec.epochs, spec.data) == (FOLDS, EPOCHS, "generated")
    assert sum(spec.split(60_000)) == 60_000
    if method != METHOD:
        assert spec.learning_rate == METHODS[method].defaults["learning_rate"]


def test_an_audit_can_be_changed_but_not_made_to_leave_images_out() -> None:
    spec = audit_spec("mnist", "dense_128", 3, epochs=9, seed=4)
    assert (spec.method, spec.folds, spec.epochs, spec.seed) == ("dense_128", 3, 9, 4)
    with pytest.raises(SpecError, match=r"^train_size is 100 in an audit"):
        audit_spec("mnist", train_size=100)
    with pytest.raises(SpecError, match=r"^The method fine_tuned has learnt from elsewhere, so it can doubt no label"):
        audit_spec("mine", "fine_tuned")
    with pytest.raises(SpecError, match=r"^The method random learns nothing"):
        audit_spec("mnist", "random")
