"""Opening picture files: whatever somebody brings is decoded within bounds, or refused with the reason.

A file is asked for its size before it is decoded, and a photo far larger than needed is never decoded whole where its
format can do with less. HEIC, which phones write, is decoded by pillow-heif, which is loaded for such a file alone.
"""

import struct
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps

from mnist_dash.errors import ImageError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
HEIC = "HEIC"
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".heic", ".heif")
MAX_PIXELS = 40_000_000
"""A larger picture is refused before it is decoded: it would take more than 160 MB."""
MAX_JPEG_PIXELS = 80_000_000
"""A photo as phones store it may be larger, where less than all of it is needed: it is decoded small."""
MAX_SIDE = 30_000
"""A picture may have so many pixels along each side."""
_ALLOWED = ", ".join((*FORMATS, HEIC))
_WHITES = tuple(2**bits - 1 for bits in (8, 10, 12, 14, 16))
_HEAD = 512
_AVERAGED = ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr")
"""Kinds of pixels that can be averaged as they are: the numbers of a palette cannot."""
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error)
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_ANIMATED = "It is animated or holds several pictures: the first one was taken."
_KINDS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP or an office document"),
    (b"II*\x00", "a TIFF"),
    (b"MM\x00*", "a TIFF"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML file, perhaps an SVG drawing"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A picture as it was opened, and what a person should know about that."""

    image: Image.Image
    notes: tuple[str, ...] = ()


def read_image(source: Path | BinaryIO, side: int | None = None) -> Image.Image:
    """The picture that `open_image` finds; raises ImageError."""
    return open_image(source, side).image


def open_image(source: Path | BinaryIO, side: int | None = None) -> Opened:
    """The picture in a file or an upload, upright (EXIF) and its first frame; raises ImageError.

    It is fully decoded here, so that a broken file fails now and not in the middle of a page. Where nothing finer
    than `side` pixels of the longer side is needed, it may come smaller than it is, but no smaller than that.
    """
    name = source.name if isinstance(source, Path) else str(getattr(source, "name", "The picture"))
    if isinstance(source, Path):
        _check_path(source)
    head = b""
    try:
        head = _head(source)
        formats = _formats(head)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", category=UserWarning, module="PIL")  # odd EXIF: read without it
            with Image.open(source, formats=formats) as image:
                _check_head(image, side)
                notes = (_ANIMATED,) if getattr(image, "is_animated", False) else ()
                return Opened(ImageOps.exif_transpose(_decoded(image, side)), notes)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as e:
        raise ImageError(_too_large(name)) from e
    except _BROKEN as e:
        raise ImageError(
            f"{name} cannot be read as a picture: it is {_reason(head)}; allowed are {_ALLOWED}. Save it again as PNG "
            "or JPEG."
        ) from e


def check_size(image: Image.Image) -> None:
    """Raise ImageError where a picture has too many pixels to be worked on."""
    if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
        raise ImageError(_too_large(f"The picture ({image.width:,}×{image.height:,} pixels)"))


def _check_head(image: Image.Image, side: int | None) -> None:
    """Raise ImageError where a picture is too large to be decoded, by what its file says of its size."""
    # What is stored progressively is held whole, at whatever size it is decoded.
    small = side and image.format == "JPEG" and "progressive" not in image.info
    if not small or image.width * image.height > MAX_JPEG_PIXELS or max(image.size) > MAX_SIDE:
        check_size(image)


def reduce_to_eight_bit(image: Image.Image) -> Image.Image:
    """The same picture with at most 8 bits a channel: Pillow's own conversion would clip the rest.

    Cameras and scanners use 10, 12 or 14 of 16 bits, and shares of light run from 0 to 1.
    """
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image)
    white = next((white for white in _WHITES if values.max() <= white), values.max())
    if image.mode == "F" and values.max() <= 1:
        white = 1
    values = values * np.float32(255 / white)
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def _check_path(path: Path) -> None:
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise ImageError(f"{path} {what}; allowed is one picture ({_ALLOWED}). Check the path.")


def _head(source: Path | BinaryIO) -> bytes:
    """The first bytes of a file, which tell what it is whatever it is called."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            return file.read(_HEAD)
    head = source.read(_HEAD)
    source.seek(0)
    return head


def _formats(head: bytes) -> tuple[str, ...]:
    """What Pillow may try."""
    if head[4:8] != b"ftyp" or head[8:12] not in _HEIC_BRANDS:
        return FORMATS
    try:
        from pillow_heif import register_heif_opener
    except ImportError as e:
        raise ImageError("HEIC cannot be read here: pillow-heif cannot be loaded. Save the photo as JPEG.") from e
    register_heif_opener(thumbnails=False)
    return ("HEIF",)


def _decoded(image: Image.Image, side: int | None) -> Image.Image:
    """The pixels, or averages of as many of them as leave `side` pixels along the longer side."""
    longer = max(image.size)
    if side and image.format == "JPEG":
        image.draft(None, (image.width * side // longer, image.height * side // longer))
    image.load()
    check_size(image)  # what the header of a file says of its size may be untrue
    times = max(image.size) // side if side else 1
    return image.reduce(times) if times > 1 and image.mode in _AVERAGED else image


def _reason(head: bytes) -> str:
    if not head:
        return "empty"
    for start, kind in _KINDS:
        if head.lstrip().startswith(start):
            return kind
    if head[4:8] == b"ftyp" and head[8:12] not in _HEIC_BRANDS:
        return f"a film or a picture of the type {head[8:12].decode('ascii', 'replace')}"
    printable = all(byte in b"\t\n\r\f" or byte >= 32 for byte in head)
    return "text" if printable else "broken, cut short or of another type"


def _too_large(what: str) -> str:
    allowed = f"{MAX_PIXELS // 1_000_000} megapixels, or {MAX_JPEG_PIXELS // 1_000_000} of a phone's JPEG"
    return f"{what} is too large; allowed are up to {allowed}. Reduce it or cut the digit out."
