"""People take turns: nobody waits for all runs of somebody else, and one person's runs come in their own order."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, queue, supervisor
from mnist_dash.runs.queries import run_of, waiting_before, waiting_runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Run, State
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.users import Role, User

pytestmark = pytest.mark.both_databases

SPEC = RunSpec.of("random", "mnist")
HOST = supervisor.THIS_MACHINE
ADA, BOB, CY = (User(name[0], name, Role.TRAIN) for name in ("ada", "bob", "cy"))


def submit(database: Database, *users: User) -> list[int]:
    """The numbers of runs that are queued one after another by these users."""
    return [queue.submit(database.acting_as(user), SPEC).id for user in users]


def begin(database: Database) -> Run:
    """Take the next run and begin it."""
    run = queue.claim(database, HOST)
    assert run
    RunRecorder(database, run).begin(450, 8)
    return run_of(database, run.id)


def finish(database: Database, run: Run) -> None:
    """End that run."""
    RunRecorder(database, run).end(State.DONE, {}, None)


def train_all(database: Database) -> list[int]:
    """The numbers of all that waits, in the order in which one slot trains it."""
    order = []
    while waiting_runs_of(database):
        run = begin(database)
        order.append(run.id)
        finish(database, run)
    return order


def test_one_run_does_not_wait_for_many_of_somebody_else(database: Database) -> None:
    many = submit(database, *[ADA] * 5)
    (one,) = submit(database, BOB)
    assert train_all(database) == [many[0], one, *many[1:]]


def test_of_several_people_each_has_a_turn(database: Database) -> None:
    a, b, c, d, e, f = submit(database, ADA, ADA, ADA, BOB, BOB, CY)
    assert [run.id for run in waiting_runs_of(database)] == [a, d, f, b, e, c]
    assert train_all(database) == [a, d, f, b, e, c]


def test_slots_are_shared_before_anybody_has_two(database: Database) -> None:
    submit(database, ADA, ADA, ADA, BOB, CY)
    assert [begin(database).account for _ in range(4)] == ["a", "b", "c", "a"]


def test_a_run_that_has_just_been_taken_counts_as_at_work(database: Database) -> None:
    first, _, other = submit(database, ADA, ADA, BOB)
    taken = [queue.claim(database, HOST), queue.claim(database, HOST)]
    assert [run.id for run in taken if run] == [first, other]


def test_one_users_runs_come_in_the_order_of_the_queue(database: Database) -> None:
    ids = submit(database, *[ADA] * 4)
    queue.move(database.acting_as(ADA), ids[3], -2)
    order = [ids[0], ids[3], ids[1], ids[2]]
    assert [run.id for run in waiting_runs_of(database)] == order
    assert train_all(database) == order


def test_moving_a_run_changes_nothing_for_others(database: Database) -> None:
    a, b, c, d = submit(database, ADA, BOB, ADA, BOB)
    queue.move(database.acting_as(ADA), c, -9)
    assert [run.id for run in waiting_runs_of(database)] == [c, b, a, d]


def test_what_is_before_a_run_is_what_is_trained_first(database: Database) -> None:
    a, b, _ = submit(database, ADA, ADA, BOB)
    third = waiting_runs_of(database)[2]
    assert (third.id, len(waiting_before(database, third))) == (b, 2)
    begun = begin(database)
    assert (begun.id, waiting_before(database, begun)) == (a, [])


def test_a_run_that_is_named_is_taken_whosever_turn_it_is(database: Database) -> None:
    _, b = submit(database, ADA, ADA)
    taken = queue.claim(database, HOST, b)
    assert taken
    assert taken.id == b


def test_a_paused_run_takes_nobodys_turn(database: Database) -> None:
    a, b, c = submit(database, ADA, ADA, BOB)
    control.pause(database, a)
    assert [run.id for run in waiting_runs_of(database)] == [b, c]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([ADA, BOB, CY]), min_size=1, max_size=9), st.integers(1, 3))
def test_nobody_has_two_more_at_work_than_somebody_who_waits(database: Database, users: list[User], slots: int) -> None:
    with database.write() as connection:
        for table in (tables.batches, tables.epochs, tables.models, tables.runs):
            connection.execute(delete(table))
    submit(database, *users)
    at_work: list[Run] = []
    while waiting_runs_of(database):
        expected = waiting_runs_of(database)[0].id
        at_work.append(begin(database))
        assert at_work[-1].id == expected
        counts = Counter(run.account for run in at_work)
        assert all(max(counts.values()) <= counts[run.account] + 1 for run in waiting_runs_of(database))
        if len(at_work) == slots:
            finish(database, at_work.pop(0))
