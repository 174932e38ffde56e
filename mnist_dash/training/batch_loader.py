"""The images of an epoch on their way to the network: in its order, varied if that is wanted, prepared ahead."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Indices, Inputs, Probabilities
from mnist_dash.data.augmentation import Augmentation, Warps, augment, draw_warps
from mnist_dash.data.dataset import CLASSES, Digits, scale_to_input
from mnist_dash.data.disturbances.chances import draw_chances
from mnist_dash.data.disturbances.disturb import disturb
from mnist_dash.data.split import epoch_order
from mnist_dash.methods.method import Classifier
from mnist_dash.methods.spec import RunSpec

UNTOLD: Probabilities = np.empty((0, CLASSES), np.float32)
"""What nobody tells."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadedChunk:
    """Consecutive images of an epoch with their labels (n,); `told` is what a teacher answers (n, 10), else (0, 10)."""

    images: Inputs
    labels: npt.NDArray[np.int32]
    told: Probabilities


class BatchLoader:
    """Gives an epoch's images part by part; the next part is prepared in a thread while one is learnt from."""

    def __init__(
        self,
        digits: Digits,
        augmentation: Augmentation,
        seed: int,
        epoch: int,
        disturbance: float = 0,
        teacher: Classifier | None = None,
    ) -> None:
        """The order and the variations are functions of seed and epoch, so that a resumed run repeats them.

        `disturbance` is the share of images that is disturbed; `teacher` is asked of each image as it is learnt from.
        """
        self._teacher = teacher
        self._digits, self._seed, self._epoch, self._disturbance = digits, seed, epoch, disturbance
        self._order: Indices = epoch_order(len(digits), seed, epoch)
        self._warps: Warps | None = draw_warps(augmentation, len(digits), seed, epoch) if augmentation.active else None

    def __len__(self) -> int:
        """The number of images."""
        return len(self._order)

    def parts(self, size: "Size") -> Iterator[LoadedChunk]:
        """All images in order; `size.images` is asked before each part how many it shall have."""
        with ThreadPoolExecutor(1) as hands:
            start, coming = 0, self._coming(hands, 0, size.images)
            while coming is not None:
                part = coming.result()
                start += len(part.labels)
                coming = self._coming(hands, start, size.images)
                yield part

    def _coming(self, hands: ThreadPoolExecutor, start: int, images: int) -> "Future[LoadedChunk] | None":
        return hands.submit(self._part, slice(start, start + images)) if start < len(self) else None

    def _part(self, where: slice) -> LoadedChunk:
        chosen = self._order[where]
        images = self._digits.images[chosen]
        if self._warps is not None:
            images = augment(images, self._warps.take(where))
        if self._disturbance:
            chances = draw_chances(self._seed, self._epoch, where.start, len(images))
            images = disturb(images, self._disturbance, chances)
        told = self._teacher.probabilities(images) if self._teacher else UNTOLD
        return LoadedChunk(scale_to_input(images), self._digits.labels[chosen].astype(np.int32), told)


class Size:
    """How many images a part shall have; the trainer changes it as it learns how quick it is."""

    def __init__(self, images: int) -> None:
        """Begin with `images`."""
        self.images = images


def make_augmentation(spec: RunSpec) -> Augmentation:
    """The variations that a spec asks for."""
    return Augmentation(
        rotation=spec.rotation,
        shift=spec.shift,
        zoom=spec.zoom,
        shear=spec.shear,
        elastic=spec.elastic,
        thickness=spec.thickness,
    )
