"""The benchmark of many runs measures on what a home of many people would hold."""

import pytest
from sqlalchemy import func, select

from benchmarks import many_runs
from benchmarks.many_runs import ENDS, fill, find_growth
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.queries import epochs_of, runs_of
from mnist_dash.runs.records import State
from mnist_dash.store import tables
from mnist_dash.store.database import Database

COUNT = 2 * ENDS


@pytest.mark.both_databases
def test_runs_that_have_ended_stand_as_the_program_would_have_left_them(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_runs, "SPECS", ENDS + 1)
    fill(database, COUNT)
    runs = runs_of(database)
    assert len({run.name for run in runs}) == len(runs) == COUNT
    assert {run.state for run in runs} == {State.DONE, State.FAILED, State.STOPPED}
    assert all(run.ended and run.started and run.created <= run.started <= run.ended for run in runs)
    assert [run.ended for run in runs] == sorted((run.ended or 0.0 for run in runs), reverse=True)
    assert len({run.account for run in runs}) == len({run.spec for run in runs}) == ENDS + 1
    assert sum("keep" in run.tags for run in runs) == 2
    for run in runs:
        (epoch,) = epochs_of(database, run.id)
        assert run.score is None or epoch.validation_accuracy == run.score.accuracy


@pytest.mark.both_databases
def test_the_next_run_comes_after_those_that_were_filled_in(database: Database) -> None:
    fill(database, 3)
    last = runs_of(database)[0]
    run = queue.submit(database, RunSpec.of("random", "mnist"))
    assert (run.id, run.position) == (last.id + 1, last.position + 1)
    assert (queue.claim(database, "here") or last).id == run.id


def test_an_empty_home_stays_empty(database: Database) -> None:
    fill(database, 0)
    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.runs)) == 0


def test_growth_is_what_the_most_runs_cost_over_what_the_fewest_do() -> None:
    fewest, most = ({"events": {"claim": {"median_ms": took}}} for took in (2.0, 5.0))
    assert find_growth(fewest, most) == {"events": {"claim": {"median_ms": 2.5}}}
