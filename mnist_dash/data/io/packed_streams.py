"""What a file packed by xz or bzip2 holds, read from start to end within bounded memory, whatever its header asks."""

import bz2
import io
import lzma
from collections.abc import Callable
from typing import IO, Protocol

XZ, BZIP2 = b"\xfd7zXZ\x00", b"BZh"
HEAD = 10
"""First bytes that tell how a file is packed."""
MEMORY = 128_000_000
"""Bytes that unpacking may take; `xz -9` asks for 65 million, and a header could ask for billions."""
CHUNK = 1 << 18
_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")
"""How the first block of bzip2 begins, or the end where there is none."""


class DamagedError(Exception):
    """A packed stream ends early or is no such stream."""


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


def open_packed(raw: IO[bytes], head: bytes) -> IO[bytes] | None:
    """The content of a file that begins with `head`, HEAD bytes; None where it is packed by neither."""
    if head.startswith(XZ):
        return io.BufferedReader(_Unpacked(raw, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, MEMORY)), CHUNK)
    if head.startswith(BZIP2) and head[4:] in _BLOCKS:
        return io.BufferedReader(_Unpacked(raw, bz2.BZ2Decompressor), CHUNK)
    return None


class _Unpacked(io.RawIOBase):
    """The content of streams that follow one another, as both programs write them; `fileobj` is the packed file."""

    def __init__(self, raw: IO[bytes], begin: Callable[[], _Decompressor]) -> None:
        self.fileobj, self._begin, self._stream = raw, begin, begin()

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer from its start, and tell with how many bytes: none at the end. Raises DamagedError."""
        content = self._read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def _read(self, most: int) -> bytes:
        while True:
            packed = b""
            if self._stream.eof:
                packed = (self._stream.unused_data or self.fileobj.read(CHUNK)).lstrip(b"\x00")
                if not packed:
                    return b""
                self._stream = self._begin()
            elif self._stream.needs_input:
                packed = self.fileobj.read(CHUNK)
                if not packed:
                    raise DamagedError("it ends too early")
            try:
                content = self._stream.decompress(packed, most)
            except (lzma.LZMAError, OSError) as e:
                raise DamagedError(str(e)) from e
            if content:
                return content
