"""Pictures of any size and polarity become MNIST's 28×28, white on black, by the way that Sketch and `predict` go."""

from collections.abc import Iterable
from enum import StrEnum

import numpy as np
from PIL import Image

from mnist_dash.arrays import GreyBytes, Images
from mnist_dash.data.dataset import SIDE
from mnist_dash.errors import DataError
from mnist_dash.sketch.ink import read_ink
from mnist_dash.sketch.mnist_preprocessing import preprocess

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


def centre(picture: Image.Image, polarity: Polarity) -> GreyBytes | None:
    """One picture cut out, scaled and centred as (28, 28); None where there is no ink. Raises ImageError."""
    ink_is_dark = None if polarity is Polarity.AUTO else polarity is Polarity.INK_IS_DARK
    made = preprocess(read_ink(picture, ink_is_dark=ink_is_dark))
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
