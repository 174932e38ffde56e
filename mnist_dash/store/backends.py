"""What differs between the databases, each in a module of its own, and what their errors mean for people."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from mnist_dash.errors import StoreError, UnreachableError
from mnist_dash.store import postgresql, sqlite


class Listener(Protocol):
    """Hears of what others write."""

    def listen(self, seconds: float) -> bool | None: ...
    def close(self) -> None: ...


class Backend(Protocol):
    """What differs between the databases; `sqlite.py` and `postgresql.py` are one each."""

    def make_engine(self, url: URL, patience: float) -> Engine: ...
    def for_reading(self, engine: Engine) -> Engine: ...
    def make_listener(self, url: URL) -> Listener | None: ...
    def find_cause(self, error: DBAPIError) -> str | None: ...
    def is_away(self, error: DBAPIError) -> bool: ...
    def is_locked(self, error: DBAPIError) -> bool: ...


def find_backend(url: str) -> Backend:
    """The one that keeps the database of that URL."""
    return sqlite if url.startswith("sqlite") else postgresql


@contextmanager
def explain_errors(url: str, patience: float) -> Iterator[None]:
    """Turn what the driver says into what happened and what to do; a lock was waited for so many seconds."""
    try:
        yield
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as e:
        if isinstance(e, ModuleNotFoundError) and e.name == postgresql.DRIVER:
            raise StoreError(
                f"The database {show_url(url)} needs a driver that is not installed here ({e.name}). "
                "`pip install -r requirements-cluster.txt` installs it, or `pip install mnist-dash[cluster]`."
            ) from e
        raise StoreError(
            f"MNIST_DASH_DB is {show_url(url)!r}, which is no database URL that can be opened here ({e}). Unset it for "
            "a file in the home folder, or give an SQLAlchemy URL such as postgresql+psycopg://user@host/name."
        ) from e
    except PoolTimeoutError as e:
        told = f"All connections to the database {show_url(url)} are in use. Try again in a moment."
        raise UnreachableError(told) from e
    except DBAPIError as e:
        error = UnreachableError if find_backend(url).is_away(e) else StoreError
        raise error(f"The database {show_url(url)} {_cause(find_backend(url), e, patience)}") from e


def show_url(url: str) -> str:
    """The URL without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return f"…{url.rpartition('@')[2]}"


def _cause(backend: Backend, error: DBAPIError, patience: float) -> str:
    said = " ".join(str(error.orig).split())
    if backend.is_locked(error):
        return f"was kept locked by another program for {patience} s. Close what holds it and try again."
    if backend.is_away(error):
        # PostgreSQL's second line asks what stands here anyway.
        said = said.partition(" Is the server running")[0]
        told = "Check that its server runs and can be reached from here; nothing that was recorded is lost."
        return f"cannot be reached now ({said}). {told}"
    return backend.find_cause(error) or f"could not be used ({said}). Check that it is there and reachable."
