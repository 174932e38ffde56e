"""Whatever digits somebody has become a data set, together with what was understood of them."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from mnist_dash.arrays import GreyBytes
from mnist_dash.data.dataset import SIDE, Dataset, Digits
from mnist_dash.data.io.discovery import Holdout, complete_splits, join_splits
from mnist_dash.data.io.normalising import (
    Fit,
    Polarity,
    centre,
    check_share,
    find_polarity,
    is_ink_dark,
    make_ink_light,
    make_room,
)
from mnist_dash.data.io.orientation import Ask, Orientation, Suspicion, put_upright, suspect_orientation
from mnist_dash.data.io.raw_images import RawDataset, RawImages
from mnist_dash.data.io.sources import READ, ReadingOptions, read_sources
from mnist_dash.data.present_digits import find_missing
from mnist_dash.data.progress import Progress, silent, within
from mnist_dash.errors import DataError

FIRST = 5
"""Reasons that are told, of all those why files were left out."""
STEP = 500
"""Images between two reports of progress."""
UNNAMED = "unnamed"
"""What a set is called until a person names it."""


@dataclass(frozen=True, slots=True, eq=False)
class ImportReport:
    """A data set and how its source was understood.

    `format` in words · `polarity` as found, `auto` where each picture was asked by itself · `fit` and `orientation` as
    used · `suspicion` that they lie otherwise · `sizes` of the images as they came · `missing` digits, of which there
    is no image · `left_out` files or images that were not taken, with the first `reasons` · `notes` on what else was
    done.
    """

    dataset: Dataset
    format: str
    polarity: Polarity
    fit: Fit
    sizes: str
    missing: tuple[int, ...] = ()
    left_out: int = 0
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    orientation: Orientation = Orientation.AS_IS
    suspicion: Suspicion | None = None


def read_dataset(
    paths: Sequence[Path],
    options: ReadingOptions | None = None,
    progress: Progress = silent,
    scratch: Path | None = None,
    ask: Ask | None = None,
) -> ImportReport:
    """The digits in a folder, a file, or several files that belong together; `scratch` is an empty folder.

    Where the source has no test split, the last seventh of each digit is held out as one, unless the holdout is
    `none`: then all images are for training. `ask` is a model that judges how the digits lie, where nobody has said
    it. Raises DataError with what came and what is allowed; nothing is written outside `scratch`.
    """
    if scratch is None:
        with tempfile.TemporaryDirectory(prefix="mnist-dash-") as made:
            return read_dataset(paths, options, progress, Path(made), ask)
    asked = options or ReadingOptions()
    found = _put_upright(read_sources(paths, asked, progress, scratch), asked.orientation)
    polarity, fit = _decided(found, asked)
    done = within(progress, READ, 1)
    train, missed = _fitted(found.train, polarity, fit, found.centred, done)
    test, missed_too = _fitted(found.test, polarity, fit, found.centred, done) if found.test else (None, ())
    left_out = (*found.left_out, *missed, *missed_too)
    dataset = _dataset(paths, train, test, asked.holdout)
    missing, told = find_missing(dataset), left_out[:FIRST]
    suspicion = suspect_orientation(dataset, ask) if ask and asked.orientation is Orientation.AS_IS else None
    return ImportReport(
        *(dataset, found.format, polarity, fit, found.sizes, missing, len(left_out), told),
        notes=(*found.notes, *_tell_mixture(found, polarity), *_tell_joined(test, asked.holdout)),
        orientation=asked.orientation,
        suspicion=suspicion,
    )


def _decided(found: RawDataset, asked: ReadingOptions) -> tuple[Polarity, Fit]:
    """What is said by nobody is seen in the images of both splits together."""
    if found.centred:
        return asked.polarity, Fit.CENTRE
    is_mnist = found.train.images.shape[1:] == (SIDE, SIDE)
    if asked.fit is Fit.AS_IS and not is_mnist:
        raise DataError(
            f"The images have {found.sizes} pixels; taken as they are, they must have 28×28. Choose the fit auto or "
            "centre to have digits cut out, scaled and centred."
        )
    fit = Fit.AS_IS if is_mnist and asked.fit is not Fit.CENTRE else Fit.CENTRE
    if asked.polarity is not Polarity.AUTO:
        return asked.polarity, fit
    return find_polarity(split.images for split in (found.train, found.test) if split), fit


def _put_upright(found: RawDataset, orientation: Orientation) -> RawDataset:
    """The images upright; those that are centred were put so before."""
    if found.centred:
        return found
    train, test = (
        None if split is None else replace(split, images=put_upright(split.images, orientation))
        for split in (found.train, found.test)
    )
    assert train is not None  # noqa: S101 # there always is a training split
    return replace(found, train=train, test=test)


def _tell_mixture(found: RawDataset, polarity: Polarity) -> Iterator[str]:
    """How many images are of which polarity, where each was judged by itself."""
    if polarity is Polarity.AUTO and not found.centred:
        images = [split.images for split in (found.train, found.test) if split]
        dark, count = sum(int(is_ink_dark(each).sum()) for each in images), sum(map(len, images))
        yield f"Ink is light in {count - dark:,} images and dark in {dark:,}: each was judged by its border."


def _fitted(
    pile: RawImages, polarity: Polarity, fit: Fit, is_done: bool, progress: Progress
) -> tuple[Digits, Sequence[str]]:
    """A split as 28×28, white on black, and why some of its images are missing."""
    if is_done:
        return Digits(pile.images, pile.labels, pile.writers), ()
    light = replace(pile, images=make_ink_light(pile.images, polarity))
    if fit is Fit.AS_IS:
        return Digits(light.images, pile.labels, pile.writers), ()
    images, kept = make_room(len(pile)), np.zeros(len(pile), bool)
    for at, image in _centred(light, progress):
        images[at], kept[at] = image, True
    empty = np.flatnonzero(~kept)
    check_share(len(empty), len(pile), "an image without ink")
    missed = [f"Image {at:,}: There is no ink in it." for at in empty]
    return Digits(images, pile.labels, pile.writers).take(kept), missed


def _centred(pile: RawImages, progress: Progress) -> Iterator[tuple[int, GreyBytes]]:
    for at, grey in enumerate(pile.images):
        if at % STEP == 0:
            progress(f"Centring {len(pile):,} digits", at / len(pile))
        image = centre(Image.fromarray(grey), Polarity.INK_IS_LIGHT)
        if image is not None:
            yield at, image


def _tell_joined(test: Digits | None, holdout: Holdout) -> Iterator[str]:
    """How many test images of the source became training images."""
    if test is not None and len(test) and holdout is Holdout.NONE:
        yield f"The {len(test):,} test images became training images."


def _dataset(paths: Sequence[Path], train: Digits, test: Digits | None, holdout: Holdout) -> Dataset:
    names = ", ".join(path.name for path in paths)[:200]
    divide = join_splits if holdout is Holdout.NONE else complete_splits
    loaded = divide(Path(names), train, test)
    return Dataset(name=UNNAMED, train=loaded.train, test=loaded.test, origin=names, notice=loaded.notice)
