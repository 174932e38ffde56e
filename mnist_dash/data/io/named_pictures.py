"""Pictures whose own names begin with their digit, as 7_12.png; among them texts of 0 and 1 that draw one.

Such texts are what the books on nearest neighbours let their readers learn from: 32 lines of 32 characters each, in a
folder of training digits and one of test digits.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath

import numpy as np
from PIL import Image

from mnist_dash.data.io.folders import (
    DIGITS,
    SUFFIXES,
    VALIDATION,
    VALIDATION_TOLD,
    File,
    Picture,
    SortedPictures,
    order_by_numbers,
)
from mnist_dash.data.io.limits import MAX_FILE
from mnist_dash.errors import DataError

TEXT = ".txt"
LEAST = 8
"""Lines that a text has at least that draws a digit."""
_NAME = re.compile(r"([0-9]+)[_-][0-9]+")
_TEST = re.compile(r"(?<![a-z])test")
"""How a folder says that its pictures are for the test split, as testDigits does and contest does not."""


def sort_by_name(files: Sequence[File]) -> SortedPictures:
    """The pictures by the digit that their names begin with, where all of them do and more than one digit is there.

    One that lies in a folder called after the test is a test image. Texts are given as the pictures that they draw;
    those that are called otherwise are left out as notes.
    """
    pictures, others, notes = list[Picture](), list[str](), set[str]()
    for file in sorted(files, key=lambda file: order_by_numbers(file.name)):
        path = PurePosixPath(file.name.lower())
        said = _NAME.fullmatch(path.stem)
        if path.suffix not in (*SUFFIXES, TEXT) or (said is None and path.suffix == TEXT):
            others.append(f"{file.name}: is no picture by its name; allowed are {', '.join((*SUFFIXES, TEXT))}")
        elif said is None or said[1] not in DIGITS:
            # Where one name says something else, the first number of the others need not be a digit.
            return SortedPictures((), ())
        elif file.size > MAX_FILE:
            others.append(f"{file.name}: has {file.size:,} bytes; allowed are {MAX_FILE:,}")
        else:
            if path.parent.name in VALIDATION:
                notes.add(VALIDATION_TOLD)
            shown = replace(file, read=partial(_draw, file)) if path.suffix == TEXT else file
            test = any(_TEST.search(folder) for folder in path.parts[:-1])
            pictures.append(Picture(shown, int(said[1]), test))
    if len({picture.label for picture in pictures}) < 2:
        return SortedPictures((), ())
    last = pictures[-1]
    notes.add(f"The digits were read from the names: {last.file.name} is taken for a {last.label}.")
    return SortedPictures(tuple(pictures), tuple(others), tuple(sorted(notes)))


def _draw(file: File) -> bytes:
    """The picture that a text draws, as PNG: white where a 1 stands; raises DataError."""
    lines = file.read().split()
    if len(lines) < LEAST or len({len(line) for line in lines}) > 1 or set(b"".join(lines)) - set(b"01"):
        raise DataError(f"It draws no digit; allowed are {LEAST} lines or more of 0 and 1, each as long as the others.")
    grid = np.frombuffer(b"".join(lines), np.uint8).reshape(len(lines), -1)
    drawn = io.BytesIO()
    Image.fromarray((grid == ord("1")).astype(np.uint8) * 255).save(drawn, "PNG")
    return drawn.getvalue()
