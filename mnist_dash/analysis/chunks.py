"""A few images at a time: few enough for the processor's cache, and little copied out of a memory-mapped file."""

from collections.abc import Iterator

CHUNK = 1_024


def iterate_spans(count: int, size: int = CHUNK) -> Iterator[slice]:
    """Slices that together cover `count` things, `size` at a time."""
    return (slice(start, min(start + size, count)) for start in range(0, count, size))
