"""Pictures of any size and polarity become MNIST's 28×28, white on black, by the way that Sketch and `predict` go."""

from collections.abc import Iterable
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from PIL import Image

from mnist_dash.arrays import Float32s, GreyBytes, Images
from mnist_dash.data.dataset import SIDE
from mnist_dash.errors import DataError
from mnist_dash.sketch.ink import read_ink
from mnist_dash.sketch.mnist_preprocessing import preprocess

MOST_LEFT_OUT = 0.1
"""The share of images that may be unreadable: more means that something else is wrong than a few of them."""

DARK, LIGHT = 85, 170
"""A border that is darker or lighter in the mean is clearly one or the other."""
MIXED = 0.01
"""The share of images of the rarer polarity from which on a set is a mixture, and that of borders in between."""


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


def find_polarity(sets: Iterable[Images]) -> Polarity:
    """The polarity of whole sets of images (n, h, w): light borders mean dark ink on light paper.

    `auto` where the borders are of two kinds, some light and some dark, with next to nothing in between: then each
    image is to be judged by itself.
    """
    borders = np.concatenate([np.empty(0, np.float32), *(_measure_borders(images) for images in sets)])
    if not len(borders):
        return Polarity.INK_IS_LIGHT
    light, dark = float((borders >= LIGHT).mean()), float((borders <= DARK).mean())
    if min(light, dark) >= MIXED and light + dark >= 1 - MIXED:
        return Polarity.AUTO
    return Polarity.INK_IS_DARK if float(borders.mean()) >= 128 else Polarity.INK_IS_LIGHT


def is_ink_dark(images: Images) -> npt.NDArray[np.bool_]:
    """Which of the images (n, h, w) have a light border: (n,)."""
    return np.asarray(_measure_borders(images) >= 128)


def make_ink_light(images: Images, polarity: Polarity) -> Images:
    """Images as white on black; with `auto` each is judged by its own border."""
    if polarity is Polarity.INK_IS_DARK:
        return 255 - images
    if polarity is Polarity.INK_IS_LIGHT:
        return images
    made = images.copy()
    dark = is_ink_dark(images)
    made[dark] = 255 - made[dark]
    return made


def _measure_borders(images: Images) -> Float32s:
    """The mean grey of the outermost pixels of each image (n, h, w): (n,)."""
    edges = (images[:, 0], images[:, -1], images[:, 1:-1, 0], images[:, 1:-1, -1])
    total = sum((edge.sum(axis=1, dtype=np.float32) for edge in edges), np.zeros(len(images), np.float32))
    return np.asarray(total / sum(edge.shape[1] for edge in edges), np.float32)


def find_stretch(highest: float) -> float:
    """What all values of a set are multiplied with: shares of ink and the 16 grey levels of UCI's digits reach 255."""
    return 255 if highest <= 1 else 255 / 16 if highest <= 16 else 1


def describe_stretch(factor: float) -> str:
    """That all values were multiplied with this, in words."""
    return f"Values from 0 to {255 / factor:.0f} were stretched to 0 to 255."


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
