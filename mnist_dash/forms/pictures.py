"""The pictures in which forms are looked for: photos as phones take them, and scans, as pictures or as PDF."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from mnist_dash.errors import FormError
from mnist_dash.sketch.image_files import open_image
from mnist_dash.sketch.ink import put_on_paper

MOST_PAGES = 50
"""Of a PDF."""
SIDE = 4_000
"""Pixels of the longer side: what a phone's photo of a page has, and a scan of 300 dots an inch."""
_INCHES = 72
"""Points of an inch, which PDF counts in."""


def open_pictures(source: Path | BinaryIO) -> Iterator[Image.Image]:
    """Every picture in a file or an upload, in grey or colours; raises ImageError where it holds none.

    A PDF may be of several pages, which are opened one after the other.
    """
    content = source.read_bytes() if isinstance(source, Path) and source.is_file() else _read(source)
    if content is not None and content[:1024].lstrip().startswith(b"%PDF"):
        yield from _render_pages(content, str(getattr(source, "name", source)))
    else:
        yield put_on_paper(open_image(source, SIDE).image)


def _read(source: Path | BinaryIO) -> bytes | None:
    if isinstance(source, Path):
        return None
    content = source.read()
    source.seek(0)
    return content


def _render_pages(content: bytes, name: str) -> Iterator[Image.Image]:
    import pypdfium2  # type: ignore[import-untyped]  # only scans need it

    try:
        document = pypdfium2.PdfDocument(io.BytesIO(content))
    except pypdfium2.PdfiumError as e:
        raise FormError(
            f"{name} cannot be read as a PDF ({e}); allowed is one without a password. Save the scan again, or as JPEG."
        ) from e
    with document:
        if len(document) > MOST_PAGES:
            raise FormError(f"{name} has {len(document)} pages; allowed are {MOST_PAGES}. Send it in parts.")
        for page in document:
            scale = SIDE / max(page.get_size())
            yield page.render(scale=min(scale, 300 / _INCHES)).to_pil().convert("RGB")
