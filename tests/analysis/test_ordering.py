import numpy as np

from mnist_dash.analysis.ordering import order

LABELS = np.array([3, 1, 3, 2, 3], np.uint8)
VALUES = np.array([0.5, np.nan, 0.1, 0.5, 0.9])


def test_without_a_choice_digits_come_as_in_the_file() -> None:
    assert order(LABELS).tolist() == [0, 1, 2, 3, 4]
    assert order(LABELS, descending=True).tolist() == [4, 3, 2, 1, 0]


def test_one_digit_is_kept() -> None:
    assert order(LABELS, digit=3).tolist() == [0, 2, 4]
    assert order(LABELS, digit=9).tolist() == []


def test_numbers_sort_upwards_and_downwards_with_ties_as_in_the_file() -> None:
    assert order(LABELS, VALUES).tolist() == [2, 0, 3, 4, 1]
    assert order(LABELS, VALUES, descending=True).tolist() == [4, 0, 3, 2, 1]


def test_numbers_without_a_sign_sort_downwards_too() -> None:
    assert order(LABELS, np.array([0, 2, 1, 2, 0], np.uint8), descending=True).tolist() == [1, 3, 2, 0, 4]


def test_sorting_keeps_to_the_digit() -> None:
    assert order(LABELS, VALUES, digit=3, descending=True).tolist() == [4, 0, 2]


def test_a_seed_shuffles_and_repeats() -> None:
    labels = np.zeros(100, np.uint8)
    one, again, other = (order(labels, seed=seed).tolist() for seed in (1, 1, 2))
    assert one == again != other
    assert sorted(one) == list(range(100))
