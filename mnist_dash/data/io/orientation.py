"""How digits lie in their images: EMNIST's are transposed, scanners turn pages. Noticed and offered, never silent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from PIL import Image

from mnist_dash.arrays import Images, Probabilities
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.words import percent

Ask = Callable[[Images], Probabilities]
"""What a trained model answers to images (n, 28, 28)."""


class Orientation(StrEnum):
    """How digits lie in the images that came; `as-is` are upright."""

    AS_IS = "as-is"
    TRANSPOSED = "transposed"
    MIRRORED = "mirrored"
    FLIPPED = "flipped"
    TURNED_RIGHT = "turned-right"
    TURNED_LEFT = "turned-left"
    UPSIDE_DOWN = "upside-down"


@dataclass(frozen=True, slots=True)
class Way:
    """An orientation in words: how digits `look`, what is `done` to put them upright, and that `step` of Pillow's."""

    look: str
    done: str
    step: Image.Transpose | None = None


WAYS: Mapping[Orientation, Way] = MappingProxyType(
    {
        Orientation.AS_IS: Way("upright", "as they are"),
        Orientation.TRANSPOSED: Way("transposed", "transposed", Image.Transpose.TRANSPOSE),
        Orientation.MIRRORED: Way("mirrored", "mirrored", Image.Transpose.FLIP_LEFT_RIGHT),
        Orientation.FLIPPED: Way("flipped top to bottom", "flipped", Image.Transpose.FLIP_TOP_BOTTOM),
        Orientation.TURNED_RIGHT: Way("turned to the right", "turned to the left by 90°", Image.Transpose.ROTATE_90),
        Orientation.TURNED_LEFT: Way("turned to the left", "turned to the right by 90°", Image.Transpose.ROTATE_270),
        Orientation.UPSIDE_DOWN: Way("upside down", "turned by 180°", Image.Transpose.ROTATE_180),
    }
)


@dataclass(frozen=True, slots=True)
class _Judging:
    """When another orientation is offered: of 500 test digits of MNIST the reader reads 11 to 43 % as they lie.

    The bundled reader reads at most `poor` of a sample as it lies, and `better` more of it in another way; fewer than
    `fewest` images say nothing.
    """

    sample: int = 500
    fewest: int = 20
    poor: float = 0.6
    better: float = 0.3


_JUDGING = _Judging()


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Digits that look as if they lay otherwise: the shares of a sample that are read as it lies, and put upright."""

    orientation: Orientation
    as_they_lie: float
    upright: float

    def describe(self) -> str:
        """The suspicion in a sentence."""
        way = WAYS[self.orientation]
        return (
            f"These digits look {way.look}: the reader reads {percent(self.as_they_lie, 0)} as they lie and "
            f"{percent(self.upright, 0)} {way.done}."
        )


def put_upright(images: Images, orientation: Orientation) -> Images:
    """Images (n, h, w) that lie so, upright."""
    match orientation:
        case Orientation.AS_IS:
            return images
        case Orientation.TRANSPOSED:
            turned = images.swapaxes(1, 2)
        case Orientation.MIRRORED:
            turned = images[:, :, ::-1]
        case Orientation.FLIPPED:
            turned = images[:, ::-1]
        case _:
            quarters = {Orientation.TURNED_RIGHT: 1, Orientation.UPSIDE_DOWN: 2, Orientation.TURNED_LEFT: 3}
            turned = np.rot90(images, quarters[orientation], (1, 2))
    return np.ascontiguousarray(turned)


def put_picture_upright(picture: Image.Image, orientation: Orientation) -> Image.Image:
    """A picture of any kind that lies so, upright."""
    step = WAYS[orientation].step
    return picture if step is None else picture.transpose(step)


def lay_down(images: Images, orientation: Orientation) -> Images:
    """Upright images (n, h, w) as they lay before `put_upright`."""
    back = {Orientation.TURNED_LEFT: Orientation.TURNED_RIGHT, Orientation.TURNED_RIGHT: Orientation.TURNED_LEFT}
    return put_upright(images, back.get(orientation, orientation))


def suspect_orientation(dataset: Dataset, ask: Ask) -> Suspicion | None:
    """How the digits of a set seem to lie, by what a model reads in a sample; None where they seem upright.

    Only a set that is read poorly as it lies, and far better in another way, is suspected: odd sets exist.
    """
    sample = _draw(dataset)
    if len(sample) < _JUDGING.fewest:
        return None
    now = _accuracy(ask, sample, Orientation.AS_IS)
    if now > _JUDGING.poor:
        return None
    others = {way: _accuracy(ask, sample, way) for way in WAYS if way is not Orientation.AS_IS}
    best = max(others, key=lambda way: others[way])
    return Suspicion(best, now, others[best]) if others[best] >= now + _JUDGING.better else None


def _draw(dataset: Dataset) -> Digits:
    """Images from all over both splits, since files are often sorted by digit."""
    images, labels = [], []
    for split in (dataset.train, dataset.test):
        count = min(len(split), _JUDGING.sample // 2)
        index = np.linspace(0, len(split) - 1, count).round().astype(np.int64)
        images.append(split.images[index])
        labels.append(split.labels[index])
    return Digits(np.concatenate(images), np.concatenate(labels))


def _accuracy(ask: Ask, sample: Digits, way: Orientation) -> float:
    return float((ask(put_upright(sample.images, way)).argmax(axis=1) == sample.labels).mean())
