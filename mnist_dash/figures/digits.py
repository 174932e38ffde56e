"""Digits as pictures: ink on the theme's paper, crisp to the pixel, always in the same frame.

PNG rather than Plotly, which stays unimported here: a page of hundreds of digits is one image of a few kilobytes.
"""

import io
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from mnist_dash.arrays import Image as Image28
from mnist_dash.arrays import Images, Tones
from mnist_dash.data.dataset import SIDE
from mnist_dash.errors import DataError
from mnist_dash.figures.theme import Palette, rgb_of

_FRAME = 44
"""Ink of the frame around each digit, from 0 (paper) to 255."""
_CAPTION = 190
_CAPTION_HEIGHT = 22
_CAPTION_SIZE = 14


def draw_digit(image: npt.NDArray[np.uint8], colours: Palette, scale: int = 10) -> bytes:
    """One image (28, 28) as a PNG of `28 * scale` pixels a side; raises DataError for another shape."""
    return draw_sheet(image[np.newaxis], colours, columns=1, scale=scale, gap=0)


def draw_sheet(
    images: Images,
    colours: Palette,
    columns: int,
    scale: int = 2,
    gap: int = 6,
    captions: Sequence[str] | None = None,
) -> bytes:
    """Images (n, 28, 28) in rows of `columns`, with `gap` pixels around each and a short caption below, as one PNG.

    Captions take Latin letters, digits and plain punctuation: Pillow's own face has no arrows or check marks.
    Raises DataError where there is no image, another shape, or another number of captions.
    """
    if captions is not None and len(captions) != len(images):
        raise DataError(f"There are {len(captions)} captions for {len(images)} digits; give one for each digit.")
    page = Image.fromarray(tile(images, columns, scale, gap, _CAPTION_HEIGHT if captions else 0))
    if captions:
        _write_captions(page, captions, columns, SIDE * scale, gap)
    return encode_png(ink_page(page, colours))


def draw_rows(rows: Sequence[Sequence[Image28 | None]], colours: Palette, scale: int = 2, gap: int = 6) -> bytes:
    """Rows of framed images (28, 28), the places of None left empty, as one PNG. All rows are equally long."""
    cells = [cell for row in rows for cell in row]
    images = np.stack([np.zeros((SIDE, SIDE), np.uint8) if cell is None else cell for cell in cells])
    tiles = frame(images, scale, edge=2 if scale >= 4 else 1)
    tiles[[cell is None for cell in cells]] = 0
    return encode_png(ink_page(Image.fromarray(_grid(tiles, len(rows[0]), gap, 0)), colours))


def draw_bare(images: Images, colours: Palette, columns: int) -> bytes:
    """Images (n, 28, 28) side by side in rows of `columns`, pixel for pixel and without frames, as one PNG."""
    return encode_png(ink_page(Image.fromarray(_grid(images, columns, 0, 0)), colours))


def sheet_width(columns: int, scale: int, gap: int = 0) -> int:
    """The width in pixels of a sheet; show it at half of that with an even scale, and it is crisp on every screen."""
    return columns * (SIDE * scale + gap) + gap


def tile(images: Images, columns: int, scale: int, gap: int, below: int) -> Tones:
    """Images (n, 28, 28) framed in rows of `columns`, with `gap` pixels around and `below` more under each.

    Raises DataError where there is no image or another shape.
    """
    if images.ndim != 3 or images.shape[1:] != (SIDE, SIDE) or not len(images):
        raise DataError(f"The digits have shape {images.shape}; allowed is (n, 28, 28) with n of at least 1.")
    # Two pixels where the picture is made to be shown at half its size: one would fall between the screen's pixels.
    return _grid(frame(images, scale, edge=2 if scale >= 4 else 1), columns, gap, below)


def ink_page(page: Image.Image, colours: Palette) -> Image.Image:
    """A page of tones in the theme's colours, from paper to ink."""
    page.putpalette(_ramp(colours.paper, colours.ink))
    return page


def encode_png(page: Image.Image) -> bytes:
    """The page as PNG."""
    buffer = io.BytesIO()
    page.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def frame(images: Images, scale: int, edge: int) -> Tones:
    """(n, side, side): images enlarged without smoothing; the frame, `edge` wide, lies on the rim and hides no ink."""
    tiles = images.repeat(scale, axis=1).repeat(scale, axis=2)
    for rim in (tiles[:, :edge], tiles[:, -edge:], tiles[:, :, :edge], tiles[:, :, -edge:]):
        np.maximum(rim, _FRAME, out=rim)
    return tiles


def _grid(tiles: Tones, columns: int, gap: int, below: int) -> Tones:
    side, rows = tiles.shape[1], -(-len(tiles) // columns)
    cells = np.zeros((rows * columns, side + below + gap, side + gap), np.uint8)
    cells[: len(tiles), :side, :side] = tiles
    height, width = cells.shape[1:]
    page = cells.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, columns * width)
    return np.pad(page, ((gap, 0), (gap, 0)))


def _write_captions(page: Image.Image, captions: Sequence[str], columns: int, side: int, gap: int) -> None:
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(_CAPTION_SIZE)
    for i, text in enumerate(captions):
        row, column = divmod(i, columns)
        x = gap + column * (side + gap) + side / 2
        y = gap + row * (side + _CAPTION_HEIGHT + gap) + side + _CAPTION_HEIGHT / 2
        pen.text((x, y), text, fill=_CAPTION, font=font, anchor="mm")


@lru_cache(maxsize=4)
def _ramp(paper: str, ink: str) -> bytes:
    """256 colours from paper to ink, as a PNG palette."""
    share = np.linspace(0, 1, 256)[:, np.newaxis]
    mixed = (1 - share) * np.array(rgb_of(paper)) + share * np.array(rgb_of(ink))
    return bytes(np.rint(mixed).astype(np.uint8))
