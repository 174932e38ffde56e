"""The process of a sweep asks, gives up and ends, and whoever comes after it goes on where it was."""

import pytest

from mnist_dash.errors import SweepError
from mnist_dash.runs import control, housekeeping, process
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Epoch, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps import controller, steps
from mnist_dash.sweeps.control import resume_sweep, start_sweep, stop_sweep
from mnist_dash.sweeps.queries import sweep_of, trials_of
from mnist_dash.sweeps.records import Outcome, Sweep, count_wanted
from tests.sweeps.conftest import Act, Learn
from tests.swept import a_plan

pytestmark = pytest.mark.both_databases


def test_trials_are_asked_for_one_by_one_until_all_are_done(
    database: Database, sweep: Sweep, act: Act, learn: Learn
) -> None:
    for number in (1, 2, 3):
        trials = act(sweep)
        assert [trial.number for trial in trials] == list(range(1, number + 1))
        # It waits, and no other is asked for.
        assert act(sweep) == trials
        learn(trials[-1], (0.5, 0.6, 0.7))
    assert len(act(sweep)) == 3
    ended = sweep_of(database, sweep.id)
    assert (ended.state, ended.reason, ended.next_trial) == (State.DONE, None, 4)
    assert ended.ended is not None
    assert [run.name for run in runs_of(database)] == [f"Sweep 1, trial {number}" for number in (3, 2, 1)]


def test_as_many_trials_are_at_work_as_there_are_slots(
    database: Database, sweep: Sweep, act: Act, learn: Learn
) -> None:
    act(sweep, 2)
    trials = act(sweep, 2)
    assert len(act(sweep, 2)) == 2
    # One that a person has paused leaves its slot to others.
    control.pause(database, trials[0].run.id)
    assert len(act(sweep, 2)) == 3
    # Nothing is to be asked for any more, and the sweep waits for the one that is paused.
    for trial in trials_of(database, sweep.id)[1:]:
        learn(trial, (0.5, 0.6, 0.7))
    act(sweep, 2)
    assert sweep_of(database, sweep.id).active


def test_a_process_that_has_not_heard_of_a_trial_cannot_ask_for_it_again(
    database: Database, sweep: Sweep, act: Act
) -> None:
    (trial,) = act(sweep)
    assert not steps.add_trial(database, sweep, sweep.base)
    controller.act(database, sweep, [], 1)
    assert trials_of(database, sweep.id) == [trial]


def _give_up(sweep: Sweep, act: Act, learn: Learn) -> int:
    """The run of the sixth trial, given up after its first epoch."""
    for _ in range(5):
        learn(act(sweep)[-1], (0.5, 0.7, 0.9))
    run = learn(act(sweep)[-1], (0.1,), None)
    act(sweep)
    return run.id


def test_a_hopeless_trial_is_asked_to_stop_with_the_reason(
    settings: Settings, database: Database, act: Act, learn: Learn
) -> None:
    sweep = start_sweep(settings, database, a_plan(6))
    run = run_of(database, _give_up(sweep, act, learn))
    assert (run.stop_requested, run.pruned_after) == (True, 1)
    assert str(run.reason).startswith("Pruned after epoch 1: ")
    RunRecorder(database, run).end(State.STOPPED, {}, None)
    (*_, trial) = act(sweep)
    assert (trial.outcome, trial.run.reason) == (Outcome.PRUNED, run.reason)
    # It was tried, and no other stands in for it.
    assert sweep_of(database, sweep.id).state is State.DONE


def test_a_trial_that_has_ended_before_it_could_be_given_up_counts_in_full(
    settings: Settings, database: Database, act: Act, learn: Learn
) -> None:
    sweep = start_sweep(settings, database, a_plan(6))
    run = run_of(database, _give_up(sweep, act, learn))
    recorder = RunRecorder(database, run)
    for number in (2, 3):
        recorder.epoch(Epoch(number, 0.5, 0.9, 0.4, 0.2, 1.0), b"checkpoint")
    recorder.end(State.DONE, {}, None)
    (*_, trial) = trials_of(database, sweep.id)
    assert (trial.outcome, trial.accuracy, trial.run.reason) == (Outcome.DONE, 0.2, None)


def test_a_trial_that_has_gone_on_is_not_given_up_for_what_it_was(
    database: Database, sweep: Sweep, act: Act, learn: Learn
) -> None:
    (waiting,) = act(sweep)
    run = learn(waiting, (0.1,), None)
    (before,) = trials_of(database, sweep.id)
    RunRecorder(database, run).epoch(Epoch(2, 0.5, 0.9, 0.4, 0.9, 1.0), b"checkpoint")
    steps.prune_trial(database, sweep, before, "Too late.")
    after = run_of(database, run.id)
    assert (after.stop_requested, after.reason) == (False, None)


def test_where_all_trials_fail_the_sweep_is_given_up_and_can_go_on(
    settings: Settings, database: Database, act: Act, learn: Learn
) -> None:
    sweep = start_sweep(settings, database, a_plan(9))
    for _ in range(3):
        learn(act(sweep)[-1], (), State.FAILED)
    assert len(act(sweep)) == 3
    failed = sweep_of(database, sweep.id)
    assert failed.state is State.FAILED
    assert failed.reason == (
        "The first 3 trials all failed. Of the last one: The loss became NaN. Then resume the sweep."
    )
    assert resume_sweep(settings, database, sweep.id).reason is None
    assert len(act(sweep)) == 4


def test_a_stopped_sweep_leaves_nothing_at_work_and_makes_up_for_it(
    settings: Settings, database: Database, sweep: Sweep, act: Act, learn: Learn
) -> None:
    act(sweep, 2)
    running, waiting = act(sweep, 2)
    learn(running, (0.5,), None)
    assert stop_sweep(database, sweep.id).state is State.STOPPED
    # The waiting one goes: it never was.
    (stopped,) = trials_of(database, sweep.id)
    assert stopped.run.stop_requested
    assert run_of(database, waiting.run.id).state is State.STOPPED
    RunRecorder(database, stopped.run).end(State.STOPPED, {}, None)
    with pytest.raises(SweepError, match="Sweep 1 is stopped and cannot be stopped; only one that goes on can"):
        stop_sweep(database, sweep.id)
    assert len(act(resume_sweep(settings, database, sweep.id))) == 2
    going_on, trials = sweep_of(database, sweep.id), trials_of(database, sweep.id)
    assert [trial.number for trial in trials] == [1, 3]
    # Three were wanted: the stopped one does not count, and one is asked for.
    assert count_wanted(going_on, trials) == 2


def test_a_finished_sweep_is_extended(
    settings: Settings, database: Database, sweep: Sweep, act: Act, learn: Learn
) -> None:
    for _ in range(3):
        learn(act(sweep)[-1], (0.5, 0.6, 0.7))
    act(sweep)
    with pytest.raises(SweepError, match=r"Sweep 1 has all 3 trials that were wanted. Ask for more of them"):
        resume_sweep(settings, database, sweep.id)
    extended = resume_sweep(settings, database, sweep.id, 2)
    assert (extended.state, extended.trials) == (State.RUNNING, 5)
    with pytest.raises(SweepError, match=r"Sweep 1 goes on already. Stop it, or ask for more trials"):
        resume_sweep(settings, database, sweep.id)
    # While it goes on it is given more as well.
    assert resume_sweep(settings, database, sweep.id, 1).trials == 6
    assert len(act(sweep)) == 4


def test_a_sweep_that_is_extended_in_its_last_moment_does_not_end(
    settings: Settings, database: Database, sweep: Sweep
) -> None:
    resume_sweep(settings, database, sweep.id, 2)
    steps.end_sweep(database, sweep, State.DONE)
    assert sweep_of(database, sweep.id).active


def test_a_trial_is_not_trained_further_and_a_deleted_one_is_made_up_for(
    database: Database, sweep: Sweep, act: Act, learn: Learn
) -> None:
    (trial,) = act(sweep)
    learn(trial, (0.5, 0.6, 0.7))
    with pytest.raises(Exception, match="Run 1 is trial 1 of sweep 1, which compares it as it is"):
        control.train_further(database, trial.run.id, 2)
    assert count_wanted(sweep, trials_of(database, sweep.id)) == 2
    housekeeping.delete(database, [trial.run.id])
    assert count_wanted(sweep, trials_of(database, sweep.id)) == 3


def test_a_sweep_has_one_process(
    settings: Settings, database: Database, sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controller, "LOCK_PATIENCE", 0)
    with (
        process.sweep_lock(settings, sweep.id),
        pytest.raises(SweepError, match="Sweep 1 is looked after by another process already"),
    ):
        controller.conduct(settings, database, sweep.id)


def test_a_process_without_a_sweep_that_goes_on_ends_at_once(
    settings: Settings, database: Database, sweep: Sweep
) -> None:
    stop_sweep(database, sweep.id)
    assert controller.conduct(settings, database, sweep.id).state is State.STOPPED
    with pytest.raises(SweepError, match="There is no sweep 9"):
        controller.conduct(settings, database, 9)
