"""Four digits for each lesson, which say what it is about before a word is read."""

from collections.abc import Callable

import numpy as np

from mnist_dash.arrays import Image, Images
from mnist_dash.data.augmentation import Augmentation, augment, draw_warps
from mnist_dash.data.dataset import CLASSES, SIDE, Dataset, Digits
from mnist_dash.data.present_digits import find_digits
from mnist_dash.figures import channels
from mnist_dash.lessons import upstroke
from mnist_dash.models.bundled import read_bundled_file
from mnist_dash.models.layers import run_layers
from mnist_dash.ui.shell import cached_analysis, resources

SHOWN = 4
_VARIED = Augmentation(rotation=25, shift=2, zoom=0.2, shear=0.2)


@resources.cache_once(entries=16)
def draw(name: str, data: Dataset) -> Images:
    """(4, 28, 28): the picture of the lesson of that name."""
    return _DRAW[name](data)


def find_typical(data: Dataset, digit: int) -> Image:
    """(28, 28): the training image of a digit, among the first ones, that is nearest to the mean of its class."""
    places = np.flatnonzero(data.train.labels[: cached_analysis.FIRST] == digit)
    if not len(places):
        return np.asarray(data.train.images[0])
    mean = data.train.images[places].mean(axis=0)
    distance = np.square(data.train.images[places] - mean).sum(axis=(1, 2))
    return np.array(data.train.images[places[distance.argmin()]])


def _draw_pixels(data: Dataset) -> Images:
    """One digit, at full ink and at ever less: the same picture in other numbers."""
    image = find_typical(data, 5).astype(np.float64)
    return np.stack([np.rint(image * share).astype(np.uint8) for share in (1, 0.7, 0.45, 0.25)])


def _draw_convolution(data: Dataset) -> Images:
    """A digit, and what three filters make of it."""
    image = find_typical(data, 4)
    values = run_layers(read_bundled_file("cnn"), image)[0].values
    strongest = np.argsort(-values.max(axis=(0, 1)))[: SHOWN - 1]
    return np.concatenate([image[np.newaxis], channels.draw_channels(values[:, :, strongest])])


def _draw_overfitting(data: Dataset) -> Images:
    """A digit, shown a little differently each time."""
    image = find_typical(data, 3)
    varied = augment(np.stack([image] * (SHOWN - 1)), draw_warps(_VARIED, SHOWN - 1, 0, 1))
    return np.concatenate([image[np.newaxis], varied])


def _draw_test_images(data: Dataset) -> Images:
    """Test digits as they come."""
    return _take(data.test, np.arange(SHOWN))


def _draw_summary(data: Dataset) -> Images:
    """Four of the classes."""
    return np.stack([find_typical(data, digit) for digit in range(SHOWN)])


def _draw_ones(_data: Dataset) -> Images:
    """The same 1 with an upstroke that grows."""
    return np.stack([upstroke.draw_one(length) for length in (0, 30, 60, 90)])


def _draw_duel(data: Dataset) -> Images:
    """Of the first test digits those that are farthest from the mean of their class."""
    of = data.test.take(slice(cached_analysis.FIRST))
    means = np.zeros((CLASSES, SIDE, SIDE))
    for digit in find_digits(of.labels):
        means[digit] = of.images[of.labels == digit].mean(axis=0)
    distance = np.square(of.images - means[of.labels]).sum(axis=(1, 2))
    return _take(of, np.argsort(-distance)[:SHOWN])


def _take(of: Digits, places: np.ndarray) -> Images:
    return np.asarray(of.images[np.resize(places[: len(of)], SHOWN)])


_DRAW: dict[str, Callable[[Dataset], Images]] = {
    "pixels": _draw_pixels,
    "convolution": _draw_convolution,
    "overfitting": _draw_overfitting,
    "test-images": _draw_test_images,
    "summary": _draw_summary,
    "european-one": _draw_ones,
    "duel": _draw_duel,
}
