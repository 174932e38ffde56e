"""Ink from photos and scans: what the procedure starts from.

A person may bring anything: dark ink on light paper or chalk on a board, any size, any of a dozen pixel formats, in
the light of a scanner or of a kitchen. Here all of it becomes binary ink, or one ImageError that says why not.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from mnist_dash.arrays import Darkness, GreyLevels, Ink
from mnist_dash.errors import ImageError
from mnist_dash.sketch import even_light, illumination, ruled_lines
from mnist_dash.sketch.image_files import check_size, reduce_to_eight_bit
from mnist_dash.sketch.mnist_preprocessing import SIDE
from mnist_dash.sketch.strokes import select_strokes

SMALLEST_PHOTO = 64
"""A picture of no more pixels along its longer side is no photo, whatever its light."""
CUT_OUT_SIDE = 512
"""A picture of more pixels along its longer side may be a photo: a table in view, half in the dark, on ruled paper."""
PHOTO_SIDE = 1280
"""Pixels of the longer side at which ink is told from paper; larger pictures are averaged down to it."""
SMOOTH_SIDE = 280
"""Smaller pictures are enlarged beyond this, so that grey edges become smooth ones instead of steps, …"""
SMALL_SIDE = 112
"""… and the smallest beyond this, of which thousands are imported at once."""


@dataclass(frozen=True, slots=True)
class _Tuning:
    """What is too broad for ink, and what stands on a printed line: chosen on MNIST's training digits.

    No script of the choosing was kept; `benchmarks.photo` measures on test digits and other seeds what they give.
    """

    # A stroke is at most so broad, as a share of the longer side of all ink.
    broadest: float = 0.35
    # Ink alone is of one level where its levels, but for a hundredth at either end, are no further apart.
    one_level: int = 96
    # Where a stroke crosses a printed line, it is darker than lines usually are by this factor, or is filled in.
    darker: float = 1.5
    # … as the darkest of them are, but for the rest of these percents.
    darkest: int = 90


_TUNED = _Tuning()


def read_ink(image: Image.Image, *, ink_is_dark: bool | None = None) -> Ink:
    """Ink (h, w) of a picture, at a working size; all false where it shows no contrast.

    Where even light explains a picture, all that is not paper is ink. Any other is taken for a photo, where light is
    uneven, lines are printed and a table is in view. Either polarity is read, unless it is told whether ink is dark.
    Raises ImageError for a picture over `image_files.MAX_PIXELS`.
    """
    check_size(image)
    shown = _at_most(put_on_paper(image), PHOTO_SIDE)
    small, large = max(image.size) <= SMALLEST_PHOTO, max(image.size) > CUT_OUT_SIDE
    times = _times(shown, SMALL_SIDE if small else PHOTO_SIDE // 2 if large else SMOOTH_SIDE)
    grey = np.asarray(_enlarged(shown.convert("L"), times), np.float64)
    clean = even_light.find_ink(grey, times, ink_is_dark=ink_is_dark)
    if small or (clean.explains(large=large) and not (large and _is_broad(clean.ink))):
        return even_light.drop_specks(_without_printed_lines(clean) if large else clean.ink)
    return find_ink_in_photo(shown, ink_is_dark=ink_is_dark)


def find_ink_in_photo(shown: Image.Image, *, ink_is_dark: bool | None = None) -> Ink:
    """Ink of a photo: what is darker than the paper around it, less printed lines and what is no stroke of a digit."""
    from scipy import ndimage  # type: ignore[import-untyped]  # 60 ms that only pictures need

    levels = np.asarray(_enlarged(shown, _times(shown, PHOTO_SIDE // 2)), np.float32)
    if illumination.is_board(shown.convert("L")) if ink_is_dark is None else not ink_is_dark:
        levels = 255 - levels
    levels = levels.reshape(*levels.shape[:2], -1)
    dark = illumination.measure_darkness(levels)
    floor = illumination.measure_noise_floor(dark)
    lines = ruled_lines.find_ruled_lines(dark > float(np.median(floor)))
    near = ndimage.binary_dilation(ndimage.binary_opening((dark > floor) & ~lines), iterations=3) & ~lines
    if not near.any():
        return np.zeros(dark.shape, bool)
    ink = dark > np.maximum(floor, otsu_threshold(255 * dark[near].astype(np.float64)) / 255)
    return select_strokes(_over_lines(ink, lines, dark), dark, levels.mean(axis=-1))


def _over_lines(ink: Ink, lines: Ink, dark: Darkness) -> Ink:
    """Ink without printed lines: what crosses them stays where it is darker than they are, or goes on beyond them."""
    from scipy import ndimage

    if not lines.any():
        return ink
    band = ndimage.binary_dilation(lines, np.ones((3, 3)))
    sure = ink & (~band | (dark > _TUNED.darker * float(np.percentile(dark[lines], _TUNED.darkest))))
    return np.asarray(sure | (ndimage.binary_closing(sure, np.ones((7, 7))) & band & ink))


def read_as_is(image: Image.Image) -> npt.NDArray[np.uint8]:
    """(28, 28) grey values of an image that is already in MNIST's form, white on black; raises ImageError."""
    if image.size != (SIDE, SIDE):
        raise ImageError(
            f"The image is {image.width}×{image.height} pixels; taken as it is, it must be {SIDE}×{SIDE}, white "
            "on black. Leave out --as-is to have it cut out, scaled and centred."
        )
    black = Image.new("RGBA", image.size, "black")
    shown = Image.alpha_composite(black, reduce_to_eight_bit(image).convert("RGBA"))
    return np.asarray(shown.convert("L"))


def otsu_threshold(grey: GreyLevels) -> float:
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


def put_on_paper(image: Image.Image) -> Image.Image:
    """Grey levels or colours, with paper behind whatever is transparent."""
    image = reduce_to_eight_bit(image)
    if not image.has_transparency_data:
        return image.convert("L" if image.mode in ("1", "L") else "RGB")
    rgba = image.convert("RGBA")
    paper = Image.new("RGBA", rgba.size, (_paper_behind(rgba),) * 3)
    return Image.alpha_composite(paper, rgba).convert("RGB")


def _paper_behind(rgba: Image.Image) -> int:
    """The grey of missing paper: the opposite of ink alone; where paper is there too, it is what fades into nothing."""
    from scipy import ndimage

    alpha, grey = np.asarray(rgba.getchannel("A")), np.asarray(rgba.convert("L"), np.float64)
    seen = alpha > 127
    if not seen.any():
        return 255
    levels = grey[seen]
    low, usual, high = (int(level) for level in np.percentile(levels, (1, 50, 99)))
    if high - low <= _TUNED.one_level:
        return 255 if usual < 128 else 0
    inside = ndimage.uniform_filter(seen.astype(np.float64), 3)[seen]
    fades_to_light = np.mean((levels - levels.mean()) * (inside - inside.mean())) <= 0
    return high if fades_to_light else low


def _at_most(image: Image.Image, side: int) -> Image.Image:
    """A picture averaged down until its longer side has so many pixels."""
    factor = side / max(image.size)
    if factor >= 1:
        return image
    size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    return image.resize(size, Image.Resampling.BOX)


def _times(image: Image.Image, side: int) -> int:
    """The least whole number that makes a picture's longer side have at least so many pixels."""
    return -(-side // max(image.size))


def _enlarged(image: Image.Image, times: int) -> Image.Image:
    return image.resize((image.width * times, image.height * times), Image.Resampling.BICUBIC)


def _without_printed_lines(clean: even_light.EvenLight) -> Ink:
    """The ink of a scan of ruled or squared paper, or of a form."""
    lines = ruled_lines.find_ruled_lines(clean.ink)
    if not lines.any():
        return clean.ink
    return _over_lines(clean.ink, lines, clean.dark)


def _is_broad(ink: Ink) -> bool:
    """Whether something in ink (h, w) is as broad as a page on a table would be, or half a picture in the dark."""
    from scipy import ndimage

    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return False
    longer = max(np.ptp(rows), np.ptp(columns)) + 1
    return bool(2 * ndimage.distance_transform_edt(np.pad(ink, 1)).max() > _TUNED.broadest * longer)
