"""`predict FILE.csv`: every row of a table is an image, whether its label is known or not."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from mnist_dash.arrays import Bytes, Images, Indices, Labels
from mnist_dash.data.dataset import SIDE
from mnist_dash.data.io import csv_files
from mnist_dash.data.io.normalising import centre, find_polarity, make_ink_light, make_room
from mnist_dash.data.io.readers import find_reader
from mnist_dash.data.progress import Progress, silent, tell_share, within
from mnist_dash.errors import ImageError
from mnist_dash.sketch import image_files

SUBMISSION = "ImageId,Label"
"""The header of what Kaggle's competition "Digit Recognizer" is handed."""
_READ = 0.7
"""The share of the work that reading is; centring, where it is needed, is the rest."""


@dataclass(frozen=True, slots=True, eq=False)
class TableImages:
    """What a table holds: 28×28 images as MNIST's, and which rows, from 0, they are of; all `labels` where it has any.

    Rows without ink have no image.
    """

    images: Images
    rows: Indices
    count: int
    labels: Labels | None
    notes: tuple[str, ...]


def is_table_file(path: Path) -> bool:
    """Whether a file is a table by its content and no picture by its name; raises DataError where it cannot be read."""
    return path.suffix.lower() not in image_files.SUFFIXES and find_reader(path) is csv_files.READER


def read_table_images(path: Path, *, as_is: bool, progress: Progress = silent) -> TableImages:
    """The images of a table, white on black; others than 28×28 are cut out, scaled and centred, as in an import.

    Raises DataError where the table is wrong, ImageError where images are to be taken `as_is` and are not 28×28.
    """
    found = csv_files.read_csv_images(path, within(progress, 0, _READ))
    height, width = found.images.shape[1:]
    if as_is and (height, width) != (SIDE, SIDE):
        raise ImageError(f"The rows of {path} are images of {width}×{height}; with --as-is they must be 28×28.")
    if (height, width) == (SIDE, SIDE):
        images = found.images if as_is else make_ink_light(found.images, find_polarity([found.images]))
        return TableImages(images, np.arange(len(images)), len(images), found.labels, found.notes)
    images, rows = _centre_all(found.images, within(progress, _READ, 1))
    return TableImages(images, rows, len(found.images), found.labels, found.notes)


def _centre_all(grey: Bytes, progress: Progress) -> tuple[Images, Indices]:
    images, kept, polarity = make_room(len(grey)), np.zeros(len(grey), bool), find_polarity([grey])
    told = f"Centring {len(grey):,} digits"
    for at, image in enumerate(tell_share(grey, len(grey), partial(progress, told))):
        made = centre(Image.fromarray(image), polarity)
        if made is not None:
            images[at], kept[at] = made, True
    return images[kept], np.flatnonzero(kept)


def write_submission(digits: Indices) -> bytes:
    """The digits of all rows (n,) as Kaggle takes them: rows are counted from 1."""
    lines = (f"{row},{digit}" for row, digit in enumerate(digits.tolist(), 1))
    return "\n".join([SUBMISSION, *lines, ""]).encode()
