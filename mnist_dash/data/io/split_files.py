"""Which split a file is of by its name, and how files of several splits become one set."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mnist_dash.arrays import AnyNumbers, Writers
from mnist_dash.data.io.raw_images import Files, RawDataset, check_one_scale, combine_pairs, decode_labels
from mnist_dash.data.progress import Progress, silent
from mnist_dash.errors import DataError

TRAIN, VALIDATION, TEST = "train", "validation", "test"
"""The splits in the order in which files are read; what names no split is to be learnt from."""
_NAMED = {
    # LIBSVM's own files of test images end in .t, those of UCI in .tes, packed or not.
    TEST: (re.compile(r"t10k|test|\.t(es)?(\.(gz|xz|bz2))?$"), ("test", "testing", "t10k")),
    VALIDATION: (
        re.compile(r"(?<![a-z])(validation|valid|val|dev)(?![a-z])"),
        ("val", "valid", "validation", "dev"),
    ),
}
"""How names of files, and of the folders that they lie in, say that they are not to be learnt from."""
_NUMBERED = re.compile(r"-\d+-of-\d+")
"""How the parts of a split are told that is kept in several files: train-00000-of-00002."""
_MOST_NAMED = 4
"""Files that are named in a message."""


def find_split(path: Path) -> str:
    """The split of a file by its name, or by its folder's where its own says nothing."""
    name, folder = path.name.lower(), path.parent.name.lower()
    for split, (said, folders) in _NAMED.items():
        if said.search(name) or ("train" not in name and folder in folders):
            return split
    return TRAIN


def arrange_splits(files: Sequence[Path], *, numbered: bool = False) -> Files:
    """Files of labelled images: those for training, for validation and for the test, one each.

    `numbered` allows the numbered parts of a split too. Raises DataError where the names do not say what is for what.
    """
    splits = {split: sorted(path for path in files if find_split(path) == split) for split in (TRAIN, VALIDATION, TEST)}
    for parts in splits.values():
        if len(parts) > 1 and not (numbered and all(_NUMBERED.search(path.name) for path in parts)):
            names = [path.name for path in files]
            more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
            raise DataError(
                f"{', '.join(names[:_MOST_NAMED])}{more} all have labels, and their names do not say what each is "
                "for; allowed are one for training, one with test in its name and one with validation. Name them so, "
                "leave some out, or put all images for training into one file."
            )
    return tuple(path for parts in splits.values() for path in parts)


def combine_splits(
    files: Sequence[Path],
    pairs: Sequence[tuple[AnyNumbers, AnyNumbers]],
    writers: Sequence[Writers | None] | None = None,
    progress: Progress = silent,
) -> RawDataset:
    """Images and labels of arranged files as one set, as `combine_pairs` takes them: a file and a pair for each split.

    Images for validation join the training images, and where there are none of those, take their place. Raises
    DataError.
    """
    parts, theirs = list(pairs), list(writers or [None] * len(pairs))
    check_one_scale([path.name for path in files], [images for images, _ in parts])
    place = next((at for at, path in enumerate(files) if at and find_split(path) == VALIDATION), None)
    notes = []
    if place is not None:
        more, who = parts.pop(place), theirs.pop(place)
        parts[0] = _join(files[0], parts[0], files[place], more)
        theirs[0] = None if theirs[0] is None or who is None else np.concatenate([theirs[0], who])
        notes.append(tell_joined(len(more[1]), files[place].name))
    found = combine_pairs(files[0], parts, theirs, progress)
    return RawDataset(found.train, found.test, (*found.notes, *notes))


def tell_joined(count: int, name: str) -> str:
    """What became of images for validation, in words."""
    return f"The {count:,} images of {name} joined the training images: a run draws its own validation images."


def _join(
    path: Path, pair: tuple[AnyNumbers, AnyNumbers], other: Path, more: tuple[AnyNumbers, AnyNumbers]
) -> tuple[AnyNumbers, AnyNumbers]:
    if pair[0].shape[1:] != more[0].shape[1:]:
        raise DataError(
            f"{other.name} has images of {_describe(more[0])} values and {path.name} of {_describe(pair[0])}; all must "
            "be of one size. Leave the one for validation out, or make it anew."
        )
    try:
        labels = np.concatenate([decode_labels(pair[1]), decode_labels(more[1])])
    except DataError as e:
        raise DataError(f"{path} or {other}: {e}") from e
    return np.concatenate([pair[0], more[0]]), labels


def _describe(images: AnyNumbers) -> str:
    return "×".join(f"{size:,}" for size in images.shape[1:])
