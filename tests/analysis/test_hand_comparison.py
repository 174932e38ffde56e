"""Somebody's digits among the writers of a set: those of test images too, where these are others."""

import re
from dataclasses import replace

import numpy as np
import pytest

from mnist_dash.analysis.components import find_basis
from mnist_dash.analysis.hand_comparison import KnownHands, compare_hand, find_written, know_hands, pick_typical
from mnist_dash.analysis.hand_words import describe_hand, describe_unusual
from mnist_dash.analysis.shape import measure_shapes
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.generator.parameters import parse_handwriting
from mnist_dash.data.generator.writers import generate
from mnist_dash.errors import DataError


def write(count: int, seed: int, first: int, **parameters: str) -> Digits:
    """Digits of imaginary writers, who are numbered from `first`."""
    digits = generate(count, seed, handwriting=parse_handwriting({"digits_each": "30", **parameters}))
    assert digits.writers is not None
    return Digits(digits.images, digits.labels, digits.writers.astype(np.int64) + first)


@pytest.fixture(scope="module")
def data() -> Dataset:
    """Thirty writers of training images, ten others of test images."""
    return Dataset("people", write(900, 1, 100), write(300, 2, 500), "tests")


def know(data: Dataset) -> KnownHands:
    """All that is known of its writers."""
    return know_hands(data, measure_shapes(data.train.images), find_basis(data.train.images))


@pytest.fixture(scope="module")
def known(data: Dataset) -> KnownHands:
    """The hands of all forty."""
    return know(data)


def test_writers_of_test_images_are_among_them_and_found(data: Dataset, known: KnownHands) -> None:
    assert known.writers.tolist() == [*range(100, 130), *range(500, 510)]
    for writer in (103, 507):
        theirs = find_written(data, writer)
        assert len(theirs) == 30
        assert theirs.labels.tolist() == sorted(theirs.labels.tolist())
        compared = compare_hand(theirs, known)
        assert compared.nearest[0] == writer
        assert compared.likeness[0] > 0.99
        assert compared.likeness.tolist() == sorted(compared.likeness, reverse=True)
    assert len(find_written(data, 99)) == 0


def test_the_same_numbers_in_both_splits_are_not_the_same_people(data: Dataset) -> None:
    clashing = replace(data, test=write(300, 2, 100))
    assert know(clashing).writers.tolist() == list(range(100, 130))
    assert len(find_written(clashing, 103)) == 30


def test_a_set_whose_writers_are_unknown_is_refused(data: Dataset) -> None:
    nobodys = replace(data, train=Digits(data.train.images, data.train.labels))
    with pytest.raises(DataError, match="Who wrote the images of people is not known"):
        find_written(nobodys, 1)


def test_a_hand_that_leans_is_told_in_words(known: KnownHands) -> None:
    compared = compare_hand(write(60, 5, 0, slant="35", difference="0"), known)
    told = describe_hand(compared)
    assert told.startswith("These digits ")
    assert "lean further to the right than those of " in told
    assert told.endswith(" of 100 of these writers.")


def test_the_most_unusual_digit_comes_first_with_the_reason(data: Dataset, known: KnownHands) -> None:
    digits = find_written(data, 104)
    images = digits.images.copy()
    at = int(np.flatnonzero(digits.labels == 7)[0])
    for line in range(28):
        # It leans by 40°.
        images[at, line] = np.roll(images[at, line], round((14 - line) * 0.84))
    compared = compare_hand(Digits(images, digits.labels), known)
    assert compared.unusual[0] == at
    in_order = compared.rarer[compared.unusual].tolist()
    assert in_order == sorted(in_order, reverse=True)
    told = describe_unusual(compared, at, 7)
    assert re.match(r"More unusual than (9\d|100) of 100 7s by others\. It ", told)
    assert "further to the right" in told
    assert " standard deviations " in told
    assert told.endswith(" than theirs.")


def test_what_is_usual_in_all_measures_is_rare_by_its_form(known: KnownHands) -> None:
    compared = replace(compare_hand(write(30, 5, 0), known), places=np.zeros((30, 5)), rarer=np.full(30, 42.4))
    told = describe_unusual(compared, 0, 3)
    assert told == (
        "More unusual than 42 of 100 3s by others. "
        "Slant, stroke, proportions and ink are usual: what is rare is its form."
    )


def test_a_set_that_lacks_a_digit_compares_and_shows_none_of_it(data: Dataset, known: KnownHands) -> None:
    theirs = find_written(data, 104)
    without = theirs.take(theirs.labels != 4)
    assert compare_hand(without, known).nearest[0] == 104
    picked = pick_typical(without, known)
    assert [digit for digit, image in enumerate(picked) if image is None] == [4]
    assert np.isin(7, theirs.labels)
    sevens = theirs.images[theirs.labels == 7]
    assert picked[7] is not None
    assert (sevens == picked[7]).all(axis=(1, 2)).any()


def test_one_digit_without_ink_breaks_nothing(known: KnownHands) -> None:
    compared = compare_hand(Digits(np.zeros((1, 28, 28), np.uint8), np.array([3], np.uint8)), known)
    assert len(compared.nearest) == 40
    assert np.isfinite(compared.hand).all()
