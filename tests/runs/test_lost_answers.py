"""A write whose connection is lost around its commit is recorded once, whether the commit was done or not."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import make_url, select

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, queue
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import ModelFormat, Run, State
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from tests.awaiting import deadline
from tests.postgres import Server
from tests.runs.conftest import SCORE, an_epoch, some_batches
from tests.wire import Cut, Wire

pytestmark = pytest.mark.on_postgresql
TIMES = ("id", "run", "created", "started", "ended", "finished", "position")
"""What differs between two runs that were treated alike."""

WRITES: dict[str, Callable[[RunRecorder], object]] = {
    "begin": lambda recorder: recorder.begin(100, 10),
    "phase": lambda recorder: recorder.phase("training"),
    "batches": lambda recorder: recorder.batches(some_batches(2)),
    "epoch": lambda recorder: recorder.epoch(an_epoch(2), b"second", litert=b"answers"),
    "answering": lambda recorder: recorder.answering(1, b"answers"),
    "pause": lambda recorder: recorder.pause(attached=True),
    "pause and leave": lambda recorder: recorder.pause(attached=False),
    "stop": lambda recorder: recorder.stop(),
    "end": lambda recorder: recorder.end(State.DONE, {(1, ModelFormat.LITERT): b"answers"}, SCORE, "Early."),
    "fail": lambda recorder: recorder.fail("The loss became NaN."),
}


@pytest.fixture
def wire(database_server: Server) -> Iterator[Wire]:
    """A wire to the server."""
    wire = Wire(database_server.port)
    yield wire
    wire.close()


@pytest.fixture
def far(wire: Wire, database: Database) -> Iterator[Database]:
    """The test's database at the other end of the wire, waited for where that is cut."""
    url = make_url(database.url).set(port=wire.port)
    with Database(url.render_as_string(hide_password=False), deadline()) as far:
        yield far


def _begun(database: Database, spec: RunSpec) -> Run:
    queue.submit(database, spec)
    run = queue.claim(database, "here")
    assert run is not None
    recorder = RunRecorder(database, run)
    recorder.epoch(an_epoch(1), b"first")
    recorder.batches(some_batches(2, 2))
    control.pause(database, run.id)
    return run


def _recorded(database: Database, run: Run) -> list[list[dict[str, object]]]:
    """All that is kept of a run but for what tells it from others."""
    columns = (tables.runs.c.id, tables.epochs.c.run, tables.batches.c.run, tables.models.c.run)
    with database.read() as connection:
        found = [connection.execute(select(of.table).where(of == run.id)).mappings().all() for of in columns]
    rows = [[{name: row[name] for name in row if name not in TIMES} for row in of_table] for of_table in found]
    return [sorted(of_table, key=repr) for of_table in rows]


@pytest.mark.parametrize("cut", Cut)
@pytest.mark.parametrize("write", WRITES)
def test_it_is_recorded_once(
    database: Database, far: Database, wire: Wire, spec: RunSpec, cut: Cut, write: str
) -> None:
    calm, disturbed = (_begun(database, spec) for _ in range(2))
    answer = WRITES[write](RunRecorder(database, calm))
    recorder = RunRecorder(far, disturbed)
    wire.cut = cut
    assert WRITES[write](recorder) == answer
    assert wire.cuts == 1
    assert _recorded(database, disturbed) == _recorded(database, calm)


@pytest.mark.parametrize("cut", Cut)
def test_a_pause_that_is_left_is_left_once(
    database: Database, far: Database, wire: Wire, spec: RunSpec, cut: Cut
) -> None:
    run = _begun(database, spec)
    recorder = RunRecorder(far, run)
    recorder.pause(attached=True)
    wire.cut = cut
    assert recorder.leave()
    left = run_of(database, run.id)
    assert (left.state, left.host, wire.cuts) == (State.PAUSED, None, 1)
