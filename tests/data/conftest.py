"""Small digits and a real web server on this machine, for every test of data."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mnist_dash.data.store.catalog import Draw
from mnist_dash.settings import Settings
from tests.awaiting import deadline
from tests.data.samples import SmallSet, Web, sample


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A web server that runs as long as the test."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.requests.append(self.path)
            state.asked.set()
            state.go_on.wait(deadline())
            if self.path not in state.files:
                self.send_error(404)
                return
            body = state.files[self.path]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Type", "text/html" if self.path.endswith("/") else "application/octet-stream")
            self.end_headers()
            self.wfile.write(body[: len(body) // 2])
            if self.path in state.held:
                state.half_sent.set()
                state.second_half.wait(deadline())
            # Whoever was sent a half may have gone by now.
            with suppress(ConnectionError):
                self.wfile.write(b"" if self.path in state.cut else body[len(body) // 2 :])

        def log_message(self, *_args: object) -> None:
            """Keep the test's output quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state = Web(f"http://127.0.0.1:{server.server_address[1]}")
        state.go_on.set()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        state.go_on.set()
        state.second_half.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def small() -> SmallSet:
    """A set like MNIST, but small."""
    return SmallSet()


@pytest.fixture
def settings(tmp_path: Path, database_url: str | None) -> Settings:
    """Settings with an empty home of the test's own."""
    return Settings(home=tmp_path / "home", db=database_url)


@pytest.fixture
def draw() -> Draw:
    """A stand-in for the generator, which takes longer."""
    return lambda count, seed, _told: sample(count, seed)


@pytest.fixture
def cached_files(settings: Settings) -> Callable[[], list[str]]:
    """What lies in the cache, without locks."""

    def names() -> list[str]:
        files = settings.home.rglob("*")
        return sorted(str(file.relative_to(settings.home)) for file in files if file.suffix != ".lock")

    return names
