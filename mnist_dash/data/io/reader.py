"""What a data format is to the rest of the program: how its files are known, put together, and read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from mnist_dash.data.dataset import Digits
from mnist_dash.data.io.raw_images import Files, RawDataset
from mnist_dash.data.progress import Progress

Writer = Callable[[IO[bytes], Digits, Progress], None]
"""Writes digits to a binary stream."""


class Reader(Protocol):
    """One format. `suffixes` end the names of its files; `allowed` says in words which files make a set."""

    @property
    def name(self) -> str:
        """What people call the format."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """How names end, in lower case, where other files may lie beside those of a set."""

    @property
    def allowed(self) -> str:
        """Which files make a set, in words."""

    @property
    def recognises(self) -> Callable[[bytes], bool]:
        """Whether a file is of the format by its first bytes, unpacked where it is gzipped."""

    @property
    def arrange(self) -> Callable[[Sequence[Path]], Files | None]:
        """Files of the format in the order in which they are read; None where they are no set.

        Some may be left aside. Raises DataError where they could be more than one set.
        """

    @property
    def write(self) -> Writer | None:
        """What writes one split in the format, which `read` then reads; None where it is not written from here."""

    @property
    def read(self) -> Callable[[Files, Progress], RawDataset]:
        """What arranged files hold, of any size, colour and scale; raises DataError with the file that is wrong."""


def take_one(files: Sequence[Path]) -> Files | None:
    """The arrangement of a format of which each file is a set."""
    return tuple(files) if len(files) == 1 else None


@dataclass(frozen=True, slots=True)
class FileReader:
    """A reader of plain functions, as `Reader` describes them."""

    name: str
    suffixes: tuple[str, ...]
    allowed: str
    recognises: Callable[[bytes], bool]
    read: Callable[[Files, Progress], RawDataset]
    arrange: Callable[[Sequence[Path]], Files | None] = take_one
    write: Writer | None = None
