"""ZIP files from strangers: nothing is unpacked before the table of contents was checked, and never more than it says.

An archive is the folder that it holds, so its files keep their folders; PowerShell writes them with backslashes.

An archive can name files outside its folder, the same file twice or links, promise a few bytes and unpack to
terabytes, or hold millions of entries. What is refused here is refused before an entry is read.
"""

import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mnist_dash.data.io.limits import MAX_BYTES, MAX_FILES
from mnist_dash.errors import DataError

MAX_RATIO = 100
"""How often larger than the archive its files may be together. Digits as CSV, which pack best, reach about 20."""
SMALL = 100_000_000
"""Bytes up to which the ratio does not matter: blank images pack even better."""
TABLE = 128 * MAX_FILES
"""Bytes of the largest table of contents: Python would build an object from every 46 bytes of it."""
CHUNK = 1 << 20
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tbz")
"""How the names of archives end."""

ENCRYPTED = 0x1
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, RuntimeError)
"""What the library raises for entries that are damaged, encrypted or packed in a way it does not know."""


@dataclass(frozen=True, slots=True)
class Archive:
    """An open ZIP file whose table of contents has been checked; `entries` are its files."""

    path: Path
    zip: zipfile.ZipFile
    entries: tuple[zipfile.ZipInfo, ...]

    def content(self, entry: zipfile.ZipInfo) -> bytes:
        """A file's bytes; raises DataError where they are damaged."""
        return b"".join(self._chunks(entry))

    def unpack(self, entries: Iterable[zipfile.ZipInfo], folder: Path) -> list[Path]:
        """Write files into a folder, in the folders that they lie in; raises DataError where they cannot be."""
        return [write_below(self.path, folder, entry.filename, self._chunks(entry)) for entry in entries]

    def _chunks(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        # The library ends a file where its entry says, whatever else the archive would unpack, and checks its sum.
        try:
            with self.zip.open(entry) as stream:
                while chunk := stream.read(CHUNK):
                    yield chunk
        except BROKEN as e:
            raise self._refusal(f"is damaged at {entry.filename[:200]!r} ({e})", "Make or download it again") from e

    def check(self, size_of: Path, *, nesting: bool) -> None:
        """Refuse an archive by its table of contents, as `open_archive` does; raises DataError."""
        names = set()
        for entry in self.zip.infolist():
            problem = _problem(entry, nesting=nesting) or ("there twice" if entry.filename in names else None)
            if problem:
                raise self._refusal(f"holds {entry.filename[:200]!r}, which is {problem}", "Make it again without that")
            names.add(entry.filename)
        size, packed = sum(entry.file_size for entry in self.entries), size_of.stat().st_size
        if size > MAX_BYTES or size > max(SMALL, MAX_RATIO * packed):
            what = (
                f"unpacks from {packed:,} bytes to {size:,}; allowed are {MAX_BYTES:,} in all, and {MAX_RATIO} for each"
            )
            raise self._refusal(what, "Import a part of it, or the unpacked folder")
        if len(names) > MAX_FILES:
            raise self._refusal(f"holds {len(names):,} files; allowed are {MAX_FILES:,}", "Import a part of it")

    def _refusal(self, what: str, remedy: str) -> DataError:
        return DataError(f"{self.path} {what}. {remedy}.")


@contextmanager
def open_archive(path: Path, size_of: Path | None = None, *, nesting: bool = False) -> Iterator[Archive]:
    """A checked ZIP file; raises DataError where it is damaged or dangerous.

    By the size of `size_of`, the archive itself where it is None, it is judged how large its files may be. With
    `nesting` it may hold archives.
    """
    with open_raw(path) as raw:
        try:
            with zipfile.ZipFile(raw) as opened:
                for entry in opened.infolist():
                    entry.filename = entry.filename.replace("\\", "/")
                archive = Archive(path, opened, tuple(entry for entry in opened.infolist() if not entry.is_dir()))
                archive.check(size_of or path, nesting=nesting)
                yield archive
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as e:
            raise DataError(f"{path} cannot be opened as ZIP ({e}). Make or download it again.") from e


class _Bounded(io.BufferedReader):
    """A file that refuses to be read in a piece larger than any honest table of contents."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Up to `size` bytes."""
        if size is not None and size > TABLE:
            raise zipfile.BadZipFile(f"its table of contents has {size:,} bytes; allowed are {TABLE:,}")
        return super().read(size)


def open_raw(path: Path) -> _Bounded:
    """The bytes of an archive as they are; raises DataError where they cannot be read."""
    try:
        return _Bounded(io.FileIO(path))
    except OSError as e:
        raise DataError(f"{path} cannot be read ({e.strerror}). Check the file and its permissions.") from e


def _problem(entry: zipfile.ZipInfo, *, nesting: bool) -> str | None:
    """Why an entry is not touched, or None."""
    if not is_inside(entry.filename) or "\x00" in entry.orig_filename:
        return "no name inside a folder"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "a link"
    if entry.flag_bits & ENCRYPTED:
        return "encrypted"
    return None if nesting else name_nested(entry.filename, "ZIP")


def name_nested(name: str, outer: str) -> str | None:
    """What a file in an archive is where it is an archive itself, by its name; None for all else."""
    if not name.lower().endswith(ARCHIVES):
        return None
    return "a ZIP in a ZIP" if (name.lower()[-4:], outer) == (".zip", "ZIP") else "an archive in an archive"


def is_inside(name: str) -> bool:
    """Whether a name, with `/` between its parts, leads nowhere but below the folder that it is put in."""
    parts = name.split("/")
    return not (name.startswith("/") or "\\" in name or ":" in parts[0] or ".." in parts or "\x00" in name)


def find_most(path: Path) -> int:
    """Bytes that the files of an archive as large as that of `path` may have together."""
    return min(MAX_BYTES, max(SMALL, MAX_RATIO * path.stat().st_size))


def write_below(archive: Path, folder: Path, name: str, chunks: Iterable[bytes]) -> Path:
    """Write a file of an archive, whose name is inside, below a folder; raises DataError where that cannot be."""
    path = folder / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            stream.writelines(chunks)
    except OSError as e:
        raise DataError(
            f"{archive} holds {name[:200]!r}, which cannot be unpacked ({e.strerror}). Unpack it yourself, and name "
            "the folder."
        ) from e
    return path
