"""A PostgreSQL server of the tests' own, on loopback: begun for the first test that wants it, stopped at will."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import URL

from tests.awaiting import deadline, until

USER, PASSWORD = "dash", "not-to-be-told"
_HOST = "127.0.0.1"
_OPTIONS = {
    "listen_addresses": _HOST,
    "unix_socket_directories": "",
    # Nothing of it is to outlive the machine.
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "logging_collector": "off",
}


def find_programs() -> Path | None:
    """The folder with initdb and postgres; None where PostgreSQL is not installed."""
    beside = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    on_path = shutil.which("initdb")
    found = Path(on_path).resolve() if on_path else next(iter(beside), None)
    return found.parent if found and (found.parent / "postgres").exists() else None


class Server:
    """A cluster in a temporary folder and its server; words are sorted as people do, unlike in SQLite."""

    def __init__(self, programs: Path) -> None:
        """Make the cluster and start its server."""
        self._programs, self._numbers = programs, count(1)
        self.folder = Path(tempfile.mkdtemp(prefix="mnist-postgres-"))
        # PostgreSQL refuses the superuser.
        self._user = "nobody" if hasattr(os, "geteuid") and os.geteuid() == 0 else None
        password = self.folder / "password"
        password.write_text(PASSWORD)
        if self._user:
            for path in (self.folder, password):
                shutil.chown(path, self._user)
        order = ("--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8", "--encoding=UTF8")
        who = (f"--username={USER}", f"--pwfile={password}", "--auth=scram-sha-256", "--no-sync")
        line = [f"{programs / 'initdb'}", f"--pgdata={self.folder / 'data'}", *who, *order]
        subprocess.run(line, check=True, capture_output=True, user=self._user, cwd=self.folder)
        with socket.socket() as free:
            free.bind((_HOST, 0))
            self.port: int = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [part for name, value in _OPTIONS.items() for part in ("-c", f"{name}={value}")]
        line = [f"{self._programs / 'postgres'}", "-D", f"{self.folder / 'data'}", "-p", f"{self.port}", *options]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                line, stdin=subprocess.DEVNULL, stdout=log, stderr=log, user=self._user, cwd=self.folder
            )
        until(self._answers)

    def stop(self) -> None:
        """End the server at once, whoever is connected."""
        # Sent by its number: a fast shutdown, which ends all connections.
        self._process.send_signal(signal.SIGINT)
        assert self._process.wait(deadline()) == 0

    def crash(self) -> None:
        """End the server as a crash does: nothing is put in order, and its next start reads its log again."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(deadline())

    @property
    def is_running(self) -> bool:
        """Whether its server has not ended."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the server and remove all that it kept."""
        # Nothing has to be written down any more.
        self.crash()
        shutil.rmtree(self.folder)

    def make_database(self) -> str:
        """The URL of a new database without anything in it."""
        name = f"test{next(self._numbers)}"
        self.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def make_room(self) -> str:
        """The URL of a place without anything in it: a schema, which is made sooner than a database."""
        name = f"test{next(self._numbers)}"
        self.execute(f"CREATE SCHEMA {name}")
        return f"{self.url('postgres')}?options=-csearch_path%3D{name}"

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Do something outside every transaction, as a person at its console."""
        with psycopg.connect(self._words(database), autocommit=True) as connection:
            connection.execute(statement)

    def url(self, database: str, **changes: object) -> str:
        """The SQLAlchemy URL of a database there, or one that is wrong somewhere."""
        parts: Mapping[str, object] = {
            **{"username": USER, "password": PASSWORD, "host": _HOST, "port": self.port},
            **changes,
        }
        url = URL.create("postgresql+psycopg", database=database, **parts)  # type: ignore[arg-type]
        return url.render_as_string(hide_password=False)

    def check_integrity(self, database: str) -> str:
        """What PostgreSQL's own `pg_amcheck` finds in the tables and indexes of a database; "ok" is nothing."""
        line = [f"{self._programs / 'pg_amcheck'}", "--install-missing", "--heapallindexed"]
        checked = subprocess.run(
            [*line, f"--host={_HOST}", f"--port={self.port}", f"--username={USER}", database],
            env=os.environ | {"PGPASSWORD": PASSWORD},
            capture_output=True,
            text=True,
            check=False,
        )
        return "ok" if checked.returncode == 0 else f"{checked.stdout}{checked.stderr}"

    def _answers(self) -> bool:
        assert self.is_running, (self.folder / "log").read_text()
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _words(self, database: str) -> str:
        return f"host={_HOST} port={self.port} dbname={database} user={USER} password={PASSWORD}"


REASON = None if find_programs() else "PostgreSQL is not installed"
if sys.platform == "win32":
    REASON = "PostgreSQL is started here as on Linux and macOS"
"""Why no test can run on PostgreSQL; None where they can."""
