"""The one thing that web process, supervisor and runs share."""

import copy
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Event, Lock
from typing import Protocol, Self, TypeVar

from sqlalchemy import URL, Connection, Engine, insert, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from mnist_dash.errors import StoreError, UnreachableError
from mnist_dash.settings import Settings
from mnist_dash.store import own_tables, postgresql, shared_tables, sqlite, tables
from mnist_dash.store.migration import upgrade
from mnist_dash.users import LOCAL, Quota, User

PATIENCE = 20
"""Seconds to wait for another process' write before giving up."""
_AGAIN = 0.5
"""Seconds between two tries to reach a server that is away."""
T = TypeVar("T")


class _Backend(Protocol):
    """What differs between the databases; `sqlite.py` and `postgresql.py` are one each."""

    def make_engine(self, url: URL, patience: float) -> Engine: ...
    def for_reading(self, engine: Engine) -> Engine: ...
    def make_listener(self, url: URL) -> "_Listener | None": ...
    def find_cause(self, error: DBAPIError) -> str | None: ...
    def is_away(self, error: DBAPIError) -> bool: ...
    def is_locked(self, error: DBAPIError) -> bool: ...


class _Listener(Protocol):
    """Hears of what others write."""

    def listen(self, seconds: float) -> bool | None: ...
    def close(self) -> None: ...


def _backend(url: str) -> _Backend:
    return sqlite if url.startswith("sqlite") else postgresql


class Database:
    """Connections to the database of runs; created with its tables at the first use.

    Raises StoreError where it cannot be opened or was written by a newer version of the program, and UnreachableError
    where its server is away. Where it was opened with patience, a server that goes away later is waited for.
    """

    def __init__(self, url: str, patience: float = 0.0) -> None:
        """Open `url`, an SQLAlchemy URL; `patience` are the seconds for which its server is waited for once it is."""
        self.url = url
        with _explained(url):
            self._engine = _backend(url).make_engine(make_url(url), PATIENCE)
        self.is_shared = self._engine.dialect.name != "sqlite"
        """Whether other machines may use it too."""
        # SQLite lets whoever waits for a write ask again and again, in no order: among many some would never have it.
        self._turn: AbstractContextManager[object] = nullcontext() if self.is_shared else Lock()
        self._reading = _backend(url).for_reading(self._engine)
        self._listener = _backend(url).make_listener(make_url(url))
        self._patience, self._away = 0.0, Event()
        self.user = LOCAL
        """In whose name it is used: whatever people can change asks whether that one may."""
        self.quota = Quota()
        """How much each person may take of what all share."""
        try:
            self._create()
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
            with _explained(self.url):
                yield
        except UnreachableError as e:
            self._note(e)
            raise

    def _note(self, error: UnreachableError | None) -> None:
        """Write into the log that the server is away, or back; once, however often it is tried."""
        if self._away.is_set() != (error is not None):
            (self._away.set if error else self._away.clear)()
            told = str(error) if error else f"The database {_shown(self.url)} can be reached again."
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
                f"The database {_shown(self.url)} has schema version {found}, and this version of MNIST Dash knows "
                f"versions up to {tables.VERSION}: a newer version of the program wrote it. Use that version, or set "
                f"{other}."
            )


def _schema_version(connection: Connection) -> int | None:
    """The schema version of the tables that are there, or None where there are none."""
    if not inspect(connection).has_table(tables.version.name):
        return None
    return connection.scalar(select(tables.version.c.version))


def open_database(settings: Settings, patience: float = 0.0) -> Database:
    """The database that the settings name, its folder being there; `patience` is that of `Database`."""
    database = Database(settings.prepare().database_url, patience)
    database.quota = settings.quota
    return database


@contextmanager
def _explained(url: str) -> Iterator[None]:
    """Turn what the driver says into what happened and what to do."""
    try:
        yield
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as e:
        if isinstance(e, ModuleNotFoundError) and e.name == postgresql.DRIVER:
            raise StoreError(
                f"The database {_shown(url)} needs a driver that is not installed here ({e.name}). "
                "`pip install -r requirements-cluster.txt` installs it, or `pip install mnist-dash[cluster]`."
            ) from e
        raise StoreError(
            f"MNIST_DASH_DB is {_shown(url)!r}, which is no database URL that can be opened here ({e}). Unset it for "
            "a file in the home folder, or give an SQLAlchemy URL such as postgresql+psycopg://user@host/name."
        ) from e
    except PoolTimeoutError as e:
        raise StoreError(f"All connections to the database {_shown(url)} are in use. Try again in a moment.") from e
    except DBAPIError as e:
        error = UnreachableError if _backend(url).is_away(e) else StoreError
        raise error(f"The database {_shown(url)} {_cause(_backend(url), e)}") from e


def _shown(url: str) -> str:
    """The URL without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return f"…{url.rpartition('@')[2]}"


def _cause(backend: _Backend, error: DBAPIError) -> str:
    said = " ".join(str(error.orig).split())
    if backend.is_locked(error):
        return f"was kept locked by another program for {PATIENCE} s. Close what holds it and try again."
    if backend.is_away(error):
        # PostgreSQL's second line asks what stands here anyway.
        said = said.partition(" Is the server running")[0]
        told = "Check that its server runs and can be reached from here; nothing that was recorded is lost."
        return f"cannot be reached now ({said}). {told}"
    return backend.find_cause(error) or f"could not be used ({said}). Check that it is there and reachable."
