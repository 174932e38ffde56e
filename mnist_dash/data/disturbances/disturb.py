"""Mild disturbances of whole images, one after another: which there are, how often each occurs, and how it is done.

Made for training, and milder than what MNIST-C (arXiv 1906.02337) measures with, or other than that. Those that look
alike: `change_contrast` and brightness, `add_clouds` and fog, `invert_band` and stripe, `add_impulses` and impulse
noise, `add_noise` and shot noise, `add_lines` and dotted line and zigzag, `add_spots` and spatter, `scatter` and glass
blur, `shake` and motion blur, `outline` and Canny edges. No number and no code of theirs is used.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from mnist_dash.arrays import Float32s, Images, Mask
from mnist_dash.data.dataset import check_images
from mnist_dash.data.disturbances import light, marks, sharpness
from mnist_dash.data.disturbances.chances import Chances
from mnist_dash.errors import DataError

_BLOCK = 256
"""Images worked on together: few enough for a core's own cache."""
_AGAIN = 0.3
"""How often an image that is disturbed is so twice."""

Disturbance = Callable[[Float32s, Chances], Float32s]

DISTURBANCES: Mapping[str, tuple[Disturbance, float]] = MappingProxyType(
    {
        "contrast": (light.change_contrast, 1.5),
        "shade": (light.shade, 1),
        "clouds": (light.add_clouds, 2),
        "band": (light.invert_band, 1.5),
        "lines": (marks.add_lines, 2),
        "spots": (marks.add_spots, 1),
        "holes": (marks.cut_holes, 1),
        "noise": (marks.add_noise, 1),
        "impulses": (marks.add_impulses, 1.5),
        "blur": (sharpness.blur, 0.75),
        "shake": (sharpness.shake, 0.75),
        "scatter": (sharpness.scatter, 0.75),
        "coarse": (sharpness.coarsen, 0.5),
        "outline": (sharpness.outline, 1),
    }
)
"""Each disturbance by name, and how often it occurs compared to the others."""


def disturb(images: Images, share: float, chances: Chances) -> Images:
    """Images (n, 28, 28) uint8, white on black, of which a `share` is disturbed, as new images.

    The others keep their bits. What becomes of an image depends on it and on its own chances alone. Raises DataError
    where the numbers of images and chances differ, and for a share outside 0 to 1.
    """
    check_images(images)
    if len(images) != len(chances):
        raise DataError(f"There are {len(images):,} images but chances for {len(chances):,}; draw them for each image.")
    if not 0 <= share <= 1:
        raise DataError(f"The share is {share}; allowed is 0 to 1. Choose a number in that range.")
    changed = images.copy()
    chosen = np.flatnonzero(chances.amounts[:, 0] < share)
    for start in range(0, len(chosen), _BLOCK):
        part = chosen[start : start + _BLOCK]
        own = Chances(chances.amounts[part, 1:], chances.pixels[part])
        ink = images[part].astype(np.float32) / np.float32(255)
        changed[part] = np.rint(255 * _disturb_each(ink, own))
    return changed


def _disturb_each(ink: Float32s, chances: Chances) -> Float32s:
    """Ink (n, 28, 28) from 0 to 1, disturbed once or twice."""
    first, again = chances.amounts[:, 0], chances.amounts[:, 1] < _AGAIN
    ink = _apply(ink, first, chances.skip(3), np.ones(len(ink), bool))
    # Numbers that were used once may be used once more the other way round, in another order.
    other = Chances(1 - chances.skip(3).amounts[:, ::-1], chances.pixels.transpose(0, 2, 1))
    return _apply(ink, chances.amounts[:, 2], other, again)


def _apply(ink: Float32s, taste: Float32s, chances: Chances, chosen: Mask) -> Float32s:
    """Ink disturbed where it is chosen, by what each one's `taste` (n,) from 0 to 1 says."""
    weights = np.cumsum([weight for _, weight in DISTURBANCES.values()])
    kind = np.searchsorted(weights / weights[-1], taste, side="right")
    changed = ink.copy()
    for number, (change, _) in enumerate(DISTURBANCES.values()):
        those = chosen & (kind == number)
        if those.any():
            changed[those] = np.clip(change(ink[those], chances.take(those)), 0, 1)
    return changed
