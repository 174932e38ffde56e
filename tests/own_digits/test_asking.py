"""What is asked for next, by an order, a goal and what was written before."""

from collections import Counter

import pytest

from mnist_dash.own_digits.asking import Kept, Order, Tally, choose_digit, count_left, estimate_seconds, make_tally

NOTHING = make_tally((0,) * 10, ())


def write(order: Order, goal: int, times: int, seed: int = 0, sure: float = 0.9) -> list[int]:
    """What is asked for one after another; a digit takes as many seconds as it says, and a 0 ten."""
    kept: list[Kept] = []
    for _ in range(times):
        counts = Counter(one.label for one in kept)
        asked = choose_digit(order, make_tally([counts[digit] for digit in range(10)], kept), goal, seed)
        kept.append(Kept(asked, asked or 10.0, sure - asked / 100))
    return [one.label for one in kept]


@pytest.mark.parametrize("order", Order)
def test_a_goal_is_reached_with_no_digit_too_many(order: Order) -> None:
    assert Counter(write(order, 3, 30)) == dict.fromkeys(range(10), 3)


def test_balanced_asks_for_each_once_in_a_round_and_each_round_is_another() -> None:
    asked = write(Order.BALANCED, 3, 30)
    rounds = [asked[:10], asked[10:20], asked[20:]]
    assert [sorted(each) for each in rounds] == [list(range(10))] * 3
    assert rounds[0] != rounds[1] != rounds[2]
    assert asked == write(Order.BALANCED, 3, 30)
    assert asked != write(Order.BALANCED, 3, 30, seed=1)


def test_the_quickest_digit_comes_first_once_all_are_known() -> None:
    asked = write(Order.QUICKEST, 3, 30)
    assert sorted(asked[:10]) == list(range(10))
    assert asked[10:] == [digit for digit in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0) for _ in range(2)]


def test_what_the_model_is_least_sure_of_comes_first_once_all_are_known() -> None:
    asked = write(Order.UNSURE, 2, 20)
    assert sorted(asked[:10]) == list(range(10))
    assert asked[10:] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]


def test_what_was_skipped_waits_until_nothing_else_is_left() -> None:
    first = choose_digit(Order.BALANCED, NOTHING, 1, 0)
    assert choose_digit(Order.BALANCED, NOTHING, 1, 0, {first}) != first
    others = [int(digit != first) for digit in range(10)]
    assert choose_digit(Order.BALANCED, make_tally(others, ()), 1, 0, {first}) == first


def test_beyond_the_goal_it_goes_on() -> None:
    assert choose_digit(Order.BALANCED, make_tally([5] * 9 + [3], ()), 3, 0) == 9


def test_the_tally_takes_medians_and_means_and_knows_what_it_does_not_know() -> None:
    kept = [Kept(3, 1.0, 0.5), Kept(3, 9.0, 0.75), Kept(3, 2.0, 1.0), Kept(4, None, 0.25)]
    tally = make_tally([0, 0, 0, 3, 1, 0, 0, 0, 0, 0], kept)
    assert (tally.seconds[3], tally.sure[3], tally.seconds[4], tally.sure[4]) == (2.0, 0.75, None, 0.25)
    assert (tally.seconds[0], tally.sure[0], tally.timed) == (None, None, 3)


def test_the_rest_is_estimated_from_the_persons_own_seconds() -> None:
    seconds = (2.0, 4.0, *(None,) * 8)
    tally = Tally((3, 1, *(0,) * 8), seconds, (None,) * 10, 4)
    assert count_left(tally, 2) == 17
    # One more 1 of 4 s, and sixteen of which nothing is known, of 3 s each.
    assert estimate_seconds(tally, 2) == 4 + 16 * 3
    assert estimate_seconds(Tally((1,) * 10, seconds, (None,) * 10, 2), 2) is None
    assert estimate_seconds(tally, 0) == 0
