"""What is downloaded comes back as it was, in every format."""

import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.io.export import FileFormat, save, write
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.npz_files import read_npz_set
from mnist_dash.data.io.raw_images import RawImages
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError

TRAIN, TEST = generate(300, 0), generate(40, 1)


def same(one: Digits | RawImages, other: Digits) -> bool:
    return np.array_equal(one.images, other.images) and np.array_equal(one.labels, other.labels)


@pytest.mark.parametrize("file_format", [FileFormat.NPZ, FileFormat.IDX, FileFormat.PICTURES])
def test_both_splits_come_back_identical(tmp_path: Path, file_format: FileFormat) -> None:
    write(tmp_path / f"digits{file_format}", TRAIN, TEST)
    understood = read_dataset([tmp_path / f"digits{file_format}"])
    assert same(understood.dataset.train, TRAIN)
    assert same(understood.dataset.test, TEST)
    assert (understood.left_out, understood.notes, understood.dataset.notice) == (0, (), None)


@pytest.mark.parametrize("file_format", list(FileFormat))
def test_one_split_comes_back_identical_but_for_what_is_held_out(tmp_path: Path, file_format: FileFormat) -> None:
    write(tmp_path / f"digits{file_format}", TRAIN)
    dataset = read_dataset([tmp_path / f"digits{file_format}"]).dataset
    assert len(dataset.train) + len(dataset.test) == 300
    held = {image.tobytes() for image in dataset.test.images}
    kept = np.array([image.tobytes() not in held for image in TRAIN.images])
    assert same(dataset.train, TRAIN.take(kept))
    assert same(dataset.test, TRAIN.take(~kept))


@pytest.mark.parametrize("file_format", list(FileFormat))
def test_the_same_digits_are_the_same_bytes_though_they_are_mapped(tmp_path: Path, file_format: FileFormat) -> None:
    np.save(tmp_path / "images.npy", TRAIN.images)
    mapped = Digits(np.load(tmp_path / "images.npy", mmap_mode="r"), TRAIN.labels)
    contents = []
    for digits in (TRAIN, mapped):
        stream = io.BytesIO()
        save(stream, file_format, digits)
        contents.append(stream.getvalue())
    assert contents[0] == contents[1]


def test_a_selection_is_named_by_its_own_numbers() -> None:
    stream = io.BytesIO()
    index = np.array([7, 250, 12])
    save(stream, FileFormat.PICTURES, TRAIN.take(index), index=index)
    with zipfile.ZipFile(stream) as archive:
        assert archive.namelist() == [f"{TRAIN.labels[n]}/{n}.png" for n in index]
        with archive.open(archive.namelist()[1]) as file, Image.open(file) as picture:
            assert (picture.mode, picture.size) == ("L", (28, 28))
            assert np.array_equal(np.asarray(picture), TRAIN.images[250])


def test_rows_are_written_as_kaggle_does() -> None:
    stream = io.BytesIO()
    save(stream, FileFormat.CSV, TRAIN)
    head, first, *_ = stream.getvalue().decode("ascii").split("\n")
    assert head.split(",") == ["label", *(f"pixel{n}" for n in range(784))]
    assert first == ",".join(map(str, [TRAIN.labels[0], *TRAIN.images[0].ravel()]))


def test_arrays_have_the_usual_names(tmp_path: Path) -> None:
    write(tmp_path / "a.npz", TRAIN, TEST)
    splits = read_npz_set((tmp_path / "a.npz",), silent)
    assert same(splits.train, TRAIN)
    write(tmp_path / "a.idx.zip", TRAIN)
    with zipfile.ZipFile(tmp_path / "a.idx.zip") as archive:
        assert archive.namelist() == ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"]
        assert gzip.decompress(archive.read(archive.namelist()[1]))[8:] == TRAIN.labels.tobytes()


@pytest.mark.parametrize("file_format", [FileFormat.CSV, FileFormat.PICTURES])
def test_progress_goes_to_the_end(tmp_path: Path, file_format: FileFormat) -> None:
    shares: list[float] = []
    write(tmp_path / f"a{file_format}", TRAIN, progress=lambda _text, share: shares.append(share))
    assert (shares[0], shares[-1]) == (0, 1)


@pytest.mark.parametrize(("name", "words"), [("a.txt", "ends in '.txt'; allowed are .csv"), ("a", "ends in 'nothing'")])
def test_another_ending_is_refused(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        write(tmp_path / name, TRAIN)


def test_a_csv_file_holds_one_split(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="would hold two splits"):
        write(tmp_path / "a.csv", TRAIN, TEST)


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    for path in (tmp_path / "a.csv", tmp_path / "missing" / "a.csv"):
        with pytest.raises(DataError, match="cannot be written"):
            write(path, TRAIN)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_written_file_takes_its_name_only_when_it_is_complete(tmp_path: Path) -> None:
    path, older = tmp_path / "a.npz", tmp_path / "older.npz"
    write(path, TEST)
    older.hardlink_to(path)
    write(path, TRAIN)
    assert (len(read_npz_set((older,), silent).train), len(read_npz_set((path,), silent).train)) == (40, 300)


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken.npz").mkdir()
    with pytest.raises(DataError, match=r"taken\.npz cannot be written"):
        write(tmp_path / "taken.npz", TEST)
    with pytest.raises(DataError, match=r"cannot be written.*folder with room"):
        write(tmp_path / "missing" / "a.npz", TEST)
    assert [path.name for path in tmp_path.iterdir()] == ["taken.npz"]
