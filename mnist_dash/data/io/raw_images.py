"""Labelled images as arrays came with them: of any one size, in 0 to 255, before they become MNIST's 28×28.

Rows, IDX and NPZ files may hold other sides, colours and scales than MNIST's; nothing about them is guessed image
by image, for all images of a set were made alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from pathlib import Path

import numpy as np

from mnist_dash.arrays import AnyNumbers, Bytes, Labels, Writers
from mnist_dash.data.dataset import CLASSES, check_labels, check_writers
from mnist_dash.data.io.limits import MAX_IMAGES, MAX_SIDE
from mnist_dash.data.io.normalising import describe_stretch, find_stretch
from mnist_dash.data.io.pen_trajectories import NOTE, are_trajectories, draw_trajectories
from mnist_dash.data.progress import Progress, silent, within
from mnist_dash.errors import DataError

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""How bright red, green and blue look (ITU-R BT.601)."""
CHUNK = 4_000

Files = tuple[Path, ...]
"""The files of a set in the order in which they are read, the training split's first."""


@dataclass(frozen=True, slots=True, eq=False)
class RawImages:
    """Images (n, h, w) uint8, labels (n,) uint8, writers (n,) or None; raises DataError where they do not fit."""

    images: Bytes
    labels: Labels
    writers: Writers | None = None

    def __post_init__(self) -> None:
        """Refuse what can never become digits."""
        if self.images.dtype != np.uint8 or self.images.ndim != 3 or max(self.images.shape[1:]) > MAX_SIDE:
            raise DataError(
                f"The images are {self.images.dtype} of shape {self.images.shape}; allowed are up to 512×512 grey "
                "values, (n, height, width)."
            )
        if len(self.images) > MAX_IMAGES:
            raise DataError(f"There are {len(self.images):,} images; allowed are {MAX_IMAGES:,}. Import a part.")
        check_labels(self.labels, len(self.images))
        if self.writers is not None:
            check_writers(self.writers, len(self.images))

    def __len__(self) -> int:
        """The number of images."""
        return len(self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class RawDataset:
    """Both splits of a source, without a test split where it has none, and how it came.

    `notes` say what was done to its values or files, `left_out` of each file that was not taken why. Whoever knows the
    source adds its `format` in words and the `sizes` of its images; `centred` images are MNIST's already.
    """

    train: RawImages
    test: RawImages | None
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    format: str = ""
    sizes: str = ""
    centred: bool = False


def combine_pairs(
    path: Path,
    pairs: Sequence[tuple[AnyNumbers, AnyNumbers]],
    writers: Sequence[Writers | None] = (None, None),
    progress: Progress = silent,
) -> RawDataset:
    """Images and labels of one split or of both, of any side, colour and scale; `path` is for errors.

    Images may be (n, h, w), (n, h, w, channels), (n, channels, h, w) or rows (n, k) of a square; labels numbers or
    their words, (n,), (n, 1) or one-hot (n, 10). `writers` says who wrote each, where that is known.
    Pen coordinates are drawn, of which `progress` hears. Raises DataError.
    """
    try:
        parts = [within(progress, at / len(pairs), (at + 1) / len(pairs)) for at in range(len(pairs))]
        images = [_grey(_squared(images, part)) for (images, _), part in zip(pairs, parts, strict=True)]
        factor = _factor(images)
        splits = [
            RawImages(_scaled(x, factor), decode_labels(y), known)
            for x, (_, y), known in zip(images, pairs, writers, strict=False)
        ]
    except DataError as e:
        raise DataError(f"{path}: {e}") from e
    if len({split.images.shape[1:] for split in splits}) > 1:
        raise DataError(f"{path}: training and test images are of different sizes. Make them of one size.")
    note = (describe_stretch(factor),) if factor != 1 else ()
    drawn = (NOTE,) if any(are_trajectories(rows) for rows, _ in pairs) else ()
    return RawDataset(splits[0], splits[1] if len(splits) > 1 else None, (*note, *drawn))


def _squared(images: AnyNumbers, progress: Progress) -> AnyNumbers:
    """Rows of pixels (n, k) as square images; those of pen coordinates are drawn."""
    if are_trajectories(images):
        return draw_trajectories(images, progress)
    side = isqrt(images.shape[1]) if images.ndim == 2 else 0
    return images.reshape(-1, side, side) if side and side * side == images.shape[1] else images


def _grey(images: AnyNumbers) -> AnyNumbers:
    """Images (n, h, w) of those with channels, last or first: grey, colour, or colour with transparency."""
    if images.ndim != 4:
        return images
    if images.shape[3] not in (1, 3, 4) and images.shape[1] in (1, 3):
        images = np.moveaxis(images, 1, 3)
    if images.shape[3] == 1:
        return images[..., 0]
    if images.shape[3] not in (3, 4):
        raise DataError(f"The images are of shape {images.shape}; allowed are 1, 3 or 4 channels, last or first.")
    chunks = (images[at : at + CHUNK, ..., :3] @ LUMA for at in range(0, len(images), CHUNK))
    grey = np.concatenate(list(chunks)) if len(images) else images[..., 0]
    return grey if images.dtype.kind == "f" else np.rint(grey)


def _factor(sets: list[AnyNumbers]) -> float:
    """What all values are multiplied with."""
    spans = [(images.min(), images.max()) for images in sets if images.size and images.dtype.kind in "iufb"]
    if not spans:
        return 1
    low, high = min(float(span[0]) for span in spans), max(float(span[1]) for span in spans)
    if not (low >= 0 and high <= 255):
        raise DataError(f"The values run from {low:g} to {high:g}; allowed are 0 to 1 or 0 to 255.")
    return find_stretch(high)


def check_one_scale(names: Sequence[str], sets: Sequence[AnyNumbers]) -> None:
    """Refuse one part as shares of ink and another as grey values, of which the first would become blank.

    `names` says what each part is called; raises DataError.
    """
    highest = [float(images.max(initial=0)) if images.dtype.kind in "iufb" else 0.0 for images in sets]
    if min(highest) <= 1 < max(highest):
        told = " and ".join(f"{name} up to {high:g}" for name, high in zip(names, highest, strict=True))
        every = "both" if len(highest) == 2 else "all"
        raise DataError(
            f"The values go in {told}; {every} must be of one scale, 0 to 1 or 0 to 255. Rewrite one of them."
        )


def _scaled(images: AnyNumbers, factor: float) -> AnyNumbers:
    if images.dtype == np.uint8 and factor == 1:
        return images
    if images.dtype.kind not in "iufb":
        return images
    scaled = np.empty(images.shape, np.uint8)
    for at in range(0, len(images), CHUNK):
        scaled[at : at + CHUNK] = np.rint(images[at : at + CHUNK] * np.float32(factor))
    return scaled


def decode_labels(labels: AnyNumbers) -> AnyNumbers:
    """Labels (n,) of whole numbers of any type or their words, (n,), (n, 1) or (1, n), or of one-hot rows (n, 10)."""
    if labels.ndim == 2 and 1 in labels.shape:
        labels = labels.reshape(-1)
    if labels.ndim == 2 and labels.shape[1] == CLASSES:
        labels = _decode_one_hot(labels)
    if labels.dtype.kind in "US":
        labels = _parse_labels(labels)
    if labels.dtype.kind not in "iuf" or not labels.size:
        return labels
    low, high = labels.min(), labels.max()
    if not (low >= 0 and high <= 255 and (labels == np.rint(labels)).all()):
        raise DataError(f"The labels run from {low:g} to {high:g}; allowed are the digits 0 to 9.")
    return labels.astype(np.uint8, copy=False)


def _decode_one_hot(rows: AnyNumbers) -> AnyNumbers:
    if rows.dtype.kind not in "iufb" or not (((rows == 0) | (rows == 1)).all() and (rows.sum(axis=1) == 1).all()):
        raise DataError(
            f"The labels are {rows.dtype} of shape {rows.shape}, but no one-hot rows: each must have a single 1 among "
            "zeros. Save the digit of each image, numpy.argmax(y, axis=1) for example."
        )
    found: AnyNumbers = rows.argmax(axis=1)
    return found


def _parse_labels(labels: AnyNumbers) -> AnyNumbers:
    words = np.unique(labels)
    try:
        numbers = np.array([float(word) for word in words.tolist()])
    except ValueError:
        first = ", ".join(repr(str(word)[:20]) for word in words[:3].tolist())
        raise DataError(f"The labels are words such as {first}; allowed are the digits 0 to 9, as words too.") from None
    found: AnyNumbers = numbers[np.searchsorted(words, labels)]
    return found
