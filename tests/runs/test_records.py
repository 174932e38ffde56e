"""What the states mean, and of which kind a run is."""

from dataclasses import replace

from mnist_dash.methods.audit import audit_spec
from mnist_dash.runs.kind import AUDIT, TRAINING, TRIAL
from mnist_dash.runs.records import Run, State
from tests.runs.conftest import SITUATIONS, Bring


def test_a_run_is_active_until_it_has_ended() -> None:
    assert [state for state in State if state.active] == [State.QUEUED, State.RUNNING, State.PAUSED]


def test_there_is_something_to_wait_for_until_a_run_has_ended_and_its_process_is_gone(bring: Bring) -> None:
    ended = {"done", "stopped", "failed"}
    assert {situation for situation in SITUATIONS if not bring(situation).changing} == ended


def test_a_run_is_a_training_a_trial_of_a_sweep_or_an_audit(run: Run) -> None:
    trial, audit = replace(run, sweep=2, trial=1), replace(run, spec=audit_spec("mnist"))
    assert (run.kind, trial.kind, audit.kind) == (TRAINING, TRIAL, AUDIT)
