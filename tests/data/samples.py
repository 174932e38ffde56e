"""Small sets that stand for MNIST and for its mirrors, so that no test needs either."""

import hashlib
import threading
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mnist_dash.data.checksums import checksums
from mnist_dash.data.dataset import Digits
from mnist_dash.data.io.array_files import write_idx, write_npz
from mnist_dash.data.store.download import Mirror, RemoteFile

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
