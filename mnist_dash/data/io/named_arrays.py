"""Arrays under names: which are the images and labels of which split, whatever people call them.

NPZ, NumPy, MATLAB and HDF5 files are all arrays with names; what each array is follows from its name alone, and what
no name claims is told rather than taken.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mnist_dash.arrays import AnyNumbers
from mnist_dash.data.io.raw_images import Files, RawDataset, check_one_scale, combine_pairs, decode_labels
from mnist_dash.data.io.split_files import TEST, TRAIN, VALIDATION, find_split, tell_joined
from mnist_dash.errors import DataError
from mnist_dash.words import join_words

WHOLE = ""
"""What an array's name says of its split where it is of the whole set."""
SPLITS = {
    TRAIN: ("training", "train", "trn", "tr"),
    TEST: ("testing", "test", "tst", "t10k", "te"),
    VALIDATION: ("validation", "valid", "val", "dev"),
}
IMAGES = ("x", "images", "image", "imgs", "img", "data", "features", "pixels", "inputs", "samples")
LABELS = ("y", "labels", "label", "targets", "target", "classes", "class", "digit")
"""What people call images and labels, the usual names first: of several the first one is taken."""
SHORT = 2
"""Letters of a split that count as a word of its own alone: x_tr, but not xtr."""
MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class _Meaning:
    split: str
    labels: bool
    rank: int


def combine_named(
    path: Path,
    names: Sequence[str],
    load: Callable[[str], AnyNumbers],
    axes: Mapping[str, int] | None = None,
) -> RawDataset:
    """Both splits of a file, or of files of one array each; `load` gives an array by its name, and only where needed.

    Images for validation join the training images. `axes` gives the number of axes of arrays by which one is known
    whose name says nothing. Raises DataError with the names that came.
    """
    chosen = choose_names(names, axes or {})
    pairs = {split: chosen[split] for split in (TRAIN, WHOLE, VALIDATION, TEST) if len(chosen.get(split, ())) == 2}
    if not pairs:
        return _combine_digits(path, names, load)
    main = next(iter(pairs))
    taken = [main, *(split for split in (TEST, VALIDATION) if split in pairs and split != main)]
    arrays = {split: _load_pair(path, pairs[split], load) for split in taken}
    notes = []
    if VALIDATION in taken[1:]:
        notes.append(_join(arrays, main, pairs))
    main_and_test = [split for split in taken if split != VALIDATION or split == main]
    check_one_scale([pairs[split][0] for split in main_and_test], [arrays[split][0] for split in main_and_test])
    used = {name for split in taken for name in pairs[split]}
    notes += _tell_unused([name for name in names if name not in used])
    found = combine_pairs(path, [arrays[split] for split in main_and_test])
    return replace(found, notes=(*found.notes, *notes))


def name_arrays(files: Files, names: Mapping[Path, Iterable[str]]) -> dict[str, tuple[Path, str]]:
    """The file and name of each array of a set, by a name that says its split where its file's name alone does.

    Of one file every array keeps its name; of several `images` in test.npz is `test/images`, and `x_test` itself.
    """
    found: dict[str, tuple[Path, str]] = {}
    for path in files:
        for name in names[path]:
            meaning = _understand(name, None)
            says = len(files) == 1 or (meaning is not None and meaning.split and name not in found)
            found[name if says else f"{find_split(path)}/{name}"] = path, name
    return found


def choose_names(names: Iterable[str], axes: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """The names of images and of labels of each split; one alone where the other is missing."""
    best: dict[tuple[str, bool], tuple[int, str]] = {}
    for name in names:
        meaning = _understand(name, axes.get(name))
        if meaning is not None:
            key, ranked = (meaning.split, meaning.labels), (meaning.rank, name)
            best[key] = min(best.get(key, ranked), ranked, key=lambda pair: pair[0])
    splits = dict.fromkeys(split for split, _ in best)
    return {
        split: tuple(best[split, labels][1] for labels in (False, True) if (split, labels) in best) for split in splits
    }


def _understand(name: str, axes: int | None) -> _Meaning | None:
    """What a name says: `x_train`, `trainX`, `Train-Images`, `train/data`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    words = re.findall(r"t10k|[a-z]+", parted.lower())
    split, rest = WHOLE, []
    for word in words:
        found, left = _part_split(word)
        split = split or found
        rest.append(left)
    for labels, known in ((True, LABELS), (False, IMAGES)):
        ranks = [known.index(word) for word in rest if word in known]
        if ranks:
            return _Meaning(split, labels, min(ranks))
    return None if axes is None else _Meaning(split, axes == 1, len(IMAGES))


def _part_split(word: str) -> tuple[str, str]:
    """The split that a word names, and what else it says: `xtrain` is train and x."""
    for split, known in SPLITS.items():
        for name in known:
            if word == name:
                return split, ""
            if len(name) > SHORT and word.removeprefix(name) in (*IMAGES, *LABELS) and word.startswith(name):
                return split, word.removeprefix(name)
            if len(name) > SHORT and word.removesuffix(name) in (*IMAGES, *LABELS) and word.endswith(name):
                return split, word.removesuffix(name)
    return WHOLE, word


def _load_pair(path: Path, names: tuple[str, ...], load: Callable[[str], AnyNumbers]) -> tuple[AnyNumbers, AnyNumbers]:
    images, labels = (load(name) for name in names)
    for name, array in zip(names, (images, labels), strict=True):
        if array.dtype.kind == "O":
            raise refuse_objects(path, name)
    return _lead_with_images(images, labels.size if labels.ndim == 1 or 1 in labels.shape else len(labels)), labels


def _lead_with_images(images: AnyNumbers, count: int) -> AnyNumbers:
    """Images with their number first, where MATLAB has it last: a column for each."""
    if images.ndim < 2 or images.shape[0] == count or images.shape[-1] != count:
        return images
    return np.moveaxis(images, -1, 0)


def _join(arrays: dict[str, tuple[AnyNumbers, AnyNumbers]], main: str, pairs: Mapping[str, tuple[str, ...]]) -> str:
    """Put the validation images behind the training images where they are alike; what became of them in words."""
    (images, labels), (more, more_labels) = arrays[main], arrays[VALIDATION]
    name = pairs[VALIDATION][0]
    if more.shape[1:] != images.shape[1:] or more.dtype != images.dtype:
        return f"The images of {name} are of another shape or type than the training images and are not used."
    check_one_scale([pairs[main][0], name], [images, more])
    joined = np.concatenate([decode_labels(labels), decode_labels(more_labels)])
    arrays[main] = np.concatenate([images, more]), joined
    return tell_joined(len(more), name)


def _tell_unused(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = f" and {len(names) - MOST_TOLD:,} more" if len(names) > MOST_TOLD else ""
    verb = "is" if len(names) == 1 else "are"
    return [f"{', '.join(names[:MOST_TOLD])}{more} {verb} not used."]


def _combine_digits(path: Path, names: Sequence[str], load: Callable[[str], AnyNumbers]) -> RawDataset:
    """The splits of arrays that are named after the digit that all their images show: train0 to train9, test0 to 9."""
    arrays: dict[str, dict[int, AnyNumbers]] = {}
    for name in names:
        told = re.fullmatch(r"(train|test)_?([0-9])", name.lower())
        if told:
            arrays.setdefault(told[1], {})[int(told[2])] = load(name)
    if len(arrays.get(TRAIN, ())) < SHORT:
        raise _refusal(path, names)
    return combine_pairs(path, list(_pairs(path, arrays)))


def _pairs(path: Path, arrays: Mapping[str, Mapping[int, AnyNumbers]]) -> Iterator[tuple[AnyNumbers, AnyNumbers]]:
    for split in (TRAIN, TEST):
        parts = arrays.get(split)
        if parts:
            if len({part.shape[1:] for part in parts.values()}) > 1:
                raise DataError(f"{path}: the images of the {split} split are of different sizes. Make them of one.")
            labels = np.repeat(np.array(list(parts), np.uint8), [len(part) for part in parts.values()])
            yield np.concatenate(list(parts.values())), labels


def refuse_objects(path: Path, name: str) -> DataError:
    """Say how to save what would have to be unpickled."""
    return DataError(
        f"{path}: {name} is an array of Python objects, which is pickled; nothing is unpickled here. Save it as "
        'numbers: np.savez("digits.npz", x_train=np.stack(x).astype("uint8"), y_train=np.array(y).astype("uint8")).'
    )


def _refusal(path: Path, names: Sequence[str]) -> DataError:
    came = join_words(list(names[:MOST_TOLD])) if names else "no arrays"
    more = f" and {len(names) - MOST_TOLD:,} more" if len(names) > MOST_TOLD else ""
    return DataError(
        f"{path} holds {came[:200]}{more}; needed are x_train and y_train, with x_test and y_test where there is a "
        "test split (or images and labels, data and target). Rename the arrays as in Keras' mnist.npz."
    )
