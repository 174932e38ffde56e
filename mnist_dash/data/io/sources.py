"""What somebody brought, whatever it is: pictures, files of arrays or rows, a folder of them, or one that is packed.

An archive is the folder that it holds: what works unpacked works packed, and packed once more.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from mnist_dash.data.io.archive import open_archive
from mnist_dash.data.io.array_files import PACKED, ZIP, open_file
from mnist_dash.data.io.discovery import Holdout, find_source
from mnist_dash.data.io.file_sets import FileSet, combine_files, combine_listed, name_allowed, tell_others
from mnist_dash.data.io.folders import (
    File,
    SortedPictures,
    folder_names,
    list_archive,
    list_folder,
    sort_pictures,
)
from mnist_dash.data.io.named_pictures import sort_by_name
from mnist_dash.data.io.nested_archives import find_nested, tell_unopened, unpack_packed_zip
from mnist_dash.data.io.normalising import Fit, Polarity
from mnist_dash.data.io.npz_files import holds_arrays_alone
from mnist_dash.data.io.orientation import Orientation
from mnist_dash.data.io.picture_tables import sort_by_table
from mnist_dash.data.io.pictures import read_pictures
from mnist_dash.data.io.raw_images import RawDataset, RawImages
from mnist_dash.data.io.readers import READERS, find_reader
from mnist_dash.data.io.tar_archive import is_tar, unpack_tar
from mnist_dash.data.io.unknown_files import ELSE, advise, describe_archive
from mnist_dash.data.progress import Progress, within
from mnist_dash.errors import DataError

READ = 0.8
"""The share of the work that reading arrays is; centring them, where it is needed, is the rest."""
SUFFIXES = (*PACKED, *(suffix for reader in READERS for suffix in reader.suffixes))
"""How the names of files of arrays or rows end, where others may lie beside them."""
FIRST = 3
"""Files that are named where there is nothing else to say."""
FEW = 20
"""Files that are looked into whatever they are called, where none has such a name."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What a person says about images that could be taken in more than one way."""

    polarity: Polarity = Polarity.AUTO
    fit: Fit = Fit.AUTO
    orientation: Orientation = Orientation.AS_IS
    holdout: Holdout = Holdout.AUTO


def read_sources(paths: Sequence[Path], asked: ReadingOptions, progress: Progress, scratch: Path) -> RawDataset:
    """What a folder, a file, or several files hold; an archive is unpacked into `scratch`. Raises DataError."""
    _check(paths)
    if len(paths) > 1:
        return _drop_repeated_test(_arrays(combine_files(paths), progress))
    return _drop_repeated_test(_read(paths[0], None, _Work(asked, progress, scratch)))


@dataclass(frozen=True, slots=True)
class _Work:
    """What reading needs beside the files: what was `asked`, whom to tell, and an empty folder to unpack into."""

    asked: ReadingOptions
    progress: Progress
    scratch: Path


def _read(path: Path, outer: Path | None, work: _Work) -> RawDataset:
    """What a folder or file holds; `outer` is the folder or archive that it lies in, where that is packed again."""
    if path.is_dir():
        return _folder(_Listed(path, list_folder(path), path, lambda _names: None), outer, work)
    packed = unpack_packed_zip(path, work.scratch / "packed")
    if packed is not None:
        with _naming(path, packed):
            found = _read(packed, outer or path, work)
        return replace(found, notes=(*found.notes, f"{path.name} was unpacked too."))
    if is_tar(path):
        return _tar(path, outer, work)
    return _zip(path, outer, work) if _is_zip(path) else _arrays(combine_files([path]), work.progress)


def _check(paths: Sequence[Path]) -> None:
    try:
        missing = [path for path in paths if not path.exists()]
    except OSError as e:
        raise DataError(f"{str(e.filename)[:200]} cannot be read ({e.strerror}). Check the path.") from e
    if missing or not paths:
        what = f"There is nothing at {missing[0]}" if missing else "No file was named"
        raise DataError(f"{what}. Name a folder, a ZIP, NPZ or CSV file, or IDX files.")
    if len(paths) > 1 and any(path.is_dir() for path in paths):
        raise DataError("Several paths came, and a folder is among them; allowed are files, or one folder. Name one.")


def _is_zip(path: Path) -> bool:
    """Whether a file is a ZIP of files rather than an NPZ, which is a ZIP of arrays."""
    with open_file(path) as stream:
        if not stream.read(len(ZIP)).startswith(ZIP):
            return False
    with open_archive(path, nesting=True) as archive:
        return not holds_arrays_alone([entry.filename for entry in archive.entries])


def _arrays(source: FileSet, progress: Progress, kind: str = "{}") -> RawDataset:
    raw = source.reader.read(source.files, within(progress, 0, READ))
    height, width = raw.train.images.shape[1:]
    name, sizes = kind.format(source.reader.name), f"{width}×{height}"
    return replace(raw, notes=(*source.notes, *raw.notes), format=name, sizes=sizes)


@dataclass(frozen=True, slots=True)
class _Listed:
    """The files that somebody's `path` holds: `unpack` puts those of some names below `folder`.

    `packed` is what stands after the format of files in words, and `pictures` is what pictures are called.
    """

    path: Path
    files: Sequence[File]
    folder: Path
    unpack: Callable[[Sequence[str]], object]
    packed: str = ""
    pictures: str = "Pictures in folders"


def _folder(listed: _Listed, outer: Path | None, work: _Work) -> RawDataset:
    """What a folder holds: one archive, pictures whose folders, table or names say digits, or arrays or rows."""
    nested = None if outer else find_nested(listed.path, listed.files, SUFFIXES)
    if nested is not None:
        listed.unpack([nested.name])
        found = _read(listed.folder / nested.name, listed.path, work)
        return replace(found, notes=(*found.notes, f"{nested.name} was unpacked too."))
    everything = [file.name for file in listed.files]
    named = [name for name in everything if name.lower().endswith(SUFFIXES)]
    for sort in (sort_pictures, sort_by_table, *(() if named else (sort_by_name,))):
        pictures = sort(listed.files)
        if pictures.pictures:
            return _pictures(pictures, listed.pictures, work.asked, work.progress)
    kind = describe_archive(everything) if listed.path.is_file() else None
    if kind:
        size = listed.path.stat().st_size
        raise DataError(f"{listed.path} is {kind[0]}, {size:,} bytes, and no set of digits. {kind[1]}.")
    listed.unpack(named or everything[:FEW])
    files = [listed.folder / name for name in named or everything[:FEW]]
    if not named and not any(find_reader(path) for path in files):
        raise _nothing(listed.path, listed.files, files)
    found = _arrays(_combine(listed.folder, files), work.progress, "{}" + listed.packed)
    return replace(found, notes=(*found.notes, *tell_unopened(listed.files)))


def _combine(folder: Path, files: Sequence[Path]) -> FileSet:
    """The set that some files below a folder are, or those of them that are called as MNIST's are."""
    try:
        return combine_listed(folder, files)
    except DataError as e:
        try:
            source = find_source(folder)
        except DataError:
            raise e from None
        return tell_others(FileSet(source.reader, source.files), files)


def _zip(path: Path, outer: Path | None, work: _Work) -> RawDataset:
    folder = _choose_folder(outer, work)
    with open_archive(path, _weighed(outer), nesting=outer is None) as archive, _naming(path, folder):

        def unpack(names: Sequence[str]) -> None:
            work.progress(f"Unpacking {path.name}", 0)
            wanted = set(names)
            archive.unpack((entry for entry in archive.entries if entry.filename in wanted), folder)

        listed = _Listed(path, list_archive(archive), folder, unpack, " in a ZIP", "Pictures in a ZIP")
        return _folder(listed, outer, work)


def _tar(path: Path, outer: Path | None, work: _Work) -> RawDataset:
    # A TAR has no table of contents: to read one file is to read all before it.
    work.progress(f"Unpacking {path.name}", 0)
    folder = _choose_folder(outer, work)
    with _naming(path, folder):
        unpack_tar(path, folder, _weighed(outer), nesting=outer is None)
        folder.mkdir(exist_ok=True)
        listed = _Listed(path, list_folder(folder), folder, lambda _names: None, " in a TAR", "Pictures in a TAR")
        return _folder(listed, outer, work)


def _choose_folder(outer: Path | None, work: _Work) -> Path:
    """Where the files of an archive are put, beside those of the one that it lies in."""
    return work.scratch / ("inner" if outer else "outer")


def _weighed(outer: Path | None) -> Path | None:
    """The archive by whose size it is judged how large a nested one may become; None where it is its own."""
    return outer if outer and outer.is_file() else None


@contextmanager
def _naming(path: Path, scratch: Path) -> Iterator[None]:
    """Errors speak of the archive: nobody but this program knows the scratch folder."""
    try:
        yield
    except DataError as e:
        raise DataError(str(e).replace(str(scratch), str(path))) from e


def _pictures(placed: SortedPictures, kind: str, asked: ReadingOptions, progress: Progress) -> RawDataset:
    read = read_pictures(placed.pictures, asked.fit, asked.polarity, progress, asked.orientation)
    train, test = (read.train, read.test) if len(read.train) or read.test is None else (read.test, None)
    left_out, notes = (*placed.left_out, *read.left_out), (*placed.notes, *read.notes)
    return replace(read, train=train, test=test, format=kind, left_out=left_out, notes=notes)


def _drop_repeated_test(found: RawDataset) -> RawDataset:
    """The same without a test split of which each image is a training image: files under two names are one split."""
    if found.test is None or not len(found.test):
        return found
    # Nearly always the first test image is new, and seen so by one row of pixels in a few milliseconds.
    row, first = found.train.images.shape[1] // 2, found.test.images[0]
    if found.train.images.shape[1:] != first.shape or not (found.train.images[:, row] == first[row]).all(axis=1).any():
        return found
    train = {_key(found.train, at) for at in range(len(found.train))}
    if not all(_key(found.test, at) in train for at in range(len(found.test))):
        return found
    note = f"All {len(found.test):,} test images are training images too, so they are no test split and were left out."
    return replace(found, test=None, notes=(*found.notes, note))


def _key(split: RawImages, at: int) -> int:
    return hash((split.images[at].tobytes(), int(split.labels[at])))


def _nothing(path: Path, files: Sequence[File], looked: Sequence[Path]) -> DataError:
    """That there are no digits, what helps with the first of those that were `looked` into, and what is taken."""
    names = ", ".join(file.name for file in files[:FIRST]) or "nothing"
    more = f" and {len(files) - FIRST:,} more" if len(files) > FIRST else ""
    remedy = next((advice for advice in map(advise, looked) if advice != ELSE), ELSE)
    return DataError(
        f"{path} holds no digits: of its {len(files):,} files ({names[:300]}{more}) none is a picture in a folder of a "
        f"digit, and none is of a format that is read; its folders are {folder_names(files)}. {remedy}. Allowed are "
        f"{name_allowed()}."
    )
