"""The images of an epoch on their way to the network: in its order, varied if that is wanted, prepared ahead."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.data.augmentation import Augmentation, Warps, augmented, draw
from mnist_dash.data.dataset import Digits, as_input
from mnist_dash.data.split import Index, epoch_order
from mnist_dash.methods.spec import RunSpec

Inputs = npt.NDArray[np.float32]
"""(n, 28, 28, 1) from 0 to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Consecutive images of an epoch with their labels (n,)."""

    images: Inputs
    labels: npt.NDArray[np.int32]


class Feed:
    """Gives an epoch's images part by part; the next part is prepared in a thread while one is learnt from."""

    def __init__(self, digits: Digits, augmentation: Augmentation, seed: int, epoch: int) -> None:
        """The order and the variations are functions of seed and epoch, so that a resumed run repeats them."""
        self._digits = digits
        self._order: Index = epoch_order(len(digits), seed, epoch)
        self._warps: Warps | None = draw(augmentation, len(digits), seed, epoch) if augmentation.active else None

    def __len__(self) -> int:
        """The number of images."""
        return len(self._order)

    def parts(self, size: "Size") -> Iterator[Part]:
        """All images in order; `size.images` is asked before each part how many it shall have."""
        with ThreadPoolExecutor(1) as hands:
            start, coming = 0, self._coming(hands, 0, size.images)
            while coming is not None:
                part = coming.result()
                start += len(part.labels)
                coming = self._coming(hands, start, size.images)
                yield part

    def _coming(self, hands: ThreadPoolExecutor, start: int, images: int) -> "Future[Part] | None":
        return hands.submit(self._part, slice(start, start + images)) if start < len(self) else None

    def _part(self, where: slice) -> Part:
        chosen = self._order[where]
        images = self._digits.images[chosen]
        if self._warps is not None:
            images = augmented(images, self._warps.take(where))
        return Part(as_input(images), self._digits.labels[chosen].astype(np.int32))


class Size:
    """How many images a part shall have; the trainer changes it as it learns how quick it is."""

    def __init__(self, images: int) -> None:
        """Begin with `images`."""
        self.images = images


def augmentation_of(spec: RunSpec) -> Augmentation:
    """The variations that a spec asks for."""
    return Augmentation(
        rotation=spec.rotation,
        shift=spec.shift,
        zoom=spec.zoom,
        shear=spec.shear,
        elastic=spec.elastic,
        thickness=spec.thickness,
    )
