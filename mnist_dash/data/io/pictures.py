"""Digits in picture files of any size and kind: decoded one by one, and what cannot be read is left out and told."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from mnist_dash.arrays import GreyBytes
from mnist_dash.data.dataset import SIDE
from mnist_dash.data.io.folders import File, Picture
from mnist_dash.data.io.limits import MAX_IMAGES, MAX_PIXELS
from mnist_dash.data.io.normalising import (
    Fit,
    Polarity,
    centre,
    check_share,
    describe_stretch,
    find_stretch,
    make_room,
)
from mnist_dash.data.io.orientation import Orientation, put_picture_upright
from mnist_dash.data.io.raw_images import RawDataset, RawImages
from mnist_dash.data.progress import Progress
from mnist_dash.errors import DataError, ImageError
from mnist_dash.sketch import image_files
from mnist_dash.sketch.ink import put_on_paper

STEP = 50
"""Pictures between two reports of progress."""

MNIST_SIZE = (SIDE, SIDE)


def read_pictures(
    pictures: Sequence[Picture],
    fit: Fit,
    polarity: Polarity,
    progress: Progress,
    orientation: Orientation = Orientation.AS_IS,
) -> RawDataset:
    """All pictures in their order: as they are where each has 28×28 pixels, otherwise each through the procedure.

    Those that go through it are put upright before. Where no picture has a value above 16, all are stretched. Raises
    DataError where `fit` asks for as-is and a picture has another size, where more than a tenth cannot be read, and
    where all of them together are too many or too large.
    """
    if len(pictures) > MAX_IMAGES:
        raise DataError(f"There are {len(pictures):,} pictures; allowed are {MAX_IMAGES:,}. Import a part of them.")
    reader = _PictureReader(pictures, polarity, orientation, progress)
    if fit is not Fit.CENTRE:
        found = reader.read(as_is=True)
        if found is not None:
            return found
        if fit is Fit.AS_IS:
            raise DataError(
                f"Not all pictures have 28×28 pixels: {reader.odd}. Taken as they are, they must; choose the fit "
                "auto or centre to have digits cut out, scaled and centred."
            )
    made = reader.read(as_is=False)
    assert made is not None  # noqa: S101 # only as they are can pictures be of a wrong size
    return made


@dataclass(slots=True)
class _PictureReader:
    """Goes through the pictures, and knows what was seen and left out of them so far."""

    pictures: Sequence[Picture]
    polarity: Polarity
    orientation: Orientation
    progress: Progress
    odd: str = ""
    pixels: int = 0
    highest: int = 0
    stretch: float = 1
    sizes: set[tuple[int, int]] = field(default_factory=set)
    left_out: list[str] = field(default_factory=list)

    def read(self, *, as_is: bool) -> RawDataset | None:
        """All pictures, or None as soon as one is not 28×28 that is to be taken as it is."""
        self.sizes, self.left_out, self.pixels = set(), [], 0
        images, kept = make_room(len(self.pictures)), np.zeros(len(self.pictures), bool)
        for at, image in self._decoded():
            if as_is and image.size != MNIST_SIZE:
                self.odd = f"{self.pictures[at].file.name} has {_size(image.size)}"
                return None
            image = self._stretched(image)
            made = read_grey_levels(image) if as_is else self._centred(self.pictures[at].file, image)
            if made is not None:
                images[at], kept[at] = made, True
        if self.stretch == 1 and self.highest > 0 and find_stretch(self.highest) != 1:
            # Known only now that all have been seen.
            self.stretch = find_stretch(self.highest)
            return self.read(as_is=as_is)
        check_share(len(self.left_out), len(self.pictures), self.left_out[0] if self.left_out else "")
        labels = np.array([picture.label for picture in self.pictures], np.uint8)
        test = np.array([picture.test for picture in self.pictures], bool)
        writers = np.array([-1 if picture.writer is None else picture.writer for picture in self.pictures], np.int32)
        known = writers if (writers >= 0).all() else None
        splits = [
            RawImages(images[part], labels[part], known if known is None else known[part])
            for part in (kept & ~test, kept & test)
        ]
        train, of_test = splits
        notes = (describe_stretch(self.stretch),) if self.stretch != 1 else ()
        left_out, sizes = tuple(self.left_out), _sizes(self.sizes)
        return RawDataset(
            train, of_test if len(of_test) else None, notes, left_out=left_out, sizes=sizes, centred=not as_is
        )

    def _decoded(self) -> Iterator[tuple[int, Image.Image]]:
        for at, picture in enumerate(self.pictures):
            if at % STEP == 0:
                self.progress(f"Reading {len(self.pictures):,} pictures", at / len(self.pictures))
            image = self._open(picture.file)
            if image is not None:
                yield at, image

    def _open(self, file: File) -> Image.Image | None:
        try:
            image = image_files.read_image(io.BytesIO(file.read()))
        except (DataError, ImageError) as e:
            self.left_out.append(f"{file.name}: {e}")
            return None
        self.sizes.add(image.size)
        self.pixels += image.width * image.height
        if self.pixels > MAX_PIXELS:
            raise DataError(f"The pictures have more than {MAX_PIXELS:,} pixels together. Make them smaller.")
        return image

    def _stretched(self, image: Image.Image) -> Image.Image:
        """The picture with the values that all of them are stretched to."""
        if self.stretch != 1:
            return Image.fromarray(np.rint(read_grey_levels(image) * self.stretch).astype(np.uint8))
        if find_stretch(self.highest) != 1:
            self.highest = max(self.highest, int(read_grey_levels(image).max()))
        return image

    def _centred(self, file: File, image: Image.Image) -> GreyBytes | None:
        made = centre(put_picture_upright(image, self.orientation), self.polarity)
        if made is None:
            self.left_out.append(f"{file.name}: There is no ink in it: it is blank, or its contrast is too low.")
        return made


def read_grey_levels(image: Image.Image) -> GreyBytes:
    """(h, w) uint8 of a picture of any kind; where it is transparent, paper lies behind it."""
    return np.asarray(put_on_paper(image).convert("L"))


def _sizes(sizes: set[tuple[int, int]]) -> str:
    ordered = sorted(sizes, key=lambda size: size[0] * size[1])
    return " to ".join(dict.fromkeys(_size(size) for size in (ordered[0], ordered[-1])))


def _size(size: tuple[int, ...]) -> str:
    return f"{size[0]:,}×{size[1]:,}"
