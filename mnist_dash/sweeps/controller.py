"""The process of a sweep: it asks for trials, gives up the hopeless ones, and ends when all that were wanted are done.

It knows nothing but what is recorded, so that it may be killed at any moment: the next one goes on where it was.
"""

import time
from collections.abc import Sequence

from filelock import Timeout

from mnist_dash.errors import SweepError
from mnist_dash.methods.space import vary
from mnist_dash.runs import process, supervisor
from mnist_dash.runs.records import State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps import steps, study
from mnist_dash.sweeps.queries import sweep_of, trials_of
from mnist_dash.sweeps.records import Outcome, Sweep, Trial, count_wanted

GLANCE = 0.5
"""Seconds between two looks at the trials."""
GLANCE_WAITING = 5.0
"""The same where it waits until its owner may have more runs."""
LOCK_PATIENCE = 10
"""Seconds to wait for the lock of a sweep: somebody may just be asking whether its process lives."""
MOST_FAILURES = 3
"""So many trials that failed, with none that did not, and the sweep is given up: it is not the settings."""


def conduct(settings: Settings, database: Database, sweep_id: int) -> Sweep:
    """Look after a sweep to its end; raises SweepError where another process does already."""
    try:
        with process.sweep_lock(settings, sweep_id).acquire(timeout=LOCK_PATIENCE):
            return _conduct(settings, database, sweep_id)
    except Timeout as e:
        raise SweepError(f"Sweep {sweep_id} is looked after by another process already. Leave it to that one.") from e


def _conduct(settings: Settings, database: Database, sweep_id: int) -> Sweep:
    before = None
    while True:
        # It may be stopped and deleted between two looks.
        sweep, trials = sweep_of(database, sweep_id, deleted=True), trials_of(database, sweep_id)
        if not sweep.active:
            return sweep
        # The trials need a supervisor, and it looks whether this process lives.
        supervisor.ensure(settings)
        if (sweep, trials) == before:
            time.sleep(GLANCE_WAITING if sweep.reason else GLANCE)
            if not sweep.reason:
                continue
        act(database, sweep, trials, settings.slots)
        before = (sweep, trials)


def act(database: Database, sweep: Sweep, trials: Sequence[Trial], slots: int) -> None:
    """Do what is to be done where the trials stand like this, with so many of them at once."""
    _prune(database, sweep, trials)
    reason, active = _explain_failure(sweep, trials), any(trial.outcome.active for trial in trials)
    if not reason and count_wanted(sweep, trials):
        _ask(database, sweep, trials, slots)
    steps.note_look(database, sweep, study.measure_importance(sweep, trials))
    if reason:
        steps.end_sweep(database, sweep, State.FAILED, reason)
    elif not active and not count_wanted(sweep, trials):
        steps.end_sweep(database, sweep, State.DONE)


def _ask(database: Database, sweep: Sweep, trials: Sequence[Trial], slots: int) -> None:
    """Ask for one more trial where a slot is free; the next look asks for the next, and knows of this one."""
    # A paused trial waits for a person and leaves its slot to others.
    at_work = [trial for trial in trials if trial.run.state in (State.QUEUED, State.RUNNING)]
    if len(at_work) < slots and not steps.hold(database, sweep):
        steps.add_trial(database, sweep, vary(sweep.base, study.choose_values(sweep, trials)))


def _prune(database: Database, sweep: Sweep, trials: Sequence[Trial]) -> None:
    for trial in trials:
        if trial.outcome is Outcome.GOING_ON and not trial.run.stop_requested:
            reason = study.explain_pruning(sweep, trials, trial)
            if reason:
                steps.prune_trial(database, sweep, trial, reason)


def _explain_failure(sweep: Sweep, trials: Sequence[Trial]) -> str | None:
    """Why the sweep is given up; None where it goes on."""
    since = [trial for trial in trials if trial.run.created >= sweep.begun]
    failed = [trial for trial in since if trial.outcome is Outcome.FAILED]
    if len(failed) < MOST_FAILURES or any(trial.outcome in (Outcome.DONE, Outcome.PRUNED) for trial in trials):
        return None
    return f"The first {len(failed)} trials all failed. Of the last one: {failed[-1].run.reason} Then resume the sweep."
