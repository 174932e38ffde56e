"""What people do to a run, in every state: what becomes of it, or why it is refused."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from mnist_dash.errors import RunError, SpecError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, housekeeping, queue
from mnist_dash.runs.queries import epochs_of, model_at, run_of, waiting_runs_of
from mnist_dash.runs.recorder import Command, RunRecorder
from mnist_dash.runs.records import ModelFormat, Run, State
from mnist_dash.store.database import Database
from tests.runs.conftest import SCORE, SITUATIONS, Bring, an_epoch, some_batches

pytestmark = pytest.mark.both_databases

ACTIONS: dict[str, Callable[[Database, int], Run]] = {
    "stop": control.stop,
    "pause": control.pause,
    "resume": lambda database, run: control.resume(database, run, 1),
    "step": lambda database, run: control.resume(database, run, 1, step=True),
    "further": lambda database, run: control.train_further(database, run, 3),
}
ENDED = ("testing", "done", "stopped", "failed")
BECOMES: dict[tuple[str, str], tuple[State, bool, int | None, bool]] = {
    # Whether a process holds it, the epoch after which it is to pause, and whether it is to stop.
    ("queued", "stop"): (State.STOPPED, False, None, False),
    ("interrupted", "stop"): (State.STOPPED, False, None, False),
    ("running", "stop"): (State.RUNNING, True, None, True),
    ("stopping", "stop"): (State.RUNNING, True, None, True),
    ("pausing", "stop"): (State.RUNNING, True, 1, True),
    ("paused", "stop"): (State.RUNNING, True, 1, True),
    ("left", "stop"): (State.STOPPED, False, None, False),
    ("queued", "pause"): (State.PAUSED, False, None, False),
    ("interrupted", "pause"): (State.PAUSED, False, None, False),
    ("running", "pause"): (State.RUNNING, True, 1, False),
    ("pausing", "pause"): (State.RUNNING, True, 1, False),
    ("stopping", "pause"): (State.RUNNING, True, 1, True),
    ("running", "resume"): (State.RUNNING, True, None, False),
    ("pausing", "resume"): (State.RUNNING, True, None, False),
    ("stopping", "resume"): (State.RUNNING, True, None, True),
    ("paused", "resume"): (State.RUNNING, True, None, False),
    ("left", "resume"): (State.QUEUED, False, None, False),
    ("running", "step"): (State.RUNNING, True, 2, False),
    ("pausing", "step"): (State.RUNNING, True, 2, False),
    ("stopping", "step"): (State.RUNNING, True, 2, True),
    ("paused", "step"): (State.RUNNING, True, 2, False),
    ("left", "step"): (State.QUEUED, False, 2, False),
    **{(ended, "further"): (State.QUEUED, False, None, False) for ended in ENDED},
}
REFUSED = {
    "stop": "stopped; only one that has not ended can.",
    "pause": "paused; only a waiting or running one can.",
    "resume": "resumed; only a paused one can.",
    "step": "resumed; only a paused one can.",
    "further": "trained further; only one that has ended can.",
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_becomes_of_a_run_in_each_state(database: Database, bring: Bring, situation: str, action: str) -> None:
    before, bystander = bring(situation), bring("queued")
    expected = BECOMES.get((situation, action))
    if expected is None:
        words = f"Run {before.id} is {before.state} and cannot be {REFUSED[action]}"
        with pytest.raises(RunError, match=f"^{re.escape(words)}$"):
            ACTIONS[action](database, before.id)
        assert run_of(database, before.id) == before
    else:
        run = ACTIONS[action](database, before.id)
        assert (run.state, run.host is not None, run.pause_at, run.stop_requested) == expected
        assert (run.ended is None) == run.state.active
        assert (run.id, run.name, run.epoch, run.best, run.attempt) == (
            *(before.id, before.name, before.epoch, before.best, before.attempt),
        )
        assert run == run_of(database, run.id)
    assert run_of(database, bystander.id) == bystander


@pytest.mark.parametrize("action", ACTIONS.values(), ids=list(ACTIONS))
@pytest.mark.parametrize("number", [-1, 0, 7, 2**31, 2**63])
def test_a_run_that_is_not_there_cannot_be_steered(
    database: Database, action: Callable[[Database, int], Run], number: int
) -> None:
    with pytest.raises(RunError, match=f"There is no run {number}"):
        action(database, number)


class TestAProcess:
    """What the process of a run is told, look by look."""

    def test_it_is_paused_behind_the_batches_at_work(self, database: Database, run: Run, recorder: RunRecorder) -> None:
        recorder.epoch(an_epoch(1), b"one")
        assert recorder.batches(some_batches(2)) is Command.GO_ON
        control.pause(database, run.id)
        assert recorder.batches(some_batches(2, step=2)) is Command.PAUSE
        assert recorder.pause(attached=True) is Command.PAUSE
        paused = run_of(database, run.id)
        assert (paused.state, paused.host, paused.phase) == (State.PAUSED, "here", "")
        assert recorder.read_command() is Command.PAUSE

    def test_it_goes_on_in_the_middle_of_the_epoch_where_it_was_paused(
        self, database: Database, run: Run, recorder: RunRecorder
    ) -> None:
        control.pause(database, run.id)
        recorder.pause(attached=True)
        resumed = control.resume(database, run.id, 1)
        assert (resumed.state, resumed.phase, resumed.attempt) == (State.RUNNING, "training", run.attempt)
        assert recorder.read_command() is Command.GO_ON
        assert recorder.batches(some_batches(1)) is Command.GO_ON
        assert recorder.epoch(an_epoch(1), b"one") is Command.GO_ON

    def test_one_epoch_at_a_time_pauses_behind_that_epoch_and_not_before(
        self, database: Database, run: Run, recorder: RunRecorder
    ) -> None:
        control.pause(database, run.id)
        recorder.pause(attached=True)
        for number in (1, 2, 3):
            control.resume(database, run.id, 1, step=True)
            assert recorder.read_command() is Command.GO_ON
            assert recorder.phase("training") is Command.GO_ON
            assert recorder.batches(some_batches(number)) is Command.GO_ON
            assert recorder.epoch(an_epoch(number), b"model") is Command.PAUSE
            assert recorder.phase("training") is Command.PAUSE
            assert recorder.pause(attached=True) is Command.PAUSE
        assert run_of(database, run.id).epoch == 3

    def test_a_pause_that_is_taken_back_before_it_happened_does_not_happen(
        self, database: Database, run: Run, recorder: RunRecorder
    ) -> None:
        control.pause(database, run.id)
        assert recorder.batches(some_batches(1)) is Command.PAUSE
        control.resume(database, run.id, 1)
        assert recorder.pause(attached=True) is Command.GO_ON
        assert run_of(database, run.id).state is State.RUNNING
        assert recorder.batches(some_batches(1, step=2)) is Command.GO_ON

    @pytest.mark.parametrize("attached", [True, False])
    def test_a_stop_that_comes_just_before_the_pause_happens_is_not_lost(
        self, database: Database, run: Run, recorder: RunRecorder, attached: bool
    ) -> None:
        control.pause(database, run.id)
        assert recorder.batches(some_batches(1)) is Command.PAUSE
        control.stop(database, run.id)
        assert recorder.pause(attached=attached) is Command.STOP
        held = run_of(database, run.id)
        assert (held.state, held.host) == (State.RUNNING, "here")

    def test_a_stop_wakes_a_paused_process(self, database: Database, run: Run, recorder: RunRecorder) -> None:
        control.pause(database, run.id)
        recorder.pause(attached=True)
        assert control.stop(database, run.id).state is State.RUNNING
        assert recorder.read_command() is Command.STOP
        recorder.stop()
        assert run_of(database, run.id).state is State.STOPPED

    def test_one_that_is_resumed_and_paused_at_once_pauses_at_its_next_look(
        self, database: Database, run: Run, recorder: RunRecorder
    ) -> None:
        control.pause(database, run.id)
        recorder.pause(attached=True)
        control.resume(database, run.id, 1)
        control.pause(database, run.id)
        assert recorder.read_command() is Command.GO_ON
        assert recorder.batches(some_batches(1)) is Command.PAUSE
        recorder.pause(attached=True)
        assert run_of(database, run.id).state is State.PAUSED

    def test_it_leaves_a_paused_run_to_a_later_one(self, database: Database, run: Run, recorder: RunRecorder) -> None:
        control.pause(database, run.id)
        recorder.pause(attached=True)
        assert recorder.leave()
        left = run_of(database, run.id)
        assert (left.state, left.host) == (State.PAUSED, None)

    def test_it_does_not_leave_a_run_that_was_resumed(
        self, database: Database, run: Run, recorder: RunRecorder
    ) -> None:
        control.pause(database, run.id)
        recorder.pause(attached=True)
        control.resume(database, run.id, 1)
        assert not recorder.leave()
        assert run_of(database, run.id).host == "here"

    def test_it_loses_a_run_that_was_resumed_through_the_queue(
        self, database: Database, run: Run, recorder: RunRecorder
    ) -> None:
        control.pause(database, run.id)
        recorder.pause(attached=True)
        control.resume(database, run.id, 0)
        for look in (recorder.read_command, recorder.leave, lambda: recorder.pause(attached=True)):
            with pytest.raises(RunError, match="was taken over or ended"):
                look()

    def test_one_that_is_to_pause_when_it_starts_does_so_at_its_first_look(
        self, database: Database, spec: RunSpec
    ) -> None:
        queue.submit(database, spec, pause_at=0)
        run = queue.claim(database, "here")
        assert run is not None
        recorder = RunRecorder(database, run)
        assert recorder.phase("reading the data") is Command.PAUSE
        assert recorder.pause(attached=False) is Command.PAUSE
        assert run_of(database, run.id).host is None

    def test_a_pause_that_its_death_forestalled_happens_in_the_next_attempt(
        self, database: Database, run: Run, recorder: RunRecorder
    ) -> None:
        recorder.epoch(an_epoch(1), b"one")
        control.pause(database, run.id)
        queue.mark_dead(database, run.id, run.attempt, "Dead.")
        again = queue.claim(database, "here")
        assert again is not None
        assert RunRecorder(database, again).phase("reading the data") is Command.PAUSE


class TestSlots:
    """A paused run takes no slot, and needs one to go on."""

    def test_a_paused_run_goes_on_in_its_process_where_a_slot_is_free(self, database: Database, bring: Bring) -> None:
        paused, _ = bring("paused"), bring("running")
        assert control.resume(database, paused.id, 2).state is State.RUNNING

    def test_a_paused_run_goes_through_the_queue_where_all_slots_are_taken(
        self, database: Database, bring: Bring
    ) -> None:
        paused, _ = bring("paused"), bring("running")
        resumed = control.resume(database, paused.id, 1)
        assert (resumed.state, resumed.host, resumed.phase) == (State.QUEUED, None, "waiting")

    def test_a_paused_run_takes_no_slot(self, database: Database, bring: Bring) -> None:
        first, second = bring("paused"), bring("paused")
        assert control.resume(database, first.id, 1).state is State.RUNNING
        assert control.resume(database, second.id, 1).state is State.QUEUED

    def test_the_slots_of_another_machine_are_its_own(self, database: Database, spec: RunSpec, bring: Bring) -> None:
        paused = bring("paused")
        queue.submit(database, spec)
        queue.claim(database, "another machine")
        assert control.resume(database, paused.id, 1).state is State.RUNNING

    def test_resumed_runs_keep_their_place_before_those_that_were_queued_later(
        self, database: Database, bring: Bring
    ) -> None:
        first, second, third = bring("left"), bring("queued"), bring("queued")
        control.pause(database, second.id)
        assert [run.id for run in waiting_runs_of(database)] == [third.id]
        control.resume(database, second.id, 1)
        control.resume(database, first.id, 1)
        assert [run.id for run in waiting_runs_of(database)] == [first.id, second.id, third.id]


class TestTrainingFurther:
    """An ended run goes on after its last epoch."""

    @pytest.mark.parametrize("situation", ENDED)
    def test_it_is_queued_at_the_end_for_more_epochs(self, database: Database, bring: Bring, situation: str) -> None:
        run, waiting = bring(situation), bring("queued")
        further = control.train_further(database, run.id, 3)
        assert further.spec == run.spec.further(3, 1)
        assert (further.spec.epochs, further.spec.continued) == (4, (1,))
        assert (further.phase, further.reason, further.started) == ("waiting", None, run.started)
        assert [run.id for run in waiting_runs_of(database)] == [waiting.id, further.id]
        assert [epoch.epoch for epoch in epochs_of(database, run.id)] == [1]

    def test_a_run_that_ended_before_its_first_epoch_starts_from_there(
        self, database: Database, run: Run, recorder: RunRecorder
    ) -> None:
        recorder.fail("The loss became NaN.")
        further = control.train_further(database, run.id, 2)
        assert (further.spec.epochs, further.spec.continued, further.epoch) == (2, (0,), 0)

    def test_it_forgets_deaths_and_commands_of_before(self, database: Database, bring: Bring) -> None:
        run = bring("stopping")
        queue.mark_dead(database, run.id, run.attempt, "Dead.")
        control.train_further(database, run.id, 1)
        for _ in range(queue.MOST_DEATHS - 1):
            again = queue.claim(database, "here")
            assert again is not None
            assert RunRecorder(database, again).phase("starting") is Command.GO_ON
            assert queue.mark_dead(database, again.id, again.attempt, "Dead.").state is State.QUEUED

    def test_a_tested_model_keeps_its_figures_until_there_is_a_newer_one(
        self, database: Database, bring: Bring
    ) -> None:
        """Whoever thinks better of it before the first epoch has lost nothing."""
        run = bring("done")
        assert control.train_further(database, run.id, 3).score == SCORE
        again = queue.claim(database, "here")
        assert again is not None
        control.stop(database, run.id)
        RunRecorder(database, again).end(State.STOPPED, {}, None)
        stopped = run_of(database, run.id)
        assert (stopped.state, stopped.score) == (State.STOPPED, SCORE)
        assert model_at(database, run.id, 1, ModelFormat.LITERT) == b"litert"

        control.train_further(database, run.id, 3)
        again = queue.claim(database, "here")
        assert again is not None
        RunRecorder(database, again).epoch(an_epoch(2), b"two")
        assert run_of(database, run.id).score is None

    def test_a_deleted_run_comes_back(self, database: Database, bring: Bring) -> None:
        run = bring("done")
        housekeeping.delete(database, [run.id])
        control.train_further(database, run.id, 1)
        assert [waiting.id for waiting in waiting_runs_of(database)] == [run.id]
        claimed = queue.claim(database, "here")
        assert claimed is not None
        assert claimed.id == run.id

    def test_more_epochs_than_are_allowed_are_refused_and_change_nothing(
        self, database: Database, bring: Bring
    ) -> None:
        run = bring("done")
        with pytest.raises(SpecError, match=r"^epochs is 1001; allowed is a whole number from 1 to 1,000\.$"):
            control.train_further(database, run.id, 1_000)
        assert run_of(database, run.id) == run

    def test_more_kept_models_than_there_is_room_for_are_refused_and_change_nothing(self, database: Database) -> None:
        queue.submit(database, RunSpec.of("mlp_900", "mnist", epochs=200, kept_models="every_epoch"))
        claimed = queue.claim(database, "here")
        assert claimed is not None
        RunRecorder(database, claimed).epoch(an_epoch(1), b"model")
        RunRecorder(database, claimed).end(State.DONE, {}, SCORE)
        run = run_of(database, claimed.id)
        with pytest.raises(
            SpecError, match=r"^The models of all 401 epochs would take about 2\.4 GB; allowed are 2\.0 GB"
        ):
            control.train_further(database, run.id, 400)
        assert run_of(database, run.id) == run

    def test_a_guess_is_refused(self, database: Database) -> None:
        queue.submit(database, RunSpec.of("random", "mnist"))
        run = queue.claim(database, "here")
        assert run is not None
        RunRecorder(database, run).end(State.DONE, {}, SCORE)
        words = f"Run {run.id} guesses at random and learns nothing; there is nothing to train further."
        with pytest.raises(RunError, match=f"^{re.escape(words)}$"):
            control.train_further(database, run.id, 1)

    def test_its_earlier_process_that_still_tests_the_model_writes_no_more(
        self, database: Database, run: Run, recorder: RunRecorder
    ) -> None:
        recorder.epoch(an_epoch(1), b"one")
        recorder.stop()
        further = control.train_further(database, run.id, 1)
        with pytest.raises(RunError, match="was taken over or ended"):
            recorder.end(State.STOPPED, {(1, ModelFormat.LITERT): b"late"}, replace(SCORE, accuracy=0.1))
        assert run_of(database, run.id) == further
