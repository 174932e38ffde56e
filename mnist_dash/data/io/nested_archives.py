"""An archive in what somebody brought: it is the set where it is the only one and nothing beside it could be."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from mnist_dash.data.io.archive import ARCHIVES, CHUNK, find_most, open_raw, write_below
from mnist_dash.data.io.array_files import ZIP, open_file
from mnist_dash.data.io.folders import SUFFIXES as PICTURES
from mnist_dash.data.io.folders import File
from mnist_dash.errors import DataError

TOLD = 3
"""Files that are named in a message."""


def find_nested(path: Path, files: Sequence[File], data: tuple[str, ...]) -> File | None:
    """The one archive among the files of `path`, whose content is the set; None where there is none to open.

    That is so without archives, and beside other files that could be the set: pictures, and what ends as `data`.
    Raises DataError where there are several archives and nothing else.
    """
    archives = list_archives(files)
    if not archives or any(file.name.lower().endswith((*PICTURES, *data)) for file in files if file not in archives):
        return None
    if len(archives) > 1:
        more = f" and {len(archives) - TOLD:,} more" if len(archives) > TOLD else ""
        told = ", ".join(file.name for file in archives[:TOLD])[:300]
        raise DataError(
            f"{path} holds {len(archives):,} archives ({told}{more}); allowed is one. Unpack them, and bring their "
            "folder or one ZIP of it."
        )
    return archives[0]


def unpack_packed_zip(path: Path, folder: Path) -> Path | None:
    """Write a ZIP that is packed once more, by gzip, xz or bzip2, into a folder as it is; None where it is none.

    Raises DataError where it unpacks to more than the files of a ZIP of that size may.
    """
    with open_raw(path) as raw:
        if raw.read(len(ZIP)) == ZIP:
            return None
    with open_file(path) as stream:
        head = stream.read(len(ZIP))
        return write_below(path, folder, path.stem, _within(path, head, stream)) if head == ZIP else None


def _within(path: Path, head: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    most, size = find_most(path), len(head)
    yield head
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise DataError(f"{path} unpacks to more than {most:,} bytes. Import a part of it, or the unpacked file.")
        yield chunk


def list_archives(files: Sequence[File]) -> list[File]:
    """Those of some files that are archives by their names."""
    return [file for file in files if file.name.lower().endswith(ARCHIVES)]


def tell_unopened(files: Sequence[File]) -> tuple[str, ...]:
    """What becomes of archives beside files that are the set, a sentence each of the first few."""
    return tuple(
        f"{file.name} is an archive beside other files and is not used." for file in list_archives(files)[:TOLD]
    )
