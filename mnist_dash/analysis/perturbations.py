"""Small changes to one image, and what a classifier answers to each: what explanations are drawn from.

Without gradients, so that whatever answers can be explained. Ink is wiped off square patches, as in the occlusion of
Zeiler and Fergus, "Visualizing and understanding convolutional networks" (2014), and put on paper too: what is not
there often says as much about a digit as what is.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Float64s, Image, Images, Mask, Probabilities
from mnist_dash.data.dataset import SIDE
from mnist_dash.models.classifier import Classifier

INK = 64
"""A pixel that is at least this dark counts as ink."""
PAPER, FULL = np.uint8(0), np.uint8(255)
_FAINTEST = 1e-30
"""The least probability that is told from none; single precision has little below."""


@dataclass(frozen=True, slots=True)
class _Tuning:
    """Where an image is changed, and by how much.

    No script of the choosing was kept; `benchmarks.why` measures the time that the answers take, and whether the
    evidence is true.
    """

    # Pixels from the middle of a patch to its rim: dabs are 3×3, …
    dab: int = 1
    # … wide patches 5×5, …
    wide: int = 2
    # … and so many of these are tried at most.
    most_wide: int = 160
    # Pixels from one dab to the next.
    step: int = 2
    # Pixels around the digit's box in which dabs are tried too.
    margin: int = 2
    # Ink, of 255 a pixel, that a dab must change to be tried.
    least: int = 96


_TUNED = _Tuning()


@dataclass(frozen=True, slots=True, eq=False)
class Perturbations:
    """An `image`, changed versions of it (n, 28, 28), and the answers (10,) and (n, 10) to them.

    The first `dabs` of them are what a pen or an eraser could do at one point; in the others ink is wiped off a wider
    patch.
    """

    image: Image
    before: Probabilities
    changed: Images
    answers: Probabilities
    dabs: int

    @property
    def digit(self) -> int:
        """What is read in the image."""
        return int(self.before.argmax())


def perturb(model: Classifier, image: Image) -> Perturbations:
    """Ask the model about an image (28, 28) and some 300 changed versions of it, in one batch."""
    small, wide = draw_dabs(image), _wiped(image, _thinned(np.argwhere(image >= INK)), _TUNED.wide)
    changed = np.concatenate([small, wide])
    answers = model.probabilities(np.concatenate([image[np.newaxis], changed]))
    return Perturbations(image, answers[0], changed, answers[1:], len(small))


def draw_dabs(image: Image) -> Images:
    """The image (28, 28) with ink wiped off, or put on, at each of the points of a grid over the digit: (n, 28, 28)."""
    points = _grid(_box(image))
    tried = np.concatenate([_wiped(image, points, _TUNED.dab), _inked(image, points, _TUNED.dab)])
    change = np.abs(tried.astype(np.int16) - image).sum(axis=(1, 2))
    return np.asarray(tried[change >= _TUNED.least])


def log_odds(probabilities: Probabilities, digit: int) -> Float64s:
    """How much likelier a digit is than all others together (n,), as the logarithm of that ratio.

    Unlike a probability (n, 10) it still tells near certainty from nearer certainty.
    """
    shares = np.maximum(probabilities.astype(np.float64), _FAINTEST)
    return np.asarray(np.log(shares[:, digit]) - np.log(np.delete(shares, digit, axis=1).sum(axis=1)))


def draw_waves(count: int) -> tuple[Float64s, Float64s]:
    """The waves (n, 28, 28) of a cosine transform that are coarser than the one of `count`, each of length 1.

    Beside them how fine (n,) each one is, 0 where it is flat.
    """
    numbers, places = np.arange(count), np.arange(SIDE)
    lines = np.cos(np.pi * (places + 0.5) * numbers[:, np.newaxis] / SIDE)
    lines /= np.linalg.norm(lines, axis=1, keepdims=True)
    fineness = np.hypot(numbers, numbers[:, np.newaxis]).ravel()
    coarse = fineness < count
    waves = np.einsum("ur,vc->uvrc", lines, lines).reshape(-1, SIDE, SIDE)[coarse]
    return waves, fineness[coarse]


def _box(image: Image) -> tuple[slice, slice]:
    """Rows and columns of the digit and a margin; of all the image where there is no ink."""
    spans = (np.flatnonzero((image >= INK).any(axis=axis)) for axis in (1, 0))
    first, last = zip(*((span[0], span[-1]) if len(span) else (0, SIDE - 1) for span in spans), strict=True)
    rows, columns = (
        slice(max(0, low - _TUNED.margin), min(SIDE, high + 1 + _TUNED.margin))
        for low, high in zip(first, last, strict=True)
    )
    return rows, columns


def _grid(box: tuple[slice, slice]) -> npt.NDArray[np.intp]:
    rows, columns = (np.arange(side.start, side.stop, _TUNED.step) for side in box)
    return np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1).reshape(-1, 2)


def _thinned(points: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """At most `most_wide` of the points, evenly: a broad pen leaves many."""
    return points[:: -(-len(points) // _TUNED.most_wide) or 1]


def _wiped(image: Image, points: npt.NDArray[np.intp], reach: int) -> Images:
    return np.where(_patches(points, reach), PAPER, image)


def _inked(image: Image, points: npt.NDArray[np.intp], reach: int) -> Images:
    return np.where(_patches(points, reach), FULL, image)


def _patches(points: npt.NDArray[np.intp], reach: int) -> Mask:
    """(n, 28, 28): a square around each of the points (n, 2)."""
    rows, columns = (np.abs(np.arange(SIDE) - points[:, [axis]]) <= reach for axis in (0, 1))
    return np.asarray(rows[:, :, np.newaxis] & columns[:, np.newaxis, :])
