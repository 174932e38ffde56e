"""Files of arrays or rows that make up a set together: which belong to it, which are there twice, which are others."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os.path import commonpath
from pathlib import Path

from mnist_dash.data.io.archive import ARCHIVES
from mnist_dash.data.io.array_files import CHUNK, GZIP, PACKED, open_file
from mnist_dash.data.io.folders import LAYOUT, SUFFIXES_SAID
from mnist_dash.data.io.limits import MAX_BYTES
from mnist_dash.data.io.packed_streams import BZIP2, HEAD, XZ
from mnist_dash.data.io.reader import Reader
from mnist_dash.data.io.readers import READERS, find_reader, name_formats
from mnist_dash.data.io.split_files import TEST, find_split
from mnist_dash.data.io.unknown_files import advise, describe_unknown
from mnist_dash.errors import DataError

MOST_SAID = 500
"""Characters that are said of the files that came."""
MOST_TOLD = 3
"""Files of which each gets a sentence of its own."""


@dataclass(frozen=True, slots=True)
class FileSet:
    """Files of one format in the order in which its reader takes them, and what became of the others."""

    reader: Reader
    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def combine_files(files: Sequence[Path]) -> FileSet:
    """What files that somebody chose make up together, all of one format by their content.

    One that is a copy of another is taken once. Raises DataError with what came.
    """
    readers = {path: find_reader(path) for path in files}
    match list(dict.fromkeys(readers.values())):
        case [reader] if reader is not None and (found := _combine(reader, files)):
            return found
    raise _refusal(readers)


def combine_listed(folder: Path, files: Sequence[Path]) -> FileSet:
    """What files that lie below a folder make up, others of them left aside; raises DataError with what came.

    Tried are all of them where they are of one format, then those of the folder itself, then all, and of several
    formats the one that comes first in the list of readers.
    """
    readers = {path: find_reader(path) for path in files}
    top = [path for path in files if path.parent == folder]
    fault = None
    for some in (files if len(set(readers.values()) - {None}) == 1 else (), top, files):
        for reader in READERS:
            of_format = [path for path in some if readers[path] is reader]
            try:
                found = _combine(reader, of_format) if of_format else None
            except DataError as e:
                fault = fault or e
                continue
            if found:
                return tell_others(found, files)
    raise fault or _refusal(readers)


def _combine(reader: Reader, files: Sequence[Path]) -> FileSet | None:
    kept, notes = drop_copies(files)
    arranged = reader.arrange(kept)
    return None if arranged is None else tell_others(FileSet(reader, arranged, notes), kept)


def tell_others(found: FileSet, files: Sequence[Path]) -> FileSet:
    """The same set, with a note on the files that are no part of it and that no note names yet."""
    names = _names(files)
    others = [names[path] for path in files if path not in found.files]
    others = [name for name in sorted(others) if not any(note.startswith(f"{name} ") for note in found.notes)]
    if not others:
        return found
    more = f" and {len(others) - MOST_TOLD:,} more" if len(others) > MOST_TOLD else ""
    verb = "is no part of the set and is" if len(others) == 1 else "are no part of the set and are"
    note = f"{', '.join(others[:MOST_TOLD])}{more} {verb} not used."
    return FileSet(found.reader, found.files, (*found.notes, note))


def drop_copies(files: Iterable[Path]) -> tuple[list[Path], tuple[str, ...]]:
    """The files without those that hold what another one of the same split holds, packed or not, and a note on each.

    Of copies the one in the folder that is least deep is kept, and one that is not packed.
    """
    ordered = sorted(files, key=lambda path: (len(path.parts), path.suffix.lower() in PACKED, path.name))
    sizes = {path: (find_split(path) == TEST, _size(path)) for path in ordered}
    several = {size for size, count in Counter(sizes.values()).items() if count > 1}
    names, kept, notes = _names(ordered), [], []
    originals: dict[tuple[bool, bytes], Path] = {}
    for path in ordered:
        # Only what is of the same size is read to be compared.
        content = (sizes[path][0], _digest(path)) if sizes[path] in several else None
        if content is not None and content in originals:
            notes.append(f"{names[path]} is a copy of {names[originals[content]]}, which was taken once.")
            continue
        kept.append(path)
        if content is not None:
            originals[content] = path
    return kept, tuple(notes)


def _names(files: Sequence[Path]) -> dict[Path, str]:
    """What each file is called below the folder that all of them lie in."""
    folders = [str(path.parent) for path in files]
    around = Path(commonpath(folders)) if len({Path(folder).anchor for folder in folders}) == 1 else None
    return {path: path.relative_to(around).as_posix() if around else path.name for path in files}


def _size(path: Path) -> int:
    """The bytes of a file as it is when it is unpacked, modulo 2³², which a gzipped one says at its end."""
    try:
        with path.open("rb") as raw:
            head = raw.read(HEAD)
            zipped = head.startswith(GZIP)
            size = raw.seek(0, 2)
            if zipped and size > 4:
                raw.seek(-4, 2)
                return int.from_bytes(raw.read(4), "little")
    except OSError as e:
        raise DataError(f"{path} cannot be read ({e.strerror}). Check the file and its permissions.") from e
    return (_count(path) if head.startswith((XZ, BZIP2)) else size) % 2**32


def _count(path: Path) -> int:
    """The bytes of a packed file, which only reading it tells; raises DataError."""
    size = 0
    with open_file(path) as content:
        while chunk := content.read(CHUNK):
            size += len(chunk)
            if size > MAX_BYTES:
                raise DataError(f"{path} unpacks to more than {MAX_BYTES:,} bytes; that is the most. Import a part.")
    return size


def _digest(path: Path) -> bytes:
    made = hashlib.sha256()
    with open_file(path) as stream:
        while chunk := stream.read(CHUNK):
            made.update(chunk)
    return made.digest()


def name_allowed() -> str:
    """What is taken, in a few words."""
    return f"{name_formats()}, pictures ({SUFFIXES_SAID}) in a folder for each digit, and a folder, ZIP or TAR of these"


def list_allowed() -> str:
    """What is taken, in words: every format, pictures, and what holds files."""
    formats = "; ".join(reader.allowed for reader in READERS)
    return f"{formats}; {LAYOUT}; a folder, ZIP or TAR (.tar, .tar.gz, .tar.xz, .tar.bz2) of any of these"


def _refusal(readers: Mapping[Path, Reader | None]) -> DataError:
    """What came and that it is no set, what to do, and what is taken at last."""
    # Those of no format first: they are why.
    ordered = sorted(readers, key=lambda path: readers[path] is not None)
    came = ", ".join(f"{path.name} ({_describe(path, readers[path])})" for path in ordered[:MOST_TOLD])
    more = f" and {len(readers) - MOST_TOLD:,} more" if len(readers) > MOST_TOLD else ""
    what = "is no set of digits" if len(readers) == 1 else "are no set of digits"
    unknown = [path for path in ordered if readers[path] is None]
    sets = " or ".join(dict.fromkeys(reader.allowed for reader in readers.values() if reader))
    remedy = advise(unknown[0]) if unknown else f"Choose {sets}"
    if len(readers) > 1 and any(path.name.lower().endswith(ARCHIVES) for path in readers):
        remedy = "Bring an archive alone, or what is in all of them as one folder or ZIP"
    return DataError(f"{came[:MOST_SAID]}{more} {what}. {remedy}. Allowed are {name_allowed()}.")


def _describe(path: Path, reader: Reader | None) -> str:
    """What a file is in words; a ZIP of files is none of arrays."""
    if reader is None:
        return describe_unknown(path)
    return "a ZIP" if path.suffix.lower() == ".zip" else reader.name
