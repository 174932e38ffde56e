"""Grey levels of any size and polarity become MNIST's 28×28, white on black.

Small images are scans or cut-outs in even light, so a threshold tells ink from paper; larger ones are photographs,
for which `sketch.ink` levels the light and drops the dust. Both go through the procedure that made MNIST.
"""

from collections.abc import Iterable
from enum import StrEnum

import numpy as np
from PIL import Image, ImageOps

from mnist_dash.arrays import GreyBytes, Images, Ink
from mnist_dash.data.dataset import SIDE
from mnist_dash.errors import DataError
from mnist_dash.sketch import ink
from mnist_dash.sketch.mnist_preprocessing import preprocess

SMALL = 64
"""Pixels along the longer side up to which an image is taken for a scan."""
ENLARGED = 112
"""Small images are enlarged beyond this, so that grey edges become smooth ones instead of steps."""
MOST_LEFT_OUT = 0.1
"""The share of images that may be unreadable: more means that something else is wrong than a few of them."""


class Polarity(StrEnum):
    """Whether ink is lighter or darker than paper; `auto` asks the border, which is mostly paper."""

    AUTO = "auto"
    INK_IS_LIGHT = "ink-is-light"
    INK_IS_DARK = "ink-is-dark"


class Fit(StrEnum):
    """Whether images are taken as they are or cut out, scaled and centred; `auto` does so unless all are 28×28."""

    AUTO = "auto"
    AS_IS = "as-is"
    CENTRE = "centre"


def polarity_of(sets: Iterable[Images]) -> Polarity:
    """The polarity of whole sets of images (n, h, w): light borders mean dark ink on light paper."""
    total, count = 0.0, 0
    for images in sets:
        for edge in (images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]):
            total += float(edge.sum(dtype=np.float64))
            count += edge.size
    return Polarity.INK_IS_DARK if total >= 128 * count else Polarity.INK_IS_LIGHT


def make_ink_light(images: Images, polarity: Polarity) -> Images:
    """Images as white on black."""
    return 255 - images if polarity is Polarity.INK_IS_DARK else images


def centre(grey: GreyBytes, polarity: Polarity) -> GreyBytes | None:
    """One image (h, w) cut out, scaled and centred as (28, 28); None where there is no ink. Raises ImageError."""
    drawn = _scanned(grey, polarity) if max(grey.shape) <= SMALL else _photographed(grey, polarity)
    made = preprocess(drawn)
    return None if made is None else made.image


def make_room(count: int) -> Images:
    """Room for so many images."""
    return np.empty((count, SIDE, SIDE), np.uint8)


def check_share(left_out: int, images: int, first: str) -> None:
    """Refuse a source of which too much, or all, cannot be read; `first` is an example. Raises DataError."""
    if left_out == images or left_out > MOST_LEFT_OUT * images:
        raise DataError(
            f"{left_out:,} of {images:,} images cannot be read as digits; allowed is a tenth. The first is {first} "
            "Mend or remove them, or choose another polarity."
        )


def _scanned(grey: GreyBytes, polarity: Polarity) -> Ink:
    times = -(-ENLARGED // max(grey.shape))
    size = grey.shape[1] * times, grey.shape[0] * times
    large = np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BICUBIC), np.float64)
    light = large > ink.otsu_threshold(large)
    if light.all() or not light.any() or large[light].mean() - large[~light].mean() < ink.MIN_CONTRAST:
        return np.zeros(light.shape, bool)
    if polarity is Polarity.AUTO:
        polarity = polarity_of([grey[np.newaxis]])
    return ~light if polarity is Polarity.INK_IS_DARK else light


def _photographed(grey: GreyBytes, polarity: Polarity) -> Ink:
    """Ink by `sketch.ink`, which believes the border: a known polarity is told to it by a border of paper."""
    picture = Image.fromarray(grey)
    if polarity is not Polarity.AUTO:
        paper = np.percentile(grey, 95 if polarity is Polarity.INK_IS_DARK else 5)
        picture = ImageOps.expand(picture, max(2, max(grey.shape) // 8), int(paper))
    return ink.read_ink(picture)
