"""Sets of digits by many hands, and of what is no digit, each as the 28×28 images that the program makes of it.

Pen strokes of people at four institutions (UNIPEN, `../shared/pen`) are drawn on the sheet of the page Sketch; pictures
of other people's digits (UCI, kensanata/numbers) and letters (Omniglot), `../shared/hands`, are opened as `predict` and
an import do; MNIST's test images are taken as they are, and as MNIST-C corrupts them.
"""

import gzip
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.real_photos import HANDS
from mnist_dash.arrays import Images, Ink, Labels, Mask
from mnist_dash.data.corruptions.mnist_c import Corruption, corrupt
from mnist_dash.data.dataset import SIDE, Digits
from mnist_dash.data.reader_set.redrawing import draw_on_sheet, draw_placements
from mnist_dash.data.reader_set.strangers import KINDS, draw_strangers
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.settings import Settings
from mnist_dash.sketch import image_files
from mnist_dash.sketch.ink import PHOTO_SIDE, read_ink
from mnist_dash.sketch.mnist_preprocessing import preprocess
from mnist_dash.sketch.striking import is_struck_through

STROKES = HANDS.parent / "pen" / "strokes.jsonl.gz"
SEED = 0
STRANGERS = 1_000
"""Sheets of each kind that the generator's pen writes."""
OMNIGLOT = 4
"""Of the twenty people who wrote each of its letters, every so many-th: a picture of that size takes 50 ms to open."""
DOUBLE = frozenset({2803, 2830, 2832, 2834, 2836, 2839, 2852, 2853, 3280})
"""Of the pen strokes, those in which several digits stand, such as 00 or 66, under the label of one: looked at."""
QUICK = 10
"""A quick run takes every so many-th digit."""


class Kind(StrEnum):
    """Where digits come from; each set is of one kind."""

    PEN = "pen"
    PICTURES = "pictures"
    MNIST = "mnist"
    CORRUPTED = "mnist_c"
    NO_DIGIT = "no_digit"


@dataclass(frozen=True, slots=True, eq=False)
class HandSet:
    """Images (n, 28, 28) by one hand or of one kind, blank where the program finds no ink in them.

    `labels` (n,) are 0 where there is no digit; `drawn` are the n sheets as the page Sketch has them, None where
    nothing is drawn; `struck` (n,) have a straight stroke through them, None where no ink is seen.
    """

    kind: Kind
    name: str
    images: Images
    labels: Labels
    drawn: Sequence[Ink] | None = None
    struck: Mask | None = None


def load_hand_sets(*, quick: bool = False) -> Iterator[HandSet]:
    """All sets, one after the other; `quick` for a sample of each."""
    step = QUICK if quick else 1
    yield from _load_pen(step)
    for name in ("optdigits_tra", "optdigits_windep"):
        with np.load(HANDS / f"{name}.npz") as file:
            pictures = [Image.fromarray(image) for image in file["images"][::step]]
            yield _of_pictures(Kind.PICTURES, name, pictures, file["labels"][::step])
    labels, pictures = _open_archive(HANDS / "paper_digits.zip", step)
    yield _of_pictures(Kind.PICTURES, "paper_digits", pictures, labels)
    test = open_dataset(Settings.from_environment(os.environ), "mnist").test.take(slice(None, None, step))
    yield HandSet(Kind.MNIST, "test_images", test.images, test.labels)
    yield from _corrupt_all(test)
    for kind in sorted(KINDS.keys() - {"letters_all"}):
        images = draw_strangers(kind, STRANGERS // step, SEED)
        yield HandSet(Kind.NO_DIGIT, kind, images, np.zeros(len(images), np.uint8))
    labels, pictures = _open_archive(HANDS / "omniglot_small1.zip", OMNIGLOT * step)
    yield _of_pictures(Kind.NO_DIGIT, "omniglot", pictures, labels)


def read_strokes() -> list[dict[str, Any]]:
    """All digits written with a pen: the `label`, the `donor`, and `strokes` of points."""
    with gzip.open(STROKES, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _load_pen(step: int) -> Iterator[HandSet]:
    """Each digit once, so that intervals count every digit once, too."""
    rows = read_strokes()
    written = draw_placements(len(rows), SEED)
    for donor in sorted({row["donor"] for row in rows}):
        chosen = [i for i, row in enumerate(rows) if row["donor"] == donor and i not in DOUBLE][::step]
        inks = [
            draw_on_sheet(
                [np.asarray(stroke, float) for stroke in rows[i]["strokes"]],
                written.pen[i],
                written.side[i],
                written.corner[i],
            )
            for i in chosen
        ]
        yield _of_inks(Kind.PEN, donor, inks, np.array([rows[i]["label"] for i in chosen], np.uint8), inks)


def _preprocess(ink: Ink) -> Images:
    made = preprocess(ink)
    return made.image if made else np.zeros((SIDE, SIDE), np.uint8)


def _of_pictures(kind: Kind, name: str, pictures: Iterable[Image.Image], labels: Labels) -> HandSet:
    return _of_inks(kind, name, map(read_ink, pictures), labels)


def _of_inks(kind: Kind, name: str, inks: Iterable[Ink], labels: Labels, drawn: Sequence[Ink] | None = None) -> HandSet:
    images, struck = zip(*((_preprocess(ink), is_struck_through(ink)) for ink in inks), strict=True)
    return HandSet(kind, name, np.stack(images), labels, drawn, np.array(struck))


def _open_archive(path: Path, step: int) -> tuple[Labels, list[Image.Image]]:
    """The pictures of a ZIP in their order, and the digit that their folder is named after, 0 where it is none."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".png")][::step]
        pictures = [image_files.read_image(io.BytesIO(archive.read(name)), PHOTO_SIDE) for name in names]
    folders = [PurePosixPath(name).parent.name for name in names]
    return np.array([int(folder) if folder.isdecimal() else 0 for folder in folders], np.uint8), pictures


def _corrupt_all(test: Digits) -> Iterator[HandSet]:
    for corruption in Corruption:
        images = corrupt(test.images, corruption, np.random.default_rng(SEED))
        yield HandSet(Kind.CORRUPTED, corruption, images, test.labels)
