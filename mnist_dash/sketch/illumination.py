"""How dark each place of a photo is beside the paper around it, whatever light falls there.

Paper is what stays where strokes are filled in: a closing, which takes away everything dark that is narrower than its
window and leaves the edges of shadows and of the page where they are. Light multiplies what paper reflects, so the
picture is divided by it.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial, reduce
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PIL import Image

from mnist_dash.arrays import Darkness, Float32s, Lightness


@dataclass(frozen=True, slots=True)
class _Tuning:
    """What passes for ink in uneven light: chosen on imaginary photos (`benchmarks.paper`).

    No script of the choosing was kept; `benchmarks.photo` measures on test digits and other seeds what they give.
    """

    # The broadest stroke, as a part of the longer side, that is told from a shadow.
    window: int = 14
    # The least darkness that may be ink, …
    floor: float = 0.05
    # … and how many times the usual spread around it must be exceeded.
    spreads: float = 5.0
    # Places along the longer side at which that spread is measured.
    blocks: int = 13
    # Grey levels below which a difference is no more than a difference.
    darkest: float = 10.0


_TUNED = _Tuning()


def weigh_board(grey: Image.Image) -> float:
    """How much speaks for ink that is lighter than what it stands on, as chalk on a board: from -3 to 3.

    Thin strokes, and what differs from the median around it, are held for ink of either kind; a dark picture makes a
    board the likelier.
    """
    from scipy import ndimage  # type: ignore[import-untyped]  # 60 ms that only pictures need

    fine = _in_ratio(ndimage.gaussian_filter(_small(grey, 320).astype(np.float32), 0.7))
    coarse = _small(grey, 160)
    off = _in_ratio(coarse) - _in_ratio(ndimage.median_filter(coarse, max(coarse.shape) // 11 | 1))
    narrow = _more(fine + ndimage.grey_closing(-fine, (7, 7)), ndimage.grey_closing(fine, (7, 7)) - fine, 24)
    return narrow + _more(off, -off, 16) + float(np.clip((100 - np.median(coarse)) / 60, -1, 1))


def _in_ratio(levels: npt.NDArray[np.generic]) -> Darkness:
    """Levels from 0 to 255 whose differences are ratios of light, but for the darkest: ink in a shadow is ink."""
    return np.asarray(255 * np.log1p(levels.astype(np.float32) / _TUNED.darkest) / np.log1p(255 / _TUNED.darkest))


def _small(grey: Image.Image, side: int) -> npt.NDArray[np.uint8]:
    small = grey.copy()
    small.thumbnail((side, side), Image.Resampling.BOX)
    return np.asarray(small)


def _more(light: Darkness, dark: Darkness, least: float) -> float:
    """From -1, where all that differs from its surroundings by `least` is darker, to 1, where all of it is lighter."""
    lighter, darker = (float(np.clip(plane - least, 0, None).sum()) for plane in (light, dark))
    return (lighter - darker) / (lighter + darker) if lighter + darker else 0.0


def measure_darkness(light: Lightness) -> Darkness:
    """How dark each place is beside its paper; the lightest channel counts for half.

    Coloured lines are light in one of them, and the usual inks in none.
    """
    window = max(light.shape) // _TUNED.window | 1
    channels = [np.ascontiguousarray(channel) for channel in np.moveaxis(light, -1, 0)]
    with ThreadPoolExecutor(len(channels)) as threads:
        shares = list(threads.map(partial(_share_of_paper, window=window), channels))
    return np.asarray(1 - (sum(shares) / len(shares) + reduce(np.maximum, shares)) / 2)


def _share_of_paper(channel: Float32s, window: int) -> Float32s:
    """(h, w): how light each place of a channel is beside its paper, strokes as broad as a window filled in."""
    from scipy import ndimage

    smooth = ndimage.gaussian_filter(channel, 0.8)
    paper = ndimage.uniform_filter(ndimage.grey_closing(smooth, (window, window)), 5)
    return np.asarray(smooth / np.maximum(paper, 1))


def measure_noise_floor(dark: Darkness) -> Darkness:
    """(h, w): the darkness that grain and noise may reach around each place: a table's more than the paper's."""
    from scipy import ndimage

    height, width = dark.shape
    step = max(1, max(height, width) // _TUNED.blocks)
    rows, columns = (np.linspace(0, side, max(1, side // step) + 1).astype(int) for side in (height, width))
    blocks = np.array(
        [
            [_reach(dark[top:bottom:2, left:right:2]) for left, right in pairwise(columns)]
            for top, bottom in pairwise(rows)
        ],
        np.float32,
    )
    smooth = Image.fromarray(ndimage.median_filter(blocks, 3)).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(smooth)


def _reach(block: Darkness) -> float:
    """By the paler half of a block, whatever is printed or written on the rest: of a normal spread, its quantiles."""
    low, usual = np.percentile(block, (10, 40))
    return max(_TUNED.floor, float(usual + _TUNED.spreads * (usual - low) / 1.03))
