"""What Optuna is asked: the next settings, what is given up, and what matters, from recorded trials alone."""

import subprocess
import sys
from dataclasses import replace

import pytest

from mnist_dash.runs.process import make_environment
from mnist_dash.runs.records import State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps import study
from mnist_dash.sweeps.control import start_sweep
from mnist_dash.sweeps.queries import trials_of
from mnist_dash.sweeps.records import Outcome, Pruner, Sampler, Sweep, Trial, find_best
from tests.sweeps.conftest import Act, Learn
from tests.swept import FIGURES, SPACE, a_plan, search


@pytest.fixture
def searched(settings: Settings, database: Database) -> Sweep:
    """A sweep with five finished trials and one that is queued."""
    sweep = search(settings, database, 30)
    outcomes = [trial.outcome for trial in trials_of(database, sweep.id)]
    assert outcomes == [*[Outcome.DONE] * 5, Outcome.WAITING]
    return sweep


def _trials(database: Database, sweep: Sweep) -> list[Trial]:
    return trials_of(database, sweep.id)


def test_the_same_trials_are_always_followed_by_the_same_one(database: Database, searched: Sweep) -> None:
    trials = _trials(database, searched)
    values = study.choose_values(searched, trials)
    assert study.choose_values(searched, trials) == values
    assert values != study.choose_values(replace(searched, next_trial=99), trials)
    assert values != study.choose_values(replace(searched, seed=99), trials)
    assert list(values) == ["learning_rate", "batch_size", "optimizer"]


def test_what_is_tried_is_within_the_space_and_short(database: Database, searched: Sweep) -> None:
    for trial in _trials(database, searched):
        values = trial.read_values(SPACE)
        rate, batch = values["learning_rate"], values["batch_size"]
        assert isinstance(rate, float)
        assert isinstance(batch, int)
        assert 0.0001 <= rate <= 0.01
        assert float(f"{rate:.4g}") == rate
        assert 16 <= batch <= 64
        assert values["optimizer"] in ("adam", "sgd")
        assert (trial.run.spec.seed, trial.run.spec.epochs) == (5, 3)


def test_what_others_try_at_the_moment_is_known_to_the_study(database: Database, searched: Sweep) -> None:
    states = [trial.state.name for trial in study.make_study(searched, _trials(database, searched)).trials]
    assert states == [*["COMPLETE"] * 5, "RUNNING"]


def test_a_trial_below_the_median_of_its_epoch_is_given_up(database: Database, searched: Sweep, learn: Learn) -> None:
    learn(_trials(database, searched)[-1], (0.54,), None)
    trials = _trials(database, searched)
    assert study.explain_pruning(searched, trials, trials[-1]) == (
        "Pruned after epoch 1: it has read 54.00 % of the validation images at best, and half of the 5 finished trials "
        "read 55.00 % or more by then."
    )
    assert study.explain_pruning(searched, trials[1:], trials[-1]) is None


@pytest.mark.parametrize(
    ("pruner", "figures", "given_up"),
    [
        (Pruner.MEDIAN, (0.56,), False),
        (Pruner.QUARTER, (0.56,), True),
        (Pruner.NONE, (0.01,), False),
        (Pruner.MEDIAN, (0.5, 0.79), False),
        (Pruner.MEDIAN, (0.5, 0.74), True),
        # The last epoch is done: there is nothing to save any more.
        (Pruner.MEDIAN, (0.1, 0.1, 0.1), False),
        (Pruner.MEDIAN, (), False),
    ],
)
def test_who_is_given_up_is_the_pruners_choice(
    settings: Settings,
    database: Database,
    act: Act,
    learn: Learn,
    pruner: Pruner,
    figures: tuple[float],
    given_up: bool,
) -> None:
    sweep = start_sweep(settings, database, a_plan(30, Sampler.RANDOM, pruner))
    for finished in FIGURES:
        learn(act(sweep)[-1], finished)
    learn(act(sweep)[-1], figures, None)
    trials = _trials(database, sweep)
    assert bool(study.explain_pruning(sweep, trials, trials[-1])) is given_up


def test_a_failed_trial_is_avoided_and_a_stopped_one_tells_nothing(
    settings: Settings, database: Database, act: Act, learn: Learn
) -> None:
    sweep = start_sweep(settings, database, a_plan(30))
    for state in (State.DONE, State.FAILED, State.STOPPED):
        learn(act(sweep)[-1], (0.5,), state)
    assert [trial.state.name for trial in study.make_study(sweep, _trials(database, sweep)).trials] == [
        "COMPLETE",
        "PRUNED",
    ]


def test_importance_sums_to_one_once_there_is_enough_to_tell(database: Database, searched: Sweep) -> None:
    trials = _trials(database, searched)
    shares = study.measure_importance(searched, trials)
    assert set(shares) == {"learning_rate", "batch_size", "optimizer"}
    assert sum(shares.values()) == pytest.approx(1, abs=0.001)
    assert study.measure_importance(searched, trials[1:]) == {}


def test_the_best_is_the_first_of_those_that_read_most(database: Database, searched: Sweep) -> None:
    best = find_best(_trials(database, searched))
    assert best is not None
    assert (best.number, best.accuracy) == (2, 0.95)
    assert find_best([]) is None


@pytest.mark.slow
def test_tpe_finds_better_rates_than_chance(settings: Settings, database: Database, act: Act, learn: Learn) -> None:
    """The later half of 24 trials lies nearer to the best rate, 0.001, than the first ten, drawn at random."""
    sweep = start_sweep(settings, database, a_plan(24, pruner=Pruner.NONE))
    distances = []
    for _ in range(24):
        trial = act(sweep)[-1]
        rate = trial.run.spec.learning_rate
        distances.append(abs(rate - 0.001))
        learn(trial, (1 - 50 * abs(rate - 0.001),))
    assert sum(distances[12:]) / 12 < sum(distances[:10]) / 10


def test_neither_pages_nor_other_commands_load_optuna() -> None:
    code = "import mnist_dash.cli.sweeping, mnist_dash.figures.sweep, mnist_dash.ui.sweeps.form, sys;"
    code += "print('optuna' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=make_environment()
    )
    assert done.stdout == "False\n"
