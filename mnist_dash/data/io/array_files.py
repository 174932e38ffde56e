"""Opening files, packed or not, with every check: whatever goes wrong is a DataError that names the file."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from mnist_dash.data.io.limits import MAX_ARRAYS
from mnist_dash.data.io.packed_streams import HEAD, DamagedError, open_packed
from mnist_dash.errors import DataError

GZIP = b"\x1f\x8b"
PACKED = (".gz", ".xz", ".bz2")
"""How the names end of files that are packed alone."""
ZIP = b"PK"
CHUNK = 1 << 20
BROKEN = (
    *(OSError, EOFError, MemoryError, RuntimeError, NotImplementedError, AttributeError, TypeError, ValueError),
    *(LookupError, ArithmeticError, zlib.error, zipfile.BadZipFile, struct.error),
)
"""What well-kept libraries raise for files that are damaged: they believe what is promised until it fails."""


@contextmanager
def open_file(path: Path) -> Iterator[IO[bytes]]:
    """The content of a file, packed by gzip, xz or bzip2 or not; any failure while it is read raises DataError."""
    try:
        with path.open("rb") as raw:
            head = raw.read(HEAD)
            raw.seek(0)
            zipped = head.startswith(GZIP)
            with cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if zipped else open_packed(raw, head) or raw as stream:
                yield stream
    except (EOFError, zlib.error, gzip.BadGzipFile, DamagedError) as e:
        raise DataError(f"{path} is damaged: {e}. Copy or download it again.") from e
    except OSError as e:
        raise DataError(f"{path} cannot be read ({e.strerror or e}). Check the file and its permissions.") from e


def bytes_taken(text: io.TextIOWrapper) -> int:
    """How many bytes of its file have been taken by text over a stream from `open_file`."""
    stream: Any = text.buffer
    stream = getattr(stream, "raw", stream)
    return int(getattr(stream, "fileobj", stream).tell())


def read_whole(path: Path) -> bytes:
    """The whole content of a file, packed or not; raises DataError where it is larger than arrays may be."""
    with open_file(path) as stream:
        content = stream.read(MAX_ARRAYS + 1)
    if len(content) > MAX_ARRAYS:
        raise DataError(f"{path} holds more than {MAX_ARRAYS:,} bytes; that is the most. Import a part of it.")
    return content
