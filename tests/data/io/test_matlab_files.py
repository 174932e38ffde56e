"""MATLAB's files are read as MATLAB means them: a column for each image."""

import io
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat  # type: ignore[import-untyped]

from mnist_dash.data.io import matlab_files
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.matlab_files import READER
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError
from tests.data.samples import sample

DIGITS, TEST = sample(20, 0), sample(10, 1)


def mat(path: Path, **arrays: object) -> Path:
    savemat(path, arrays, do_compression=True)
    return path


def test_mnist_original_is_read(tmp_path: Path) -> None:
    """Images as columns, labels as a row of doubles, and a cell of words."""
    path = mat(
        tmp_path / "mnist-original.mat",
        data=DIGITS.images.reshape(20, 784).T,
        label=DIGITS.labels.reshape(1, -1).astype(np.float64),
        mldata_descr_ordering=np.array(["label", "data"], object),
    )
    assert READER.recognises(path.read_bytes()[:4096])
    found = READER.read((path,), silent)
    assert np.array_equal(found.train.images, DIGITS.images)
    assert np.array_equal(found.train.labels, DIGITS.labels)
    assert found.notes == ("mldata_descr_ordering is not used.",)


def test_images_may_be_a_cube_or_rows_with_a_test_split(tmp_path: Path) -> None:
    path = mat(
        tmp_path / "a.mat",
        trainX=DIGITS.images.reshape(20, 784),
        trainY=DIGITS.labels.reshape(1, -1),
        testX=TEST.images.reshape(10, 784),
        testY=TEST.labels.reshape(1, -1),
    )
    found = read_dataset([path])
    assert (found.format, len(found.dataset.train), len(found.dataset.test)) == ("MATLAB", 20, 10)
    cube = mat(tmp_path / "b.mat", images=np.moveaxis(DIGITS.images, 0, -1), labels=DIGITS.labels.reshape(-1, 1))
    assert np.array_equal(READER.read((cube,), silent).train.images, DIGITS.images)


def test_an_array_for_each_digit_is_read(tmp_path: Path) -> None:
    arrays = {f"train{digit}": DIGITS.images[DIGITS.labels == digit].reshape(-1, 784) for digit in range(10)}
    assert READER.read((mat(tmp_path / "mnist_all.mat", **arrays),), silent).train.labels[:4].tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"a": np.zeros(3)}, "holds a; needed are x_train and y_train"),
        ({"x": np.array([{"a": 1}], object), "y": np.zeros(1)}, "x is a cell; needed are numbers"),
        ({"x": DIGITS.images, "y": {"a": 1}}, "y is a struct; needed are numbers"),
    ],
)
def test_what_is_no_images_and_labels_is_refused(tmp_path: Path, arrays: dict[str, object], words: str) -> None:
    with pytest.raises(DataError, match=rf"a\.mat.*{words}"):
        READER.read((mat(tmp_path / "a.mat", **arrays),), silent)


@pytest.mark.parametrize("keep", [200, -200])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, keep: int) -> None:
    stream = io.BytesIO()
    savemat(stream, {"x": DIGITS.images, "y": DIGITS.labels}, do_compression=True)
    (tmp_path / "a.mat").write_bytes(stream.getvalue()[:keep])
    with pytest.raises(DataError, match=r"a\.mat"):
        READER.read((tmp_path / "a.mat",), silent)


def test_an_array_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = mat(tmp_path / "a.mat", x=np.zeros((100, 784)), y=np.zeros(100))
    monkeypatch.setattr(matlab_files, "MAX_ARRAYS", 10_000)
    with pytest.raises(DataError, match="x has 627,200 bytes; allowed are 10,000"):
        READER.read((path,), silent)
