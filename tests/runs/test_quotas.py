"""Nobody takes more of what all share than one person may: places in the queue, and minutes of training a day."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import update

from mnist_dash.errors import QuotaError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, housekeeping, queue, quotas, supervisor
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Epoch, Run, State
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database, open_database
from mnist_dash.sweeps import steps
from mnist_dash.sweeps.control import start_sweep
from mnist_dash.sweeps.queries import sweep_of, trials_of
from mnist_dash.sweeps.records import Sweep
from mnist_dash.users import LOCAL, Quota, Role, User
from tests.swept import a_plan, act_on

pytestmark = pytest.mark.both_databases

SPEC = RunSpec.of("dense_128", "mnist")
ADA, BOB = User("a", "Ada", Role.TRAIN), User("b", "Bob", Role.TRAIN)
TEACHER = User("t", "Teacher", Role.ADMINISTER)
Allow = Callable[[User, Quota], Database]


@pytest.fixture
def allow(database: Database) -> Allow:
    """Gives the database as that user has it, where each may take so much."""

    def allow(user: User, quota: Quota) -> Database:
        database.quota = quota
        return database.acting_as(user)

    return allow


def train(database: Database, run: Run, minutes: float, epochs: int = 1) -> None:
    """Let a waiting run train for so long an epoch, and end."""
    claimed = queue.claim(database, "here", run.id)
    assert claimed
    recorder = RunRecorder(database, claimed)
    recorder.begin(450, 8)
    for epoch in range(1, epochs + 1):
        recorder.epoch(Epoch(epoch, 0.5, 0.9, None, None, minutes * 60), b"model")
    recorder.end(State.DONE, {}, None)


def grow_older(database: Database, run: Run, epoch: int, hours: float) -> None:
    """Let an epoch have been finished that much earlier."""
    table = tables.epochs
    with database.write() as connection:
        where = (table.c.run == run.id, table.c.epoch == epoch)
        connection.execute(update(table).where(*where).values(finished=table.c.finished - hours * 3600))


def test_no_more_runs_wait_than_one_person_may_have(allow: Allow) -> None:
    adas = allow(ADA, Quota(queued=2))
    first = queue.submit(adas, SPEC)
    with pytest.raises(QuotaError, match=r"1 run waits in the queue and 2 more came; allowed are 2 a person at once"):
        queue.submit_all(adas, [SPEC, SPEC])
    queue.submit(adas, SPEC)
    with pytest.raises(QuotaError, match="2 runs wait"):
        queue.submit(adas, SPEC)
    # Others have places of their own, and one that has begun gives its place back.
    queue.submit(adas.acting_as(BOB), SPEC)
    assert queue.claim(adas, "here", first.id)
    queue.submit(adas, SPEC)
    assert len(runs_of(adas)) == 4


@pytest.mark.parametrize("user", [LOCAL, TEACHER])
def test_who_administers_is_free_of_it(allow: Allow, user: User) -> None:
    free = allow(user, Quota(1, 1))
    runs = queue.submit_all(free, [SPEC] * 3)
    train(free, runs[0], 5.0)
    queue.submit(free, SPEC)
    assert (quotas.refuse_runs(free, 9), quotas.describe_left(free)) == (None, None)


def test_of_two_who_want_the_last_place_at_once_one_has_it(allow: Allow, settings: Settings) -> None:
    queue.submit(allow(ADA, Quota(queued=2)), SPEC)
    users = [ADA, ADA, BOB, BOB, BOB]
    start = Barrier(len(users))

    def submit(user: User) -> str:
        # As so many processes would: each with connections of its own.
        with open_database(settings) as mine:
            mine.quota = Quota(queued=2)
            start.wait()
            try:
                return queue.submit(mine.acting_as(user), SPEC).account
            except QuotaError:
                return "refused"

    with ThreadPoolExecutor(len(users)) as pool:
        assert sorted(pool.map(submit, users)) == ["a", "b", "b", "refused", "refused"]


def test_minutes_count_for_24_hours_after_each_epoch(allow: Allow) -> None:
    adas = allow(ADA, Quota(minutes=60))
    run = queue.submit(adas, SPEC)
    train(adas, run, 31.0, epochs=2)
    with pytest.raises(QuotaError, match=r"62 minutes were trained in the last 24 hours, and allowed are 60 .* UTC on"):
        queue.submit(adas, SPEC)
    queue.submit(adas.acting_as(BOB), SPEC)
    grow_older(adas, run, 1, 23.0)
    with adas.read() as connection:
        use = quotas.read_use(connection, "a")
    assert use.find_opening(60) == use.epochs[0][0] + quotas.DAY
    assert use.find_opening(20) == use.epochs[1][0] + quotas.DAY
    grow_older(adas, run, 1, 1.1)
    assert quotas.describe_left(adas) == "Left to you: 29 of 60 minutes of training in 24 hours."
    queue.submit(adas, SPEC)


def test_a_deleted_run_has_taken_its_time_and_a_pause_takes_none(allow: Allow) -> None:
    adas = allow(ADA, Quota(3, 60))
    run = queue.submit(adas, SPEC)
    control.pause(adas, run.id)
    assert quotas.describe_left(adas) == (
        "Left to you: 3 of 3 places in the queue and 60 of 60 minutes of training in 24 hours."
    )
    control.resume(adas, run.id, 1)
    train(adas, run, 61.0)
    housekeeping.delete(adas, [run.id])
    assert "61 minutes" in str(quotas.refuse_runs(adas))


def test_what_waits_when_the_minutes_end_is_trained_and_nothing_else_goes_on(allow: Allow) -> None:
    adas = allow(ADA, Quota(minutes=60))
    first, waiting, paused = queue.submit_all(adas, [SPEC] * 3)
    control.pause(adas, paused.id)
    train(adas, first, 61.0)
    changes: list[Callable[[], object]] = [
        lambda: control.resume(adas, paused.id, 1),
        lambda: control.train_further(adas, first.id, 1),
        lambda: queue.submit(adas, SPEC),
    ]
    for change in changes:
        with pytest.raises(QuotaError, match="61 minutes"):
            change()
    assert [run_of(adas, run.id).state for run in (first, paused)] == [State.DONE, State.PAUSED]
    train(adas, waiting, 1.0)
    # A teacher may let it go on.
    assert control.resume(adas.acting_as(TEACHER), paused.id, 1).state is State.QUEUED


GO_ON: dict[str, Callable[[Database, int], Run]] = {
    "resume": lambda database, run_id: control.resume(database, run_id, 1),
    "train further": lambda database, run_id: control.train_further(database, run_id, 1),
}


@pytest.mark.parametrize("way", GO_ON)
def test_what_goes_on_through_the_queue_takes_a_place(allow: Allow, way: str) -> None:
    adas = allow(ADA, Quota(queued=1))
    run = queue.submit(adas, SPEC)
    if way == "resume":
        control.pause(adas, run.id)
    else:
        train(adas, run, 1.0)
    other, before = queue.submit(adas, SPEC), run_of(adas, run.id)
    with pytest.raises(QuotaError, match="1 run waits in the queue and 1 more came"):
        GO_ON[way](adas, run.id)
    assert run_of(adas, run.id) == before
    # One that has begun gives its place back.
    assert queue.claim(adas, "here", other.id)
    assert GO_ON[way](adas, run.id).state is State.QUEUED


def test_what_waits_in_its_own_process_goes_on_without_a_place_and_not_without_minutes(allow: Allow) -> None:
    adas = allow(ADA, Quota(queued=1))
    held = queue.submit(adas, SPEC)
    assert queue.claim(adas, "here", held.id)
    with adas.write() as connection:
        paused = update(tables.runs).where(tables.runs.c.id == held.id)
        connection.execute(paused.values(state=State.PAUSED))
    waiting = queue.submit(adas, SPEC)
    assert control.resume(adas, held.id, 1).state is State.RUNNING
    with adas.write() as connection:
        connection.execute(paused.values(state=State.PAUSED))
    train(adas, waiting, 61.0)
    less = allow(ADA, Quota(minutes=60))
    with pytest.raises(QuotaError, match="61 minutes"):
        control.resume(less, held.id, 1)
    assert control.resume(less.acting_as(TEACHER), held.id, 1).state is State.RUNNING


@pytest.fixture
def search(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[Database], Sweep]:
    """Starts a sweep without its process."""
    monkeypatch.setattr(supervisor, "ensure", lambda _settings: None)
    return lambda database: start_sweep(settings, database, a_plan())


def test_a_sweep_waits_for_its_owner_says_so_and_goes_on(allow: Allow, search: Callable[[Database], Sweep]) -> None:
    adas = allow(ADA, Quota(minutes=60))
    run = queue.submit(adas, SPEC)
    train(adas, run, 61.0)
    sweep = search(adas)
    # Its process is nobody's.
    own = adas.acting_as(LOCAL)
    assert act_on(own, sweep) == []
    waiting = sweep_of(own, sweep.id)
    assert waiting.active
    assert "waits and goes on by itself: 61 minutes" in str(waiting.reason)
    grow_older(own, run, 1, 25.0)
    (trial,) = act_on(own, sweep)
    assert sweep_of(own, sweep.id).reason is None
    train(own, trial.run, 61.0)
    assert "61 minutes" in str(quotas.refuse_runs(adas))


def test_a_trial_takes_a_place_of_its_sweeps_owner(allow: Allow, search: Callable[[Database], Sweep]) -> None:
    adas = allow(ADA, Quota(queued=1))
    sweep, own = search(adas), adas.acting_as(LOCAL)
    assert len(act_on(own, sweep, 2)) == 1
    assert len(act_on(own, sweep, 2)) == 1
    with pytest.raises(QuotaError):
        queue.submit(adas, SPEC)


def test_a_place_that_is_taken_before_a_trial_is_queued_is_not_taken_twice(
    allow: Allow, search: Callable[[Database], Sweep]
) -> None:
    """The process of the sweep has looked whether there is room; whoever writes looks again."""
    adas = allow(ADA, Quota(queued=1))
    sweep, own = search(adas), adas.acting_as(LOCAL)
    assert not steps.hold(own, sweep)
    run = queue.submit(adas, SPEC)
    assert not steps.add_trial(own, sweep, sweep.base)
    assert (trials_of(own, sweep.id), sweep_of(own, sweep.id).next_trial) == ([], 1)
    train(own, run, 1.0)
    assert steps.add_trial(own, sweep, sweep.base)
    # Minutes as well.
    less, run = allow(ADA, Quota(minutes=60)), trials_of(own, sweep.id)[0].run
    train(less.acting_as(LOCAL), run, 61.0)
    assert not steps.add_trial(less.acting_as(LOCAL), sweep_of(own, sweep.id), sweep.base)
    assert len(trials_of(own, sweep.id)) == 1


def test_an_administrators_sweep_never_waits(allow: Allow, search: Callable[[Database], Sweep]) -> None:
    teachers = allow(TEACHER, Quota(1, 1))
    train(teachers, queue.submit(teachers, SPEC), 5.0)
    sweep = search(teachers)
    act_on(teachers.acting_as(LOCAL), sweep, 2)
    assert len(act_on(teachers.acting_as(LOCAL), sweep, 2)) == 2
    assert len(trials_of(teachers, sweep.id)) == 2


def test_the_settings_say_how_much(settings: Settings) -> None:
    with open_database(Settings(settings.home, db=settings.db, queued=3, minutes=90)) as database:
        assert database.acting_as(ADA).quota == Quota(3, 90)
