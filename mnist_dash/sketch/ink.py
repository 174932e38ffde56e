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
from mnist_dash.sketch import illumination, ruled_lines
from mnist_dash.sketch.image_files import check_size, reduce_to_eight_bit
from mnist_dash.sketch.mnist_preprocessing import SIDE
from mnist_dash.sketch.pieces import are_no_dust, label_pieces
from mnist_dash.sketch.strokes import select_strokes

EVEN_SIDE = 512
"""Pixels of the longer side at which ink is told from paper in even light; larger pictures are averaged down to it."""
PHOTO_SIDE = 1280
"""The same for a photo, whose digits may be small in it."""
SMOOTH_SIDE = 280
"""Smaller pictures are enlarged beyond this, so that grey edges become smooth ones instead of steps."""
MIN_CONTRAST = 24
"""Grey levels, of 255, that mean ink and mean paper must lie apart; less is an empty sheet."""


@dataclass(frozen=True, slots=True)
class _Tuning:
    """What tells even light from a photo, and ink from dust and lines: chosen on MNIST's training digits.

    No script of the choosing was kept; `benchmarks.photo` measures on test digits and other seeds what they give.
    """

    # A piece of ink this many times smaller than the largest one is dust.
    speck: int = 50
    # The share of the variance that two levels must explain in a picture of ink and paper in even light, for borders of
    # several levels and of one: in a whole picture, and in a small one, as what somebody has cut out.
    explained: tuple[tuple[float, float], tuple[float, float]] = ((0.99, 0.95), (0.97, 0.85))
    # A border is of one level where this share of it is.
    even_ring: float = 0.9
    # A stroke is at most so broad, as a share of the longer side of all ink.
    broadest: float = 0.35
    # Where a stroke crosses a printed line, it is darker than lines usually are by this factor, or is filled in.
    darker: float = 1.5


_TUNED = _Tuning()


def read_ink(image: Image.Image) -> Ink:
    """Ink (h, w) of a picture of either polarity, at a working size; all false where it shows no contrast.

    What one level parts into ink and paper is parted by it; any other picture is taken for a photo, where light is
    uneven, lines are printed and a table is in view. Raises ImageError for a picture over `image_files.MAX_PIXELS`.
    """
    check_size(image)
    shown = _at_most(put_on_paper(image), PHOTO_SIDE)
    grey = level_light(shown)
    if not _has_two_levels(grey, cut_out=max(image.size) <= EVEN_SIDE):
        return find_ink_in_photo(shown)
    ink = threshold_even_light(grey)
    return ink if max(image.size) <= EVEN_SIDE or _is_thin(ink) else find_ink_in_photo(shown)


def level_light(shown: Image.Image) -> GreyLevels:
    """Grey levels (h, w), 0 to 255, at the working size of even light, with what is uneven in it evened out."""
    return _levelled(np.asarray(_at_least(_at_most(shown.convert("L"), EVEN_SIDE), SMOOTH_SIDE), np.float64))


def threshold_even_light(grey: GreyLevels) -> Ink:
    """Ink of grey levels (h, w), 0 to 255, by Otsu's threshold; paper is what the border mostly is."""
    threshold = otsu_threshold(grey)
    light = grey > threshold
    if light.all() or not light.any() or grey[light].mean() - grey[~light].mean() < MIN_CONTRAST:
        return np.zeros(grey.shape, bool)
    return _without_specks(~light if light[_ring(light.shape)].mean() >= 0.5 else light)


def find_ink_in_photo(shown: Image.Image) -> Ink:
    """Ink of a photo: what is darker than the paper around it, less printed lines and what is no stroke of a digit."""
    from scipy import ndimage  # type: ignore[import-untyped]  # 60 ms that only pictures need

    levels = np.asarray(_at_least(shown, PHOTO_SIDE // 2), np.float32)
    if illumination.is_board(shown.convert("L")):
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
    sure = ink & (~band | (dark > _TUNED.darker * float(np.median(dark[lines]))))
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
    """The grey of the missing paper: the opposite of ink alone, the usual level where paper was drawn too."""
    alpha, grey = np.asarray(rgba.getchannel("A")), np.asarray(rgba.convert("L"))
    seen = grey[alpha > 127]
    if not seen.size:
        return 255
    low, usual, high = (int(level) for level in np.percentile(seen, (1, 50, 99)))
    if high - low > 64:
        return usual
    return 255 if usual < 128 else 0


def _at_most(image: Image.Image, side: int) -> Image.Image:
    """A picture averaged down until its longer side has so many pixels."""
    factor = side / max(image.size)
    if factor >= 1:
        return image
    size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    return image.resize(size, Image.Resampling.BOX)


def _at_least(image: Image.Image, side: int) -> Image.Image:
    """A picture enlarged by a whole number until its longer side has so many pixels."""
    times = -(-side // max(image.size))
    return image.resize((image.width * times, image.height * times), Image.Resampling.BICUBIC)


def _has_two_levels(grey: GreyLevels, *, cut_out: bool) -> bool:
    """Whether ink and paper, each of one level, explain what is to be seen in levelled grey (h, w)."""
    dark = grey <= otsu_threshold(grey)
    share = dark.mean()
    if not 0 < share < 1:
        return True
    apart = grey[~dark].mean() - grey[dark].mean()
    explained = share * (1 - share) * apart**2 / grey.var()
    ring = grey[_ring(grey.shape)]
    even = np.mean(np.abs(ring - np.median(ring)) <= MIN_CONTRAST / 2) >= _TUNED.even_ring
    return bool(explained >= _TUNED.explained[cut_out][bool(even)])


def _is_thin(ink: Ink) -> bool:
    """Whether nothing in ink (h, w) is as broad as a page on a table would be, or half a picture in the dark."""
    from scipy import ndimage

    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return True
    longer = max(np.ptp(rows), np.ptp(columns)) + 1
    return bool(2 * ndimage.distance_transform_edt(np.pad(ink, 1)).max() <= _TUNED.broadest * longer)


def _ring(shape: tuple[int, ...]) -> Ink:
    """(h, w): true in the outermost thirty-second of the picture, at least one pixel."""
    width = max(1, min(shape) // 32)
    ring = np.ones(shape, bool)
    ring[width:-width, width:-width] = False
    return ring


def _levelled(grey: GreyLevels) -> GreyLevels:
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
    pieces, sizes = label_pieces(ink)
    return np.asarray(are_no_dust(sizes, _TUNED.speck)[pieces] & ink)
