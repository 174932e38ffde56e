"""NPY files come in pairs; what each is follows from its name, its folder or its shape."""

import gzip
import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from mnist_dash.data.io import npy_files
from mnist_dash.data.io.file_sets import combine_listed
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.npy_files import READER, read_npy
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError
from tests.data.archives import laid, pack
from tests.data.samples import sample

TRAIN, TEST = sample(20, 0), sample(10, 1)


def npy(array: npt.NDArray[np.generic]) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


ARRAYS = (npy(TRAIN.images), npy(TRAIN.labels), npy(TEST.images), npy(np.eye(10)[TEST.labels]))


@pytest.mark.parametrize(
    "names",
    [
        "x_train.npy y_train.npy x_test.npy y_test.npy",
        "train-images.npy train-labels.npy test-images.npy test-labels.npy",
        "train/images.npy train/labels.npy test/images.npy test/labels.npy",
        "X.npy y.npy X_test.npy y_test.npy",
        "a_train.npy b_train.npy a_test.npy b_test.npy",
        "x_train.npy y_train.npy",
        "digits.npy truth.npy",
    ],
)
def test_pairs_are_known_by_names_folders_or_shapes(tmp_path: Path, names: str) -> None:
    files = dict(zip(names.split(), ARRAYS, strict=False))
    folder = laid(tmp_path / "digits", files)
    arranged = READER.arrange(sorted(folder / name for name in files))
    assert arranged == tuple(folder / name for name in files)
    found = READER.read(arranged, silent)
    assert np.array_equal(found.train.images, TRAIN.images)
    assert np.array_equal(found.train.labels, TRAIN.labels)
    if len(files) == 2:
        assert found.test is None
    else:
        assert found.test is not None
        assert np.array_equal(found.test.labels, TEST.labels)


@pytest.mark.parametrize("packing", ["folder", "a.zip", "a.tgz"])
def test_they_are_read_in_a_folder_packed_or_not(tmp_path: Path, packing: str) -> None:
    names = ("train/x.npy", "train/y.npy", "test/x.npy", "test/y.npy")
    found = read_dataset([pack(tmp_path, packing, dict(zip(names, ARRAYS, strict=True)))])
    assert (len(found.dataset.train), len(found.dataset.test)) == (20, 10)


def test_gzipped_ones_are_read(tmp_path: Path) -> None:
    (tmp_path / "x.npy.gz").write_bytes(gzip.compress(ARRAYS[0]))
    assert np.array_equal(read_npy(tmp_path / "x.npy.gz"), TRAIN.images)


def test_validation_images_join_and_others_are_told(tmp_path: Path) -> None:
    names = ("x_train.npy", "y_train.npy", "x_val.npy", "y_val.npy", "mean.npy")
    laid(tmp_path, dict(zip(names, (*ARRAYS, npy(np.zeros((28, 28)))), strict=True)))
    found = combine_listed(tmp_path, [tmp_path / name for name in names])
    assert found.notes == ("mean.npy is no part of the set and is not used.",)
    read = READER.read(found.files, silent)
    assert len(read.train) == 30
    assert read.notes[0].startswith("The 10 images of x_val joined the training images")


def test_one_array_alone_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "x_train.npy").write_bytes(ARRAYS[0])
    with pytest.raises(DataError, match=r"is one array of shape \(20, 28, 28\); needed are images and labels.*savez"):
        read_dataset([tmp_path / "x_train.npy"])


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    laid(tmp_path, {"x.npy": npy(TRAIN.images.astype(object)), "y.npy": ARRAYS[1]})
    with pytest.raises(DataError, match="x is an array of Python objects, which is pickled; nothing"):
        READER.read((tmp_path / "x.npy", tmp_path / "y.npy"), silent)


BROKEN = [ARRAYS[0][:-5], b"\x93NUMPY\x01\x00\x05\x00{a b}", b"\x93NUMPY\x09\x00", ARRAYS[0][:30]]


@pytest.mark.parametrize("content", BROKEN, ids=["cut", "header", "version", "short"])
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.npy").write_bytes(content)
    with pytest.raises(DataError, match=r"x\.npy cannot be read as an array"):
        read_npy(tmp_path / "x.npy")


def test_an_array_that_would_fill_the_memory_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.npy").write_bytes(ARRAYS[0])
    monkeypatch.setattr(npy_files, "MAX_ARRAYS", 1_000)
    with pytest.raises(DataError, match="holds 15,680 bytes; allowed are 1,000"):
        read_npy(tmp_path / "x.npy")
