"""What somebody brought, whatever it is: a folder or ZIP of pictures, files of arrays or rows, or a ZIP of those."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mnist_dash.data.io.archive import Archive, open_archive
from mnist_dash.data.io.array_files import ZIP, open_file
from mnist_dash.data.io.discovery import Source, combine_files, find_source
from mnist_dash.data.io.folders import (
    LAYOUT,
    File,
    SortedPictures,
    folder_names,
    list_archive,
    list_folder,
    sort_pictures,
)
from mnist_dash.data.io.normalising import Fit, Polarity
from mnist_dash.data.io.orientation import Orientation
from mnist_dash.data.io.pictures import read_pictures
from mnist_dash.data.io.raw_images import RawImages
from mnist_dash.data.io.readers import READERS
from mnist_dash.data.progress import Progress, within
from mnist_dash.errors import DataError

READ = 0.8
"""The share of the work that reading arrays is; centring them, where it is needed, is the rest."""
SUFFIXES = (".gz", *(suffix for reader in READERS.values() for suffix in reader.suffixes))
"""How the names of files of arrays or rows end, where others may lie beside them."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What a person says about images that could be taken in more than one way."""

    polarity: Polarity = Polarity.AUTO
    fit: Fit = Fit.AUTO
    orientation: Orientation = Orientation.AS_IS


@dataclass(frozen=True, slots=True, eq=False)
class SourceContent:
    """Both splits of a source, and how it came: its format in words and the sizes of its images.

    `centred` images have been through the procedure already. `left_out` says of each file that was not taken why;
    `notes` is what else was done.
    """

    train: RawImages
    test: RawImages | None
    format: str
    sizes: str
    centred: bool = False
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_sources(paths: Sequence[Path], asked: ReadingOptions, progress: Progress, scratch: Path) -> SourceContent:
    """What a folder, a file, or several files hold; an archive is unpacked into `scratch`. Raises DataError."""
    _check(paths)
    if len(paths) > 1:
        return _arrays(combine_files(paths), progress)
    path = paths[0]
    if path.is_dir():
        return _folder(path, asked, progress)
    return _zip(path, asked, progress, scratch) if _is_zip(path) else _arrays(combine_files([path]), progress)


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
    with open_archive(path) as archive:
        return not all(entry.filename.endswith(".npy") for entry in archive.entries)


def _arrays(source: Source, progress: Progress, kind: str = "{}") -> SourceContent:
    raw = READERS[source.format].read(source.files, within(progress, 0, READ))
    height, width = raw.train.images.shape[1:]
    return SourceContent(raw.train, raw.test, kind.format(source.format), f"{width}×{height}", notes=raw.notes)


def _folder(folder: Path, asked: ReadingOptions, progress: Progress) -> SourceContent:
    files = list_folder(folder)
    pictures = sort_pictures(files)
    if pictures.pictures:
        return _pictures(pictures, "Pictures in folders", asked, progress)
    top = [folder / file.name for file in files if "/" not in file.name and _is_data(file.name)]
    try:
        source = find_source(folder)
    except DataError:
        if not top:
            raise _nothing(folder, files) from None
        source = combine_files(top)
    return _arrays(source, progress)


def _zip(path: Path, asked: ReadingOptions, progress: Progress, scratch: Path) -> SourceContent:
    with open_archive(path) as archive:
        files = list_archive(archive)
        pictures = sort_pictures(files)
        if pictures.pictures:
            return _pictures(pictures, "Pictures in a ZIP", asked, progress)
        if not any(_is_data(file.name) for file in files):
            raise _nothing(path, files)
        return _unpacked(archive, progress, scratch)


def _unpacked(archive: Archive, progress: Progress, scratch: Path) -> SourceContent:
    progress(f"Unpacking {archive.path.name}", 0)
    try:
        files = archive.unpack((entry for entry in archive.entries if _is_data(entry.filename)), scratch)
        return _arrays(combine_files(files), progress, "{} in a ZIP")
    except DataError as e:
        # Nobody but this program knows the scratch folder.
        raise DataError(str(e).replace(str(scratch), str(archive.path))) from e


def _is_data(name: str) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
    return name.lower().endswith(SUFFIXES) and not hidden


def _pictures(placed: SortedPictures, kind: str, asked: ReadingOptions, progress: Progress) -> SourceContent:
    read = read_pictures(placed.pictures, asked.fit, asked.polarity, progress, asked.orientation)
    train, test = (read.train, read.test) if len(read.train) else (read.test, read.train)
    left_out = (*placed.left_out, *read.left_out)
    return SourceContent(
        train, test if len(test) else None, kind, read.sizes, not read.as_is, left_out, (*placed.notes, *read.notes)
    )


def _nothing(path: Path, files: Sequence[File]) -> DataError:
    return DataError(
        f"{path} holds no digits: of its {len(files):,} files none lies in a folder of a digit and is a picture, and "
        f"none is of a format that is read ({', '.join(READERS)}); its folders are {folder_names(files)}. Allowed is "
        f"{LAYOUT}."
    )
