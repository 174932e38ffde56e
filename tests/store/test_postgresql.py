"""On a server of PostgreSQL: what it refuses is said in words, and what several write at once is as if in turn."""

import re
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy import insert, make_url, select, update

from mnist_dash.errors import MnistDashError, StoreError, UnreachableError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry.votes import Vote, keep_vote, list_votes
from mnist_dash.own_digits.class_room import join, keep_from_phone, open_room
from mnist_dash.own_digits.collection import count_by_label
from mnist_dash.own_digits.records import label_digit
from mnist_dash.own_digits.sets import SKETCH, list_sets, make_own_set
from mnist_dash.runs import control, finding, queue
from mnist_dash.runs.queries import runs_of, waiting_runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Batches, Epoch, State
from mnist_dash.settings import Settings
from mnist_dash.store import database as module
from mnist_dash.store import own_tables, postgresql, tables
from mnist_dash.store.database import Database, open_database
from tests.awaiting import deadline, until
from tests.drawn import SEVEN, an_answer, drawing, sketch
from tests.postgres import PASSWORD, Server
from tests.store.conftest import OpenedAtOnce
from tests.store.test_database import ROW

pytestmark = pytest.mark.on_postgresql
T = TypeVar("T")
AT_ONCE = 12


def at_once(does: Callable[[int], T], times: int = AT_ONCE) -> list[T]:
    """Does something in so many threads that all begin at one moment."""
    begin = Barrier(times)

    def one(number: int) -> T:
        begin.wait(deadline())
        return does(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def _refused(does: Callable[[], object]) -> bool:
    try:
        does()
    except StoreError:
        raise
    except MnistDashError:
        return True
    return False


class TestRefusals:
    """What a server says to who comes, in words; its password never."""

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"password": f"{PASSWORD}?"}, r"refused the user or the password\. Check both in MNIST_DASH_DB\."),
            ({"username": "nobody"}, r"refused the user or the password\. Check both in MNIST_DASH_DB\."),
            ({"database": "unknown"}, r"is not there: its server knows no database of that name\."),
            ({"port": 1}, r"cannot be reached now .*[Rr]efused.*\. Check that its server runs and can be reached"),
            ({"host": "nobody.invalid"}, r"cannot be reached now .*nobody\.invalid.*\. Check that its server runs"),
        ],
    )
    def test_who_is_not_let_in_is_told_why(
        self, database_server: Server, changes: dict[str, str | int], words: str
    ) -> None:
        url = database_server.url(**({"database": "postgres"} | changes))  # type: ignore[arg-type]
        with pytest.raises(StoreError, match=rf"^The database postgresql\+psycopg://\w+:\*\*\*@\S+ {words}") as refused:
            Database(url)
        assert PASSWORD not in str(refused.value)
        assert "\n" not in str(refused.value)
        assert isinstance(refused.value, UnreachableError) == ("cannot be reached" in words)

    def test_a_driver_that_is_missing_is_named(self, database_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        url = database_server.url("postgres")
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(StoreError, match=r"needs a driver.*\(psycopg\).*requirements-cluster\.txt") as refused:
            Database(url)
        assert PASSWORD not in str(refused.value)

    @pytest.mark.parametrize("driver", ["postgresql+pg8000", "postgresql+psycopg2", "mysql"])
    def test_another_driver_or_server_is_refused(self, driver: str) -> None:
        with pytest.raises(StoreError, match=r"no database URL that can be opened here"):
            Database(f"{driver}://me:{PASSWORD}@127.0.0.1/runs")

    def test_who_may_make_no_tables_is_told(self, database_server: Server) -> None:
        name = make_url(database_server.make_database()).database
        database_server.execute(f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'")
        with pytest.raises(StoreError, match=r"does not let that user make or change its tables"):
            Database(database_server.url(name or "", username="guest"))

    def test_a_copy_that_takes_no_writes_is_told(self, database_server: Server) -> None:
        url = make_url(database_server.make_database())
        Database(url.render_as_string(hide_password=False)).close()
        database_server.execute(f"ALTER DATABASE {url.database} SET default_transaction_read_only = on")
        with Database(url.render_as_string(hide_password=False)) as reader:
            with pytest.raises(StoreError, match=r"is read-only: its server may be a copy"):
                _add_run(reader)
            assert runs_of(reader) == []

    @pytest.mark.parametrize("in_turn", [True, False])
    def test_who_waits_for_a_lock_in_vain_is_told_and_can_read(
        self, settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, in_turn: bool
    ) -> None:
        _add_run(database)
        monkeypatch.setattr(module, "PATIENCE", 0.1)
        with open_database(settings) as impatient, database.write() as connection:
            connection.execute(update(tables.runs).values(name="mine"))
            with (
                pytest.raises(StoreError, match=r"was kept locked by another program for 0\.1 s") as refused,
                impatient.write(in_turn=in_turn) as other,
            ):
                other.execute(update(tables.runs).values(name="theirs"))
            assert not isinstance(refused.value, UnreachableError)
            with impatient.read() as reader:
                assert reader.scalar(select(tables.runs.c.name)) == "a run"

    def test_a_database_of_a_newer_schema_version_is_refused(self, settings: Settings, database: Database) -> None:
        with database.write() as connection:
            connection.execute(update(tables.version).values(version=tables.VERSION + 1))
        with pytest.raises(StoreError, match="a newer version of the program wrote it") as refused:
            open_database(settings)
        assert str(refused.value).endswith("Use that version, or set MNIST_DASH_DB to another database.")
        assert PASSWORD not in str(refused.value)


def _add_run(database: Database) -> None:
    with database.write() as connection:
        connection.execute(insert(tables.runs).values(ROW))


class TestAtOnce:
    """What many do at one moment ends as if one had done it after another."""

    def test_processes_that_open_a_new_database_all_succeed(
        self, settings: Settings, opened_at_once: OpenedAtOnce
    ) -> None:
        assert opened_at_once(4) == [(0, b"")] * 4
        with open_database(settings) as database, database.read() as connection:
            assert connection.execute(select(tables.version)).all() == [(tables.VERSION,)]
            assert connection.scalars(select(own_tables.own_sets.c.key)).all() == [SKETCH]

    def test_every_run_is_claimed_once_and_none_is_left(self, settings: Settings, spec: RunSpec) -> None:
        with open_database(settings) as database:
            submitted = [run.id for run in queue.submit_all(database, [spec] * 60)]

        def claim_all(number: int) -> list[int]:
            claimed = []
            # A connection of its own each, as a machine has.
            with open_database(settings) as own:
                while run := queue.claim(own, f"machine {number}"):
                    assert (run.state, run.attempt, run.host) == (State.RUNNING, 1, f"machine {number}")
                    claimed.append(run.id)
            return claimed

        claimed = at_once(claim_all)
        assert sorted(run for of_one in claimed for run in of_one) == submitted
        assert sum(bool(of_one) for of_one in claimed) > 1

    def test_a_write_that_was_forsaken_holds_up_nobody_for_long(
        self, settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgresql, "_FORSAKEN", 3.0)

        def forsake() -> None:
            with open_database(settings) as gone, gone.write() as connection:
                connection.execute(insert(tables.runs).values(ROW | {"name": "forsaken"}))
                _add_run(database)

        with pytest.raises(UnreachableError, match="idle-in-transaction timeout"):
            forsake()
        with database.read() as connection:
            assert connection.scalars(select(tables.runs.c.name)).all() == ["a run"]

    def test_a_claim_waits_for_nobody_who_writes_elsewhere(self, database: Database, spec: RunSpec) -> None:
        first, second = queue.submit_all(database, [spec] * 2)
        with database.write() as connection:
            connection.execute(update(tables.runs).where(tables.runs.c.id == first.id).values(name="held"))
            claimed = queue.claim(database, "here")
            assert claimed is not None
            assert claimed.id == second.id

    def test_runs_that_are_queued_have_places_of_their_own(self, database: Database, spec: RunSpec) -> None:
        at_once(lambda _: queue.submit(database, spec))
        waiting = waiting_runs_of(database)
        assert [run.position for run in waiting] == list(range(1, AT_ONCE + 1))

    def test_runs_that_are_moved_keep_places_of_their_own(self, database: Database, spec: RunSpec) -> None:
        runs = queue.submit_all(database, [spec] * AT_ONCE)
        at_once(lambda i: queue.move(database, runs[i].id, -i))
        assert sorted(run.position for run in runs_of(database)) == list(range(1, AT_ONCE + 1))

    def test_a_name_is_given_once(self, database: Database) -> None:
        refused = at_once(lambda _: _refused(lambda: make_own_set(database, "class-7a")))
        assert sorted(refused) == [False] + [True] * (AT_ONCE - 1)
        assert [one.name for one in list_sets(database)] == ["own-digits", "class-7a"]
        refused = at_once(lambda _: _refused(lambda: keep_vote(database, Vote("all", ("cnn", "reader")))))
        assert sorted(refused) == [False] + [True] * (AT_ONCE - 1)
        assert len(list_votes(database)) == 1

    def test_a_set_is_opened_for_one_class(self, database: Database) -> None:
        rooms = at_once(lambda _: open_room(database, SKETCH, 10, named=False))
        assert len({room.code for room in rooms}) == 1

    def test_a_phone_keeps_no_more_than_it_may(self, database: Database) -> None:
        room, phone = open_room(database, SKETCH, 5, named=False), "0" * 32
        digits = [
            label_digit(sketch(points := [(x + i, y) for x, y in SEVEN]), 7, an_answer(7), drawing(points))
            for i in range(AT_ONCE)
        ]
        refused = at_once(lambda i: _refused(lambda: keep_from_phone(database, room.code, digits[i], phone)))
        assert refused.count(False) == 5
        assert count_by_label(database) == {7: 5}
        assert len(join(database, room.code, phone).written) == 5

    def test_a_class_has_no_more_phones_than_it_may(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("mnist_dash.own_digits.class_room.MOST_PHONES", 5)
        room = open_room(database, SKETCH, 5, named=False)
        refused = at_once(lambda i: _refused(lambda: join(database, room.code, f"{i:032x}")))
        assert refused.count(False) == 5


class TestAway:
    """A server that is away for a while is told of once, and used again when it is back."""

    def test_what_cannot_be_read_is_told_until_it_can(
        self, away: Server, database: Database, caplog: pytest.LogCaptureFixture
    ) -> None:
        _add_run(database)
        away.stop()
        for _ in range(3):
            with pytest.raises(UnreachableError, match=r"cannot be reached now.*nothing that was recorded is lost"):
                runs_of(database)
        away.start()
        with database.read() as connection:
            assert connection.scalars(select(tables.runs.c.name)).all() == ["a run"]
        told = [record.message for record in caplog.records]
        assert [re.sub(r"\(.*\)", "", line).split(". ")[0] for line in told] == [
            f"The database {_hidden(database.url)} cannot be reached now ",
            f"The database {_hidden(database.url)} can be reached again.",
        ]
        assert PASSWORD not in caplog.text

    def test_a_write_that_is_cut_off_leaves_nothing_behind(self, away: Server, database: Database) -> None:
        def write() -> None:
            with database.write() as connection:
                connection.execute(insert(tables.runs).values(ROW))
                away.stop()

        with pytest.raises(UnreachableError):
            write()
        away.start()
        with database.read() as connection:
            assert connection.scalars(select(tables.runs.c.id)).all() == []

    def test_who_has_patience_waits_until_it_is_back(self, away: Server, settings: Settings) -> None:
        with open_database(settings, patience=deadline()) as patient, ThreadPoolExecutor(1) as pool:
            away.stop()
            reading = pool.submit(runs_of, patient)
            with pytest.raises(TimeoutError):
                reading.result(timeout=0.9)
            away.start()
            assert reading.result(timeout=deadline()) == []

    def test_who_knows_of_it_waits_before_it_is_open(self, away: Server, settings: Settings) -> None:
        open_database(settings).close()
        away.stop()
        with pytest.raises(UnreachableError):
            open_database(settings, patience=deadline())
        with ThreadPoolExecutor(1) as pool:
            opening = pool.submit(open_database, settings, patience=deadline(), known=True)
            with pytest.raises(TimeoutError):
                opening.result(timeout=0.9)
            away.start()
            with opening.result(timeout=deadline()) as database:
                assert runs_of(database) == []

    def test_patience_ends(self, away: Server, settings: Settings) -> None:
        with open_database(settings, patience=0.7) as patient:
            away.stop()
            with pytest.raises(UnreachableError):
                runs_of(patient)

    def test_what_is_cut_off_in_the_midst_is_done_anew(self, away: Server, settings: Settings) -> None:
        told = []

        def write(again: bool) -> None:
            told.append(again)
            with database.write() as connection:
                connection.execute(insert(tables.runs).values(ROW))
                if not again:
                    away.stop()
                    restarting.append(pool.submit(away.start))
                connection.execute(select(tables.runs.c.id))

        with open_database(settings, patience=deadline()) as database, ThreadPoolExecutor(1) as pool:
            restarting: list[object] = []
            database.repeat(write)
            with database.read() as connection:
                assert len(connection.execute(select(tables.runs.c.id)).all()) == 1
        assert told == [False, True]
        until(lambda: away.is_running)


def _hidden(url: str) -> str:
    return url.replace(PASSWORD, "***")


class TestNews:
    """Whoever waits for what others do is told of it, and of nothing else."""

    def test_what_people_do_is_told_however_long_one_would_wait(self, settings: Settings, spec: RunSpec) -> None:
        with open_database(settings) as here, open_database(settings) as there:
            assert not here.wait(0.0, 0.01)
            run = queue.submit(there, spec)
            assert here.wait(0.0, deadline())
            assert not here.wait(0.0, 0.05)
            control.stop(there, run.id)
            assert here.wait(0.0, deadline())

    def test_what_runs_record_is_told_to_nobody(self, settings: Settings, spec: RunSpec) -> None:
        with open_database(settings) as here, open_database(settings) as there:
            queue.submit(there, spec)
            run = queue.claim(there, "elsewhere")
            assert run is not None
            recorder = RunRecorder(there, run)
            recorder.begin(450, 8)
            assert not here.wait(0.0, 0.01)
            recorder.batches(Batches(1, 0, (0.5,), (0.5,), 1.0))
            recorder.epoch(Epoch(1, 0.5, 0.9, None, None, 1.0), b"keras")
            assert not here.wait(0.0, 0.2)

    def test_what_was_taken_back_is_not_told(self, settings: Settings) -> None:
        with open_database(settings) as here, open_database(settings) as there:
            assert not here.wait(0.0, 0.01)
            with pytest.raises(RuntimeError), there.write():
                raise RuntimeError
            assert not here.wait(0.0, 0.2)

    def test_it_is_told_again_when_the_server_is_back(
        self, settings: Settings, spec: RunSpec, database_server: Server
    ) -> None:
        with open_database(settings) as here, open_database(settings, deadline()) as there:
            assert not here.wait(0.0, 0.01)
            database_server.stop()
            try:
                assert not here.wait(0.0, deadline())
            finally:
                database_server.start()
            until(lambda: not here.wait(0.0, 0.01) and not here.wait(0.0, 0.01))
            queue.submit(there, spec)
            assert here.wait(0.0, deadline())


def test_what_is_asked_often_is_planned_for_what_it_asks_for(database: Database) -> None:
    """One plan for all states goes through all runs to say that none waits."""
    for _ in range(20):
        assert not finding.is_changing(database)
    with database.read() as connection:
        asked = (
            "SELECT sum(custom_plans), sum(generic_plans) FROM pg_prepared_statements WHERE statement LIKE '%%host%%'"
        )
        custom, generic = connection.exec_driver_sql(asked).one()
    assert custom >= 10
    assert generic == 0
