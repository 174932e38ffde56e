"""Ink from photos and scans: what the procedure starts from.

A person may bring anything: dark ink on light paper or chalk on a board, any size, any of a dozen pixel
formats. Here all of it becomes binary ink, or one ImageError that says why not.
"""

import struct
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from mnist_dash.errors import ImageError
from mnist_dash.sketch.procedure import SIDE, Grey, Ink

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
MAX_PIXELS = 40_000_000
"""A larger picture is refused before it is decoded: it would take more than 160 MB."""
WORKING_SIDE = 512
"""Pixels of the longer side at which ink is told from paper; larger pictures are averaged down to it."""
SMOOTH_SIDE = 280
"""Smaller pictures are enlarged beyond this, so that grey edges become smooth ones instead of steps."""
MIN_CONTRAST = 24
"""Grey levels, of 255, that mean ink and mean paper must lie apart; less is an empty sheet."""
SPECK = 50
"""A piece of ink this many times smaller than the largest one is dust."""

_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error)


def from_image(image: Image.Image) -> Ink:
    """Ink (h, w) of a picture of either polarity, at a working size; all false where it shows no contrast.

    Ink and paper are told apart by Otsu's threshold, after uneven light has been levelled; paper is what the
    border mostly is. Raises ImageError for a picture over `MAX_PIXELS`.
    """
    _check_size(image)
    grey = _levelled(np.asarray(_at_working_size(_on_paper(image)), np.float64))
    threshold = otsu(grey)
    light = grey > threshold
    if light.all() or not light.any() or grey[light].mean() - grey[~light].mean() < MIN_CONTRAST:
        return np.zeros(grey.shape, bool)
    return _without_specks(~light if light[_ring(light.shape)].mean() >= 0.5 else light)


def read_image(source: Path | BinaryIO) -> Image.Image:
    """The picture in a file or an upload, upright (EXIF) and its first frame; raises ImageError.

    It is fully decoded here, so that a broken file fails now and not in the middle of a page.
    """
    name = source.name if isinstance(source, Path) else str(getattr(source, "name", "The picture"))
    if isinstance(source, Path) and not source.is_file():
        what = "is a folder" if source.is_dir() else "does not exist"
        raise ImageError(f"{source} {what}; allowed is one picture ({', '.join(FORMATS)}). Check the path.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", category=UserWarning, module="PIL")  # odd EXIF: read without it
            with Image.open(source, formats=FORMATS) as image:
                _check_size(image)
                return ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as e:
        raise ImageError(_too_large(name)) from e
    except _BROKEN as e:
        raise ImageError(
            f"{name} cannot be read as a picture: it is broken, cut short or of another type; allowed are "
            f"{', '.join(FORMATS)}. Save it again as PNG."
        ) from e


def as_is(image: Image.Image) -> npt.NDArray[np.uint8]:
    """(28, 28) grey values of an image that is already in MNIST's form, white on black; raises ImageError."""
    if image.size != (SIDE, SIDE):
        raise ImageError(
            f"The image is {image.width}×{image.height} pixels; taken as it is, it must be {SIDE}×{SIDE}, white "
            "on black. Leave out --as-is to have it cut out, scaled and centred."
        )
    black = Image.new("RGBA", image.size, "black")
    shown = Image.alpha_composite(black, _eight_bit(image).convert("RGBA"))
    return np.asarray(shown.convert("L"))


def otsu(grey: Grey) -> float:
    """The grey level, 0 to 255, above which pixels are light.

    It maximises the variance between the two classes (Otsu, "A threshold selection method from gray-level
    histograms", IEEE Trans. SMC 9, 1979); the middle is taken where several levels do.
    """
    share = np.bincount(np.clip(np.rint(grey), 0, 255).astype(np.intp).ravel(), minlength=256) / grey.size
    dark, moment = np.cumsum(share), np.cumsum(share * np.arange(256))
    spread = dark * (1 - dark)
    between = np.divide((moment[-1] * dark - moment) ** 2, spread, out=np.zeros(256), where=spread > 1e-12)
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    return float(best.mean())


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise ImageError(_too_large(f"The picture ({image.width:,}×{image.height:,} pixels)"))


def _too_large(what: str) -> str:
    allowed = f"{MAX_PIXELS // 1_000_000} megapixels"
    return f"{what} is too large; allowed are up to {allowed}. Reduce it or cut the digit out."


def _eight_bit(image: Image.Image) -> Image.Image:
    """The same picture with at most 8 bits a channel: Pillow's own conversion would clip the rest."""
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image, np.float64)
    scale = 257 if values.max() > 255 else 1
    return Image.fromarray(np.clip(values / scale, 0, 255).astype(np.uint8))


def _on_paper(image: Image.Image) -> Image.Image:
    """Grey levels, with paper behind whatever is transparent."""
    image = _eight_bit(image)
    if not image.has_transparency_data:
        return image.convert("RGB").convert("L")
    rgba = image.convert("RGBA")
    paper = Image.new("RGBA", rgba.size, (_paper_behind(rgba),) * 3)
    return Image.alpha_composite(paper, rgba).convert("L")


def _paper_behind(rgba: Image.Image) -> int:
    """The grey of the missing paper: the opposite of ink alone, the usual level where paper was drawn too."""
    alpha, grey = np.asarray(rgba.getchannel("A")), np.asarray(rgba.convert("L"))
    seen = grey[alpha > 127]
    if not seen.size:
        return 255
    low, usual, high = (int(level) for level in np.percentile(seen, (1, 50, 99)))
    if high - low > 64:
        return usual
    return 255 if usual < 128 else 0


def _at_working_size(grey: Image.Image) -> Image.Image:
    longer = max(grey.size)
    if longer > WORKING_SIDE:
        factor = WORKING_SIDE / longer
        size = max(1, round(grey.width * factor)), max(1, round(grey.height * factor))
        return grey.resize(size, Image.Resampling.BOX)
    times = -(-SMOOTH_SIDE // longer)
    return grey.resize((grey.width * times, grey.height * times), Image.Resampling.BICUBIC)


def _ring(shape: tuple[int, ...]) -> Ink:
    """(h, w): true in the outermost thirty-second of the picture, at least one pixel."""
    width = max(1, min(shape) // 32)
    ring = np.ones(shape, bool)
    ring[width:-width, width:-width] = False
    return ring


def _levelled(grey: Grey) -> Grey:
    """Grey levels without uneven light: a smooth surface through the paper at the border is evened out.

    The fit leaves out what lies far from it, such as ink that touches the border. Where too much does, the
    border is not all paper, and the levels stay as they are. Light multiplies what paper reflects; on a dark
    board it adds a haze.
    """
    y, x = np.meshgrid(*(np.linspace(-1, 1, count) for count in grey.shape), indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    ring = _ring(grey.shape)
    at, level = terms[ring], grey[ring]
    near = np.ones(len(level), bool)
    for _ in range(3):
        fit = np.linalg.lstsq(at[near], level[near])[0]
        off = np.abs(level - at @ fit)
        near = off <= max(MIN_CONTRAST / 2, 2 * float(np.median(off)))
    if np.mean(off <= MIN_CONTRAST / 2) < 0.75:
        return grey
    paper, usual = terms @ fit, np.median(level)
    even = grey * (usual / np.maximum(paper, usual / 4)) if usual > 64 else grey - paper + usual
    return np.asarray(np.clip(even, 0, 255))


def _without_specks(ink: Ink) -> Ink:
    """Ink without dust, which would stretch the bounding box: pieces under a fiftieth of the largest one."""
    from scipy import ndimage  # type: ignore[import-untyped]  # 60 ms that only pictures need

    pieces, _ = ndimage.label(ink, np.ones((3, 3)))
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    return np.asarray((sizes * SPECK >= sizes.max())[pieces] & ink)
