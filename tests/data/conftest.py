"""Small digits and a real web server on this machine, so that no test needs MNIST or the network."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_dash.data.cache import checksums
from mnist_dash.data.dataset import Digits
from mnist_dash.data.download import Mirror, RemoteFile
from mnist_dash.data.formats import write_idx, write_npz
from mnist_dash.settings import Settings

IDX_NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def sample(count: int, seed: int) -> Digits:
    """Noise that is shaped like digits, with labels in turn."""
    images = np.random.default_rng(seed).integers(0, 256, (count, 28, 28), np.uint8)
    return Digits(images, np.arange(count, dtype=np.uint8) % 10)


@dataclass(frozen=True)
class SmallSet:
    """A set like MNIST, with 70 and 20 images, and the checksums that count as official for it."""

    train: Digits = field(default_factory=lambda: sample(70, 0))
    test: Digits = field(default_factory=lambda: sample(20, 1))

    @property
    def official(self) -> dict[str, str]:
        return checksums(self.train, self.test)

    def write_idx(self, folder: Path, names: tuple[str, ...] = IDX_NAMES, suffix: str = "") -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        arrays = (self.train.images, self.train.labels, self.test.images, self.test.labels)
        for name, array in zip(names, arrays, strict=True):
            write_idx(folder / f"{name}{suffix}", array)
        return folder

    def write_npz(self, path: Path) -> Path:
        write_npz(path, self.train, self.test)
        return path


@dataclass
class Web:
    """Files that a server on 127.0.0.1 serves; `cut` ones break off in the middle, `hold` makes answers wait."""

    address: str
    files: dict[str, bytes] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def mirror(self, name: str, folder: Path) -> Mirror:
        """Serve the files of a folder under `name`."""
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
        self.files |= {f"/{name}/{file}": content for file, content in files.items()}
        remote = [RemoteFile(file, len(body), hashlib.sha256(body).hexdigest()) for file, body in files.items()]
        return Mirror(f"{self.address}/{name}/", tuple(remote))


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A web server that runs as long as the test."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.requests.append(self.path)
            state.asked.set()
            state.go_on.wait(30)
            if self.path not in state.files:
                self.send_error(404)
                return
            body = state.files[self.path]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if self.path in state.cut else body)

        def log_message(self, *_args: Any) -> None:
            """Keep the test's output quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state = Web(f"http://127.0.0.1:{server.server_address[1]}")
        state.go_on.set()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        server.shutdown()
        thread.join()


@pytest.fixture
def small() -> SmallSet:
    """A set like MNIST, but small."""
    return SmallSet()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with an empty home of the test's own."""
    return Settings(home=tmp_path / "home")


@pytest.fixture
def draw() -> Callable[[int, int], Digits]:
    """A stand-in for the generator, which takes longer."""
    return sample


@pytest.fixture
def cached_files(settings: Settings) -> Callable[[], list[str]]:
    """What lies in the cache, without locks."""

    def names() -> list[str]:
        files = settings.home.rglob("*")
        return sorted(str(file.relative_to(settings.home)) for file in files if file.suffix != ".lock")

    return names
