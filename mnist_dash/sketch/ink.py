"""Ink from photos and scans: what the procedure starts from.

A person may bring anything: dark ink on light paper or chalk on a board, any size, any of a dozen pixel formats, in
the light of a scanner or of a kitchen. Here all of it becomes binary ink, or one ImageError that says why not.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from mnist_dash.arrays import Ink
from mnist_dash.errors import ImageError
from mnist_dash.sketch import even_light, ruled_lines, uneven_light
from mnist_dash.sketch.image_files import check_size, reduce_to_eight_bit
from mnist_dash.sketch.mnist_preprocessing import SIDE
from mnist_dash.sketch.pieces import measure_breadth

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
    # … and, where ink leaves the picture, so broad as this.
    broadest_out: float = 0.15
    # Ink alone is of one level where its levels, but for a hundredth at either end, are no further apart.
    one_level: int = 96
    # Printed lines of a scan are at least so dark, as a share of the ink's darkness.
    palest_line: float = 0.1


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
    if not large or not even_light.is_plainly_uneven(grey, ink_is_dark=ink_is_dark):
        clean = even_light.find_ink(grey, times, ink_is_dark=ink_is_dark)
        if small or (clean.explains(large=large) and not (large and _is_broad(clean.ink))):
            return even_light.drop_specks(_without_printed_lines(clean) if large else clean.ink)
    return uneven_light.find_ink(_enlarged(shown, _times(shown, PHOTO_SIDE // 2)), ink_is_dark=ink_is_dark)


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
    from scipy import ndimage  # type: ignore[import-untyped]  # 60 ms that only pictures need

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
    lines = ruled_lines.find_ruled_lines(clean.dark > _TUNED.palest_line)
    return ruled_lines.take_away(lines, clean.ink, clean.dark)


def _is_broad(ink: Ink) -> bool:
    """Whether ink (h, w) is as broad as no stroke: a page on a table, half a picture in the dark, a shadow across."""
    breadth = measure_breadth(ink)
    border = (ink[0], ink[-1], ink[:, 0], ink[:, -1])
    return breadth > _TUNED.broadest or (breadth > _TUNED.broadest_out and any(side.any() for side in border))
