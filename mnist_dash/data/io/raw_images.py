"""Labelled images as arrays came with them: of any one size, in 0 to 255, before they become MNIST's 28×28.

Rows, IDX and NPZ files may hold other sides, colours and scales than MNIST's; nothing about them is guessed image
by image, for all images of a set were made alike.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isqrt
from pathlib import Path

import numpy as np

from mnist_dash.arrays import AnyNumbers, Bytes, Labels, Writers
from mnist_dash.data.dataset import check_labels, check_writers
from mnist_dash.data.io.archive import open_archive
from mnist_dash.data.io.array_files import read_arrays, read_idx
from mnist_dash.data.io.csv_rows import has_labels, read_table
from mnist_dash.data.io.limits import MAX_ARRAYS, MAX_IMAGES, MAX_SIDE
from mnist_dash.data.io.normalising import describe_stretch, find_stretch
from mnist_dash.data.io.pen_trajectories import NOTE, are_trajectories, draw_trajectories
from mnist_dash.data.progress import Progress, within
from mnist_dash.errors import DataError

TRAIN_NAMES = (("x_train", "y_train"), ("train_images", "train_labels"), ("images", "labels"), ("x", "y"))
TEST_NAMES = (("x_test", "y_test"), ("test_images", "test_labels"))
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
    """Both splits of a source, without a test split where it has none, and what was done to its values."""

    train: RawImages
    test: RawImages | None
    notes: tuple[str, ...] = ()


def read_idx_set(files: Files, _progress: Progress) -> RawDataset:
    """Images and labels of one split or of both; raises DataError with the file that is wrong."""
    pairs = [files[at : at + 2] for at in range(0, len(files), 2)]
    return combine_pairs(files[0], [(read_idx(images, 3), read_idx(labels, 1)) for images, labels in pairs])


def read_npz_set(files: Files, _progress: Progress) -> RawDataset:
    """The arrays of one file; raises DataError with what is wrong."""
    return combine_pairs(files[0], list(_pairs(files[0])))


def read_csv_set(files: Files, progress: Progress) -> RawDataset:
    """The rows of one split or of both; raises DataError with the file and the line that is wrong."""
    labelled = [path for path in files if has_labels(path)]
    if not labelled or labelled[0] != files[0]:
        raise DataError(
            f"{files[0]} has images without labels, and nothing can be learnt from them. Name a file with a column of "
            f"labels too; `mnist-dash predict {files[0].name}` reads such images."
        )
    sizes = [path.stat().st_size for path in labelled]
    pairs: list[tuple[AnyNumbers, AnyNumbers]] = []
    notes: list[str] = []
    for at, path in enumerate(labelled):
        start, end = sum(sizes[:at]) / sum(sizes), sum(sizes[: at + 1]) / sum(sizes)
        table = read_table(path, progress=within(progress, start, end))
        pairs.append((table.pixels, table.labels if table.labels is not None else np.empty(0, np.uint8)))
        notes += [note if len(labelled) == 1 else f"{path.name}: {note}" for note in table.notes]
    _check_one_scale(labelled, pairs)
    ignored = tuple(f"{path.name} has no labels and is not used." for path in files if path not in labelled)
    found = combine_pairs(files[0], pairs)
    return RawDataset(found.train, found.test, (*found.notes, *notes, *ignored))


@dataclass(frozen=True, slots=True, eq=False)
class RowImages:
    """Images (n, h, w) of a table, its labels (n,) or None, and what was done to them."""

    images: Bytes
    labels: Labels | None
    notes: tuple[str, ...]


def read_csv_images(path: Path) -> RowImages:
    """The images of a table with or without labels, as 0 to 255; raises DataError with the line that is wrong."""
    table = read_table(path)
    unknown = np.zeros(len(table.pixels), np.uint8)
    found = combine_pairs(path, [(table.pixels, unknown if table.labels is None else table.labels)])
    return RowImages(found.train.images, table.labels, (*found.notes, *table.notes))


def _check_one_scale(files: list[Path], pairs: list[tuple[AnyNumbers, AnyNumbers]]) -> None:
    """Refuse one split as shares of ink and another as grey values, of which the first would become blank."""
    highest = [float(images.max(initial=0)) for images, _ in pairs]
    if min(highest) <= 1 < max(highest):
        told = " and ".join(f"{path.name} up to {high:g}" for path, high in zip(files, highest, strict=True))
        raise DataError(f"The values go in {told}; both must be of one scale, 0 to 1 or 0 to 255. Rewrite one of them.")


def _pairs(path: Path) -> Iterator[tuple[AnyNumbers, AnyNumbers]]:
    with open_archive(path) as archive:
        size = sum(entry.file_size for entry in archive.entries)
    if size > MAX_ARRAYS:
        raise DataError(f"{path} holds {size:,} bytes; allowed are {MAX_ARRAYS:,}. Save the images as uint8.")
    arrays = {name.lower(): array for name, array in read_arrays(path).items()}
    pair = _named(arrays, TRAIN_NAMES)
    if pair is None:
        raise DataError(
            f"{path} holds {', '.join(arrays)[:200] or 'no arrays'}; needed are x_train and y_train, with x_test and "
            "y_test where there is a test split. Rename the arrays as in Keras' mnist.npz."
        )
    yield pair
    test = _named(arrays, TEST_NAMES)
    if test is not None:
        yield test


def _named(
    arrays: Mapping[str, AnyNumbers], names: tuple[tuple[str, str], ...]
) -> tuple[AnyNumbers, AnyNumbers] | None:
    return next(((arrays[x], arrays[y]) for x, y in names if x in arrays and y in arrays), None)


def combine_pairs(path: Path, pairs: list[tuple[AnyNumbers, AnyNumbers]]) -> RawDataset:
    """Images and labels of one split or of both, of any side, colour and scale; `path` is for errors.

    Images may be (n, h, w), (n, h, w, channels), (n, channels, h, w) or rows (n, k) of a square. Raises DataError.
    """
    try:
        images = [_grey(_squared(images)) for images, _ in pairs]
        factor = _factor(images)
        splits = [RawImages(_scaled(x, factor), _labels(y)) for x, (_, y) in zip(images, pairs, strict=True)]
    except DataError as e:
        raise DataError(f"{path}: {e}") from e
    if len({split.images.shape[1:] for split in splits}) > 1:
        raise DataError(f"{path}: training and test images are of different sizes. Make them of one size.")
    note = (describe_stretch(factor),) if factor != 1 else ()
    drawn = (NOTE,) if any(are_trajectories(rows) for rows, _ in pairs) else ()
    return RawDataset(splits[0], splits[1] if len(splits) > 1 else None, (*note, *drawn))


def _squared(images: AnyNumbers) -> AnyNumbers:
    """Rows of pixels (n, k) as square images; those of pen coordinates are drawn."""
    if are_trajectories(images):
        return draw_trajectories(images)
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


def _scaled(images: AnyNumbers, factor: float) -> AnyNumbers:
    if images.dtype == np.uint8 and factor == 1:
        return images
    if images.dtype.kind not in "iufb":
        return images
    scaled = np.empty(images.shape, np.uint8)
    for at in range(0, len(images), CHUNK):
        scaled[at : at + CHUNK] = np.rint(images[at : at + CHUNK] * np.float32(factor))
    return scaled


def _labels(labels: AnyNumbers) -> AnyNumbers:
    """Labels (n,) of (n,) or (n, 1) whole numbers of any type."""
    labels = labels[:, 0] if labels.ndim == 2 and labels.shape[1] == 1 else labels
    if labels.dtype.kind not in "iuf" or not labels.size:
        return labels
    low, high = labels.min(), labels.max()
    if not (low >= 0 and high <= 255 and (labels == np.rint(labels)).all()):
        raise DataError(f"The labels run from {low:g} to {high:g}; allowed are the digits 0 to 9.")
    return labels.astype(np.uint8, copy=False)
