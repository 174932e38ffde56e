"""TAR files from strangers, packed or not: read once from start to end, and nothing is written that is no plain file.

The library's own `extract` is not used: what is written is the content of plain files, without owners, modes or times.
"""

import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self

from mnist_dash.data.io.archive import CHUNK, find_most, is_inside, name_nested, write_below
from mnist_dash.data.io.array_files import open_file
from mnist_dash.data.io.limits import MAX_FILES
from mnist_dash.errors import DataError

MOST_NAMED = 100_000
"""Bytes of the records that give a file a long name: the library reads them at once."""


class _Member(tarfile.TarInfo):
    """A record of a TAR that promises no more of a name than an honest one has."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """The record of 512 bytes."""
        found = super().frombuf(buf, encoding, errors)
        if found.size > MOST_NAMED and not (found.isfile() or found.isdir()):
            raise DataError(f"holds a record of {found.size:,} bytes that is no file; allowed are {MOST_NAMED:,}")
        return found


def is_tar(path: Path) -> bool:
    """Whether a file, packed or not, begins with the record of a file in a TAR, which carries its own checksum."""
    with open_file(path) as stream:
        head = stream.read(tarfile.BLOCKSIZE)
    try:
        return bool(tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape").name)
    except tarfile.HeaderError:
        return False


def unpack_tar(path: Path, folder: Path, size_of: Path | None = None, *, nesting: bool = False) -> None:
    """Write the files of a TAR into a folder, in the folders that they lie in.

    Raises DataError at the first that leads outside, is a link or a device, or makes them too many or too large, as
    `archive.open_archive` judges.
    """
    try:
        with open_file(path) as stream, tarfile.open(fileobj=stream, mode="r|", tarinfo=_Member) as opened:
            _unpack(path, opened, folder, find_most(size_of or path), nesting=nesting)
    except tarfile.TarError as e:
        raise DataError(f"{path} is damaged ({e}). Make or download it again.") from e
    except DataError as e:
        told = str(e)
        raise DataError(told if str(path) in told else f"{path} {told}. Make it again without that.") from e


def _unpack(path: Path, opened: tarfile.TarFile, folder: Path, most: int, *, nesting: bool) -> None:
    size = 0
    for count, member in enumerate(opened, 1):
        name = member.name.replace("\\", "/")
        problem = _problem(member, name, nesting=nesting)
        if problem:
            raise DataError(f"holds {name[:200]!r}, which is {problem}")
        size += member.size
        if size > most or count > MAX_FILES:
            raise DataError(
                f"{path} unpacks to more than {most:,} bytes, or {MAX_FILES:,} files; that is the most. Import a part "
                "of it, or the unpacked folder."
            )
        content = opened.extractfile(member)
        if content is not None:
            write_below(path, folder, name, _chunks(content))
        # The library remembers every member; of a stream none is asked for again.
        opened.members = []  # type: ignore[attr-defined]


def _problem(member: tarfile.TarInfo, name: str, *, nesting: bool) -> str | None:
    """Why a member is not written, or None."""
    if not is_inside(name):
        return "no name inside a folder"
    if member.islnk() or member.issym():
        return "a link"
    if member.issparse() or not (member.isfile() or member.isdir()):
        return "no plain file"
    return None if nesting else name_nested(name, "TAR")


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    while chunk := content.read(CHUNK):
        yield chunk
