"""The official files from the first mirror that answers with exactly them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from mnist_dash.data.progress import Progress, silent
from mnist_dash.errors import DownloadError

if TYPE_CHECKING:
    import requests

TIMEOUT = (4.0, 10.0)
"""Seconds until a mirror must have answered, and between two pieces of a file."""
CHUNK = 1 << 16


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

    @property
    def host(self) -> str:
        """Its address as a person would name it."""
        return urlsplit(self.base).netloc


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
MIRRORS = (
    Mirror("https://ossci-datasets.s3.amazonaws.com/mnist/", IDX_FILES),
    Mirror("https://storage.googleapis.com/cvdf-datasets/mnist/", IDX_FILES),
    Mirror("https://storage.googleapis.com/tensorflow/tf-keras-datasets/", (KERAS_FILE,)),
)


class _WrongContentError(Exception):
    """A mirror answered with something else than the official file."""


class _Body:
    """A file while it arrives: written, hashed, counted, and refused as soon as it is longer than it should be."""

    def __init__(self, stream: IO[bytes], expected: RemoteFile, report: "_Report") -> None:
        self._stream, self._expected, self._report = stream, expected, report
        self._checksum, self._size = hashlib.sha256(), 0

    def write(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > self._expected.size:
            raise _WrongContentError(f"{self._expected.name} is longer than the official {self._expected.size:,} bytes")
        self._stream.write(chunk)
        self._checksum.update(chunk)
        self._report.arrived(len(chunk))

    def flush(self) -> None:
        self._stream.flush()

    def verify(self) -> None:
        if self._checksum.hexdigest() != self._expected.sha256:
            raise _WrongContentError(f"{self._expected.name} does not have the official SHA-256")


class _Report:
    """Turns the bytes that arrive from a mirror into shares of all that it has to send."""

    def __init__(self, mirror: Mirror, progress: Progress) -> None:
        self._text = f"Downloading MNIST from {mirror.host}"
        self._progress, self._received = progress, 0
        self._total = sum(file.size for file in mirror.files)
        progress(self._text, 0.0)

    def arrived(self, size: int) -> None:
        self._received += size
        self._progress(self._text, self._received / self._total)


def download(mirrors: Iterable[Mirror], folder: Path, progress: Progress = silent) -> tuple[Path, str]:
    """Fetch all files of the first mirror that serves them whole into a folder below `folder`.

    Returns that folder and the mirror's address. Every file is checked by SHA-256. Raises DownloadError with each
    mirror's failure where none succeeds, and OSError where the disk is full.
    """
    import requests

    failures = []
    for number, mirror in enumerate(mirrors):
        aside = folder / str(number)
        aside.mkdir()
        try:
            _fetch(mirror, aside, progress)
        except _WrongContentError as e:
            failures.append(f"{mirror.host}: {e}")
        except requests.RequestException as e:
            failures.append(f"{mirror.host}: {_reason(e)}")
        else:
            return aside, mirror.base
    raise DownloadError(
        f"MNIST could not be downloaded ({'; '.join(failures)}). Connect to the internet and retry, or set "
        "MNIST_DASH_DATA to a folder with its four IDX files, to mnist.npz or to a CSV file."
    )


def _fetch(mirror: Mirror, folder: Path, progress: Progress) -> None:
    import pooch

    report = _Report(mirror, progress)
    get = pooch.HTTPDownloader(chunk_size=CHUNK, timeout=TIMEOUT)
    for file in mirror.files:
        with (folder / file.name).open("wb") as stream:
            body = _Body(stream, file, report)
            get(mirror.base + file.name, body, None)
            body.verify()


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
