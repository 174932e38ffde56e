"""What xz and bzip2 pack is read as it was, stream after stream, and never in more memory than there is."""

import bz2
import io
import lzma
from collections.abc import Callable

import numpy as np
import pytest

from mnist_dash.data.io import packed_streams
from mnist_dash.data.io.packed_streams import HEAD, DamagedError, open_packed

CONTENT = np.random.default_rng(0).integers(0, 4, 2_000_000, np.uint8).tobytes()
PACKERS = pytest.mark.parametrize("pack", [bz2.compress, lzma.compress])
Pack = Callable[[bytes], bytes]


def read(packed: bytes) -> bytes:
    opened = open_packed(io.BytesIO(packed), packed[:HEAD])
    assert opened is not None
    return opened.read()


@PACKERS
@pytest.mark.parametrize("parts", [(CONTENT,), (b"",), (CONTENT[:9], b"", CONTENT)], ids=["one", "empty", "several"])
def test_content_is_read_as_it_was(pack: Pack, parts: tuple[bytes, ...]) -> None:
    assert read(b"".join(map(pack, parts))) == b"".join(parts)


@PACKERS
@pytest.mark.parametrize("keep", [-1, -9, 40, 500])
def test_what_ends_early_is_damaged(pack: Pack, keep: int) -> None:
    with pytest.raises(DamagedError, match="ends too early"):
        read(pack(CONTENT)[:keep])


@PACKERS
def test_what_was_altered_or_is_followed_by_something_else_is_damaged(pack: Pack) -> None:
    packed = bytearray(pack(CONTENT))
    packed[len(packed) // 2] ^= 0xFF
    for altered in (bytes(packed), pack(CONTENT) + b"more"):
        with pytest.raises(DamagedError):
            read(altered)


def test_xz_may_end_in_zeros() -> None:
    assert read(lzma.compress(b"digits") + bytes(8)) == b"digits"


def test_a_header_that_asks_for_more_memory_than_is_allowed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = lzma.compress(b"digits", preset=9)
    assert read(packed) == b"digits"
    monkeypatch.setattr(packed_streams, "MEMORY", 60_000_000)
    with pytest.raises(DamagedError, match="Memory usage limit exceeded"):
        read(packed)


@pytest.mark.parametrize("head", [b"", b"BZh,label\n0", b"BZh9,1,2,3", b"\xfd7zXY\x00", b"label,pixel0"])
def test_other_files_are_packed_by_neither(head: bytes) -> None:
    assert open_packed(io.BytesIO(head), head[:HEAD]) is None
