"""A round of difficult digits: who is in it, whose answers are taken, and what was missed."""

import numpy as np
import pytest

from mnist_dash.lessons.duel import COUNT, Played, draw_round, find_missed, mark, read_played

DIFFICULTY = np.random.default_rng(1).random(10_000)


def test_a_round_is_drawn_from_the_twentieth_that_is_most_difficult() -> None:
    drawn = draw_round(DIFFICULTY, 1)
    assert (len(drawn.index), len(set(drawn.index.tolist())), drawn.pool, drawn.every) == (COUNT, COUNT, 500, 10_000)
    assert DIFFICULTY[drawn.index].min() >= np.sort(DIFFICULTY)[-500]


def test_the_number_of_a_round_decides_its_digits() -> None:
    assert np.array_equal(draw_round(DIFFICULTY, 3).index, draw_round(DIFFICULTY, 3).index)
    assert not np.array_equal(draw_round(DIFFICULTY, 3).index, draw_round(DIFFICULTY, 4).index)


@pytest.mark.parametrize(("images", "digits", "pool"), [(200, 50, 50), (30, 30, 30), (2_000, 50, 100)])
def test_a_small_set_gives_what_it_has(images: int, digits: int, pool: int) -> None:
    drawn = draw_round(DIFFICULTY[:images], 1)
    assert (len(drawn.index), drawn.pool) == (digits, pool)


def test_answers_are_taken_as_they_are_told() -> None:
    told = {"answers": [7, 1.0], "seconds": [0.5, 2]}
    assert read_played(told, 2) == Played((7, 1), (0.5, 2.0))


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        {},
        {"answers": [1], "seconds": [1]},
        {"answers": [1, 10], "seconds": [1, 1]},
        {"answers": [1, -1], "seconds": [1, 1]},
        {"answers": [1, 1.5], "seconds": [1, 1]},
        {"answers": [1, "2"], "seconds": [1, 1]},
        {"answers": [1, True], "seconds": [1, 1]},
        {"answers": [1, 2], "seconds": [1, float("nan")]},
        {"answers": [1, 2], "seconds": [1, -1]},
        {"answers": [1, 2], "seconds": [1, 1e9]},
    ],
)
def test_what_nobody_can_have_answered_is_not_taken(told: object) -> None:
    assert read_played(told, 2) is None


def test_what_most_have_missed_comes_first() -> None:
    labels = np.array([1, 2, 3, 4], np.uint8)
    you = mark(Played((1, 0, 0, 4), (1, 1, 1, 1)), labels)
    assert you.tolist() == [True, False, False, True]
    assert find_missed([you, np.array([True, True, False, True])]).tolist() == [2, 1]
    assert find_missed([np.ones(4, bool)]).tolist() == []
