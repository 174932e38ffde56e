"""The pictures in which forms are looked for: photos as phones take them, and scans, as pictures or as PDF."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, eq=False)
class OpenedPicture:
    """A picture of a file, in grey or colours: the one with that `number`, from 1, of so many (`count`)."""

    image: Image.Image
    number: int
    count: int


def open_pictures(source: Path | BinaryIO) -> Iterator[OpenedPicture]:
    """Every picture in a file or an upload; raises ImageError where it holds none.

    A PDF may be of several pages, which are opened one after the other.
    """
    content = source.read_bytes() if isinstance(source, Path) and source.is_file() else _read(source)
    if content is not None and content[:1024].lstrip().startswith(b"%PDF"):
        yield from _render_pages(content, str(getattr(source, "name", source)))
    else:
        yield OpenedPicture(put_on_paper(open_image(source, SIDE).image), 1, 1)


def _read(source: Path | BinaryIO) -> bytes | None:
    if isinstance(source, Path):
        return None
    content = source.read()
    source.seek(0)
    return content


def _render_pages(content: bytes, name: str) -> Iterator[OpenedPicture]:
    import pypdfium2  # type: ignore[import-untyped]  # only scans need it

    try:
        document = pypdfium2.PdfDocument(io.BytesIO(content))
    except pypdfium2.PdfiumError as e:
        raise FormError(
            f"{name} cannot be read as a PDF ({e}); allowed is one without a password. Save the scan again, or as JPEG."
        ) from e
    with document:
        count = len(document)
        if not 1 <= count <= MOST_PAGES:
            raise FormError(f"{name} has {count} pages; allowed are 1 to {MOST_PAGES}. Send it in parts.")
        for at in range(count):
            try:
                page = document[at]
                scale = min(SIDE / max(page.get_size()), 300 / _INCHES)
                image = page.render(scale=scale).to_pil().convert("RGB")
            except pypdfium2.PdfiumError as e:
                raise FormError(f"Page {at + 1} of {name} is damaged ({e}). Save the scan again, or as JPEG.") from e
            yield OpenedPicture(image, at + 1, count)
