"""The one thing that web process, supervisor and runs share."""

import copy
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Event, Lock
from typing import Self, TypeVar

from sqlalchemy import Connection, Engine, insert, inspect, make_url, select

from mnist_dash.errors import StoreError, UnreachableError
from mnist_dash.settings import Settings
from mnist_dash.store import own_tables, shared_tables, tables
from mnist_dash.store.backends import explain_errors, find_backend, show_url
from mnist_dash.store.migration import upgrade
from mnist_dash.users import LOCAL, Quota, User

PATIENCE = 20
"""Seconds to wait for another process' write before giving up."""
_AGAIN = 0.5
"""Seconds between two tries to reach a server that is away."""
T = TypeVar("T")


class Database:
    """Connections to the database of runs; created with its tables at the first use.

    Raises StoreError where it cannot be opened or was written by a newer version of the program, and UnreachableError
    where its server is away. Where it was opened with patience, a server that goes away later is waited for.
    """

    def __init__(self, url: str, patience: float = 0.0, *, known: bool = False) -> None:
        """Open `url`, an SQLAlchemy URL; `patience` are the seconds for which its server is waited for once it is open.

        Where it is `known` that there is such a server, since somebody has just heard of it, it is waited for before.
        """
        self.url = url
        with explain_errors(url, PATIENCE):
            self._engine = find_backend(url).make_engine(make_url(url), PATIENCE)
        self.is_shared = self._engine.dialect.name != "sqlite"
        """Whether other machines may use it too."""
        # SQLite lets whoever waits for a write ask again and again, in no order: among many some would never have it.
        self._turn: AbstractContextManager[object] = nullcontext() if self.is_shared else Lock()
        self._reading = find_backend(url).for_reading(self._engine)
        self._listener = find_backend(url).make_listener(make_url(url))
        self._patience, self._away = patience if known else 0.0, Event()
        self.user = LOCAL
        """In whose name it is used: whatever people can change asks whether that one may."""
        self.quota = Quota()
        """How much each person may take of what all share."""
        try:
            self.repeat(lambda _: self._create())
        except StoreError:
            self.close()
            raise
        self._patience = patience

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database."""
        with self._explained(), self._connect(self._reading) as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self, *, in_turn: bool = True) -> Iterator[Connection]:
        """A connection whose writes all happen at the end, or not at all.

        Of all threads, processes and machines one writes after another: what it has read stays true until it is done.
        Where a server keeps the database, whoever locks the rows that it changes may write beside the others, not
        `in_turn`.
        """
        with (
            self._turn,
            self._explained(),
            self._connect(self._engine).execution_options(write=True, in_turn=in_turn) as connection,
            connection.begin(),
        ):
            yield connection

    def repeat(self, write: Callable[[bool], T]) -> T:
        """What `write` gives; where the server goes away meanwhile, it is called anew, with True, when it is back.

        It is not known then whether what was written is there: the answer may have been lost, and nothing else. Raises
        UnreachableError once patience is over.
        """
        again, deadline = False, time.monotonic() + self._patience
        while True:
            try:
                return write(again)
            except UnreachableError:
                if time.monotonic() >= deadline:
                    raise
                again = True
                time.sleep(_AGAIN)

    def wait(self, often: float, rarely: float) -> bool:
        """Wait until somebody has written in turn, `rarely` seconds at most; whether somebody has, as far as is known.

        Where the database tells of nothing, as a file, that is not known, and the wait is for `often` seconds. For one
        thread at a time.
        """
        told = self._listener.listen(rarely) if self._listener else None
        if told is None:
            time.sleep(often)
        return bool(told)

    def acting_as(self, user: User) -> Self:
        """The same database with the same connections, used in that user's name."""
        other = copy.copy(self)
        other.user = user
        return other

    def __enter__(self) -> Self:
        """The database, to be closed after the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give the connections back."""
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        if self._listener:
            self._listener.close()
        self._engine.dispose()

    def _connect(self, engine: Engine) -> Connection:
        """A connection that works; nothing was done yet, so that waiting for one is always right."""
        deadline = time.monotonic() + self._patience
        while True:
            try:
                with self._explained():
                    connection = engine.connect()
            except UnreachableError:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(_AGAIN)
            else:
                self._note(None)
                return connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            with explain_errors(self.url, PATIENCE):
                yield
        except UnreachableError as e:
            self._note(e)
            raise

    def _note(self, error: UnreachableError | None) -> None:
        """Write into the log that the server is away, or back; once, however often it is tried."""
        if self._away.is_set() != (error is not None):
            (self._away.set if error else self._away.clear)()
            told = str(error) if error else f"The database {show_url(self.url)} can be reached again."
            logging.getLogger(__name__).warning("%s", told)

    def _create(self) -> None:
        with self.read() as connection:
            found = _schema_version(connection)
        if found != tables.VERSION:
            with self.write() as connection:
                # Looked at once more: another process may have done it meanwhile.
                self._bring_up(connection, _schema_version(connection))

    def _bring_up(self, connection: Connection, found: int | None) -> None:
        if found is None:
            # The tables of all three modules, which share one.
            for table in (tables.runs, own_tables.own_sets, shared_tables.data_sets):
                table.metadata.create_all(connection)
            connection.execute(insert(tables.version).values(version=tables.VERSION))
        elif found < tables.VERSION:
            upgrade(connection, found)
        elif found > tables.VERSION:
            other = "MNIST_DASH_DB to another database" if self.is_shared else "MNIST_DASH_HOME to another folder"
            raise StoreError(
                f"The database {show_url(self.url)} has schema version {found}, and this version of MNIST Dash knows "
                f"versions up to {tables.VERSION}: a newer version of the program wrote it. Use that version, or set "
                f"{other}."
            )


def _schema_version(connection: Connection) -> int | None:
    """The schema version of the tables that are there, or None where there are none."""
    if not inspect(connection).has_table(tables.version.name):
        return None
    return connection.scalar(select(tables.version.c.version))


def open_database(settings: Settings, patience: float = 0.0, *, known: bool = False) -> Database:
    """The database that the settings name, its folder being there; `patience` and `known` are those of `Database`."""
    database = Database(settings.prepare().database_url, patience, known=known)
    database.quota = settings.quota
    return database
