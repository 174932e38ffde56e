"""PostgreSQL: a server that several machines use at once, and that may be away for a while."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

DRIVER = "psycopg"
"""The one that this was tried with, and whose words are known here."""
_WRITERS = 0x4D4E4953
"""The number of the lock that writers hold in turn; it is one of each database's own."""
_CHANNEL = "mnist_dash"
"""Where it is told that somebody has written in turn."""
_FORSAKEN = 60.0
"""Seconds after which the server ends a write that does nothing: its machine may have lost the network."""
_CONNECTION: Mapping[str, object] = {
    **{"application_name": "MNIST Dash", "connect_timeout": 10},
    # A server that has gone without a word is noticed within half a minute, whatever the system thinks of it.
    **{"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 4, "tcp_user_timeout": 30_000},
}
"""How a server is connected to, where the URL says nothing else."""
_LEAVE = "Make a database for that user, as docs/hosting.md shows, or name another in MNIST_DASH_DB."
_USER = "refused the user or the password. Check both in MNIST_DASH_DB."
_REFUSALS = (
    ("password authentication failed", _USER),
    ("no password supplied", "wants a password. Put it into MNIST_DASH_DB, or into a password file of PostgreSQL's."),
    ("pg_hba.conf", f"lets nobody in from this machine under that name. {_LEAVE}"),
    ('role "', _USER),
    ('database "', f"is not there: its server knows no database of that name. {_LEAVE}"),
)
"""What the server says to who is not let in, which nobody can change by waiting, and what it means."""
_STATES = {
    "53100": "could not be written: the disk is full. Nothing recorded before was lost; free space and try again.",
    "25006": "is read-only: its server may be a copy of another one. Name that one in MNIST_DASH_DB.",
    "42501": f"does not let that user make or change its tables. {_LEAVE}",
}
"""What it means when a statement fails with this SQLSTATE."""
_LOCKED = ("55P03", "40P01")
"""The SQLSTATEs of who has waited for a lock in vain."""
_AWAY = ("08", "57P0", "53300")
"""How the SQLSTATEs begin of a server that goes, comes, or has no connection to spare."""


def make_engine(url: URL, patience: float) -> Engine:
    """Connections to the server; whoever holds a lock is waited for as long as `patience` seconds.

    Raises ArgumentError for a URL of another kind of server, or with another driver.
    """
    dialect = url.get_dialect()
    if (dialect.name, dialect.driver) != ("postgresql", DRIVER):
        raise ArgumentError("it names neither SQLite nor PostgreSQL by psycopg")
    arguments = {name: value for name, value in _CONNECTION.items() if name not in url.query}
    # Each connection is looked at before it is used, so that a server that was started again is connected to again.
    engine = create_engine(url, connect_args=arguments, pool_pre_ping=True)
    limits = f"SET LOCAL lock_timeout = {round(patience * 1000)}"
    limits += f"; SET LOCAL idle_in_transaction_session_timeout = {round(_FORSAKEN * 1000)}"

    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("write"):
            # Told once it is written, and never where it is not.
            turn = f"; SELECT pg_advisory_xact_lock({_WRITERS}); NOTIFY {_CHANNEL}" if options.get("in_turn") else ""
            connection.exec_driver_sql(f"{limits}{turn}", execution_options={"no_parameters": True})

    event.listen(engine, "connect", _plan_by_what_is_asked)
    event.listen(engine, "begin", begin)
    return engine


def _plan_by_what_is_asked(connection: Any, _record: Any) -> None:  # noqa: ANN401 - a driver's own objects
    """Have each statement planned for what it asks for.

    The server (12 or newer) would make one plan for all after a few: whether any run waits was then looked for among
    all there are, since most states have many.
    """
    connection.execute("SET plan_cache_mode = force_custom_plan")
    connection.commit()


def for_reading(engine: Engine) -> Engine:
    """The same connections, where all that is read in one transaction is of one moment."""
    return engine.execution_options(isolation_level="REPEATABLE READ")


class Listener:
    """Hears on a connection of its own when somebody has written in turn, in this process or anywhere else."""

    def __init__(self, url: URL) -> None:
        """Nothing is connected yet."""
        # As SQLAlchemy has it: nothing else of this program knows the driver.
        self._driver: Any = url.get_dialect().import_dbapi()
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: Any = None

    def listen(self, seconds: float) -> bool | None:
        """Whether something was written since it was listened last, waited for `seconds` at most; None if unknown.

        That is where the server is away. What was written before the first time is not known of.
        """
        try:
            if self._connection is None:
                self._connection = self._driver.connect(self._url, autocommit=True, **_CONNECTION)
                self._connection.execute(f"LISTEN {_CHANNEL}")
            return any(self._connection.notifies(timeout=seconds, stop_after=1))
        except self._driver.Error:
            self.close()
            return None

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def make_listener(url: URL) -> Listener:
    """Who hears of what is written."""
    return Listener(url)


def find_cause(error: DBAPIError) -> str | None:
    """What befell a statement or a connection, and what to do; None where that is not known."""
    said = str(error.orig)
    refused = next((cause for sign, cause in _REFUSALS if sign in said), None) if _is_of_connection(error) else None
    return refused or _STATES.get(_state(error) or "")


def is_away(error: DBAPIError) -> bool:
    """Whether the server cannot be reached, now or since this moment, and may be again."""
    if error.connection_invalidated or (_state(error) or "").startswith(_AWAY):
        return True
    return _is_of_connection(error) and find_cause(error) is None


def is_locked(error: DBAPIError) -> bool:
    """Whether somebody else held for too long what the statement needs."""
    return _state(error) in _LOCKED


def _is_of_connection(error: DBAPIError) -> bool:
    """Whether it was the driver that spoke, which has no SQLSTATE: no connection came about, or it is gone."""
    return isinstance(error, OperationalError) and _state(error) is None


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
