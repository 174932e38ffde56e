"""The rate of every step and the early end are functions of the spec and of what was measured before."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_dash.arrays import Float64s
from mnist_dash.methods.parameters import Schedule
from mnist_dash.methods.schedule import compute_rates, is_patience_over
from mnist_dash.methods.spec import RunSpec

SPEC = RunSpec.of("dense_128", "mnist", epochs=20, learning_rate=0.2)
STEPS = 10
EVERY = pytest.mark.parametrize("schedule", list(Schedule))


def _with(schedule: str, **changes: int) -> RunSpec:
    return replace(SPEC, schedule=str(schedule), **changes)  # type: ignore[arg-type]


def _rates(spec: RunSpec, steps: int = STEPS, loss: float | None = None) -> Float64s:
    """The rates of all epochs, of which each is a tenth better than the one before, or as good as `loss`."""
    losses = [0.9**epoch if loss is None else loss for epoch in range(spec.epochs)]
    return np.concatenate(
        [compute_rates(spec, steps, epoch, losses[: epoch - 1]) for epoch in range(1, spec.epochs + 1)]
    )


@EVERY
@pytest.mark.parametrize(("epochs", "steps"), [(1, 1), (1, 7), (3, 1), (20, 10)])
def test_every_step_has_a_rate_that_is_a_number_and_no_larger_than_the_specs(
    schedule: str, epochs: int, steps: int
) -> None:
    for epoch in range(1, epochs + 1):
        taken = compute_rates(_with(schedule, epochs=epochs), steps, epoch, [1.0] * (epoch - 1))
        assert taken.shape == (steps,)
        assert np.isfinite(taken).all()
        assert taken.min() > 0
        assert taken.max() <= 0.2


def test_a_constant_rate_is_the_specs_at_every_step() -> None:
    assert np.array_equal(_rates(_with("constant")), np.full(20 * STEPS, 0.2))


def test_steps_divide_the_rate_by_ten_at_60_and_85_percent_of_the_epochs() -> None:
    expected = [0.2] * 12 * STEPS + [0.02] * 5 * STEPS + [0.002] * 3 * STEPS
    np.testing.assert_allclose(_rates(_with("step")), expected, rtol=1e-12)


def test_a_step_may_fall_into_the_middle_of_an_epoch() -> None:
    np.testing.assert_allclose(_rates(_with("step", epochs=1)), [0.2] * 6 + [0.02] * 3 + [0.002], rtol=1e-12)


def test_a_cosine_falls_from_the_rate_to_zero_step_by_step_and_is_half_way_down_in_the_middle() -> None:
    rates = _rates(_with("cosine"))
    assert rates[0] == 0.2
    assert rates[len(rates) // 2] == pytest.approx(0.1)
    assert (np.diff(rates) < 0).all()
    assert 0 < rates[-1] < 0.2 / 1_000
    share = np.arange(200) / 200
    np.testing.assert_allclose(rates, 0.2 * (1 + np.cos(np.pi * share)) / 2, rtol=1e-12)


def test_one_cycle_rises_from_a_tenth_to_the_rate_and_falls_to_a_thousandth() -> None:
    rates = _rates(_with("one_cycle"))
    top = int(np.argmax(rates))
    assert rates[0] == pytest.approx(0.02)
    assert (top, rates[top]) == (60, pytest.approx(0.2))
    assert (np.diff(rates[: top + 1]) > 0).all()
    assert (np.diff(rates[top:]) < 0).all()
    assert rates[-1] == pytest.approx(0.2 / 1_000, rel=0.2)


def test_a_plateau_halves_the_rate_whenever_the_loss_has_not_fallen_for_three_epochs() -> None:
    assert np.array_equal(_rates(_with("plateau")), np.full(20 * STEPS, 0.2))
    # The first loss is the best one; three that are no better make a plateau, and so do the next three.
    expected = np.repeat(
        [0.2] * 4 + [0.1] * 3 + [0.05] * 3 + [0.025] * 3 + [0.0125] * 3 + [0.00625] * 3 + [0.003125], STEPS
    )
    np.testing.assert_allclose(_rates(_with("plateau"), loss=1.0), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("losses", "halves"),
    [
        ([], 0),
        ([1, 1, 1], 0),
        ([1, 1, 1, 1], 1),
        ([1, 2, 3, 4], 1),
        ([1, 1, 1, 0.9, 1, 1], 0),
        ([1, 1, 1, 0.9, 1, 1, 1], 1),
        ([1, 1, 1, 1, 1, 1], 1),
        ([1, 1, 1, 1, 1, 1, 1], 2),
        ([1, 1, 1, 1, 0.9, 1, 1], 1),
        ([3, 2, 1, 2, 1.5, 1.2, 1.1], 1),
    ],
)
def test_epochs_without_a_better_loss_are_counted_anew_behind_each_plateau(losses: list[float], halves: int) -> None:
    taken = compute_rates(_with("plateau"), STEPS, len(losses) + 1, losses)
    np.testing.assert_allclose(taken, 0.2 / 2**halves)


@EVERY
@pytest.mark.parametrize("first", [1, 5, 20])
def test_training_further_starts_the_schedule_anew(schedule: str, first: int) -> None:
    short = _with(schedule, epochs=first)
    further = short.further(7, first)
    alone = _with(schedule, epochs=7)
    rates = _rates(further, loss=1.0)
    np.testing.assert_allclose(rates[: first * STEPS], _rates(short, loss=1.0))
    np.testing.assert_allclose(rates[first * STEPS :], _rates(alone, loss=1.0))


@EVERY
def test_a_run_that_ended_early_or_before_its_first_epoch_is_trained_further_like_any_other(schedule: str) -> None:
    alone = _rates(_with(schedule, epochs=7), loss=1.0)
    stopped = _with(schedule).further(7, 3)
    assert stopped.epochs == 10
    np.testing.assert_allclose(_rates(stopped, loss=1.0)[3 * STEPS :], alone)
    never = _with(schedule).further(7, 0)
    np.testing.assert_allclose(_rates(never, loss=1.0), alone)
    twice = stopped.further(2, 3).further(7, 3)
    np.testing.assert_allclose(_rates(twice, loss=1.0)[3 * STEPS :], alone)


@EVERY
def test_the_steps_of_an_epoch_do_not_depend_on_what_comes_later(schedule: str) -> None:
    """A resumed run knows the same losses at the same epoch, and must take the very same steps."""
    losses = [1.0, 0.8, 0.9, 0.9, 0.9, 0.7]
    spec = _with(schedule)
    for epoch in range(1, 7):
        again = compute_rates(RunSpec.from_json(spec.to_json()), STEPS, epoch, losses[: epoch - 1])
        assert np.array_equal(compute_rates(spec, STEPS, epoch, losses[: epoch - 1]), again)


@pytest.mark.parametrize(
    ("losses", "patience", "ended"),
    [
        ([], 1, False),
        ([1], 1, False),
        ([1, 0.9], 1, False),
        ([1, 1], 1, True),
        ([1, 1.1], 1, True),
        ([1, 1.1], 2, False),
        ([1, 1.1, 1.2], 2, True),
        ([1, 1.1, 0.9], 2, False),
        ([1, 1.1, 0.9, 1, 0.95], 2, True),
        ([1] * 1_000, 0, False),
        ([1] * 1_000, 1_000, False),
        ([1] * 1_001, 1_000, True),
    ],
)
def test_a_run_ends_early_when_the_loss_has_not_fallen_for_so_many_epochs(
    losses: list[float], patience: int, ended: bool
) -> None:
    assert is_patience_over(_with("constant", patience=patience), losses) is ended


def test_patience_starts_anew_where_training_is_continued() -> None:
    spec = _with("constant", patience=2)
    losses = [1.0, 1.1, 1.2]
    assert is_patience_over(spec, losses)
    further = spec.further(5, 3)
    assert not is_patience_over(further, losses)
    assert not is_patience_over(further, [*losses, 1.3])
    assert not is_patience_over(further, [*losses, 1.3, 1.4])
    assert is_patience_over(further, [*losses, 1.3, 1.4, 1.5])


@given(st.lists(st.floats(0, 10), max_size=30), st.integers(1, 10))
def test_a_loss_that_falls_at_last_never_ends_a_run(losses: list[float], patience: int) -> None:
    spec = _with("plateau", patience=patience)
    better = min(losses, default=1.0) - 1
    assert not is_patience_over(spec, [*losses, better])
    before = compute_rates(spec, 1, len(losses) + 1, losses)
    after = compute_rates(replace(spec, epochs=40), 1, len(losses) + 2, [*losses, better])
    assert np.array_equal(before, after)
    assert is_patience_over(spec, [*losses, *[20.0] * patience]) is bool(losses)
