"""HDF5 is read by the names in it, whoever wrote it; nothing leads to another file."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from mnist_dash.data.io import hdf5_files
from mnist_dash.data.io.hdf5_files import READER
from mnist_dash.data.io.readers import find_reader
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError
from tests.data.samples import sample

DIGITS, TEST = sample(20, 0), sample(10, 1)


def hdf5(path: Path, userblock: int = 0, **arrays: object) -> Path:
    with h5py.File(path, "w", userblock_size=userblock) as made:
        for name, array in arrays.items():
            made[name.replace("__", "/")] = array
    return path


def test_usps_is_read(tmp_path: Path) -> None:
    """Shares of ink in groups of their splits."""
    small = DIGITS.images[:, 6:-6, 6:-6].reshape(20, 256) / 255
    path = hdf5(
        tmp_path / "usps.h5",
        train__data=small.astype(np.float32),
        train__target=DIGITS.labels.astype(np.int64),
        test__data=small[:10].astype(np.float32) ** 2,
        test__target=TEST.labels.astype(np.int64),
    )
    assert READER.recognises(path.read_bytes()[:4096])
    found = READER.read((path,), silent)
    assert np.array_equal(found.train.images, DIGITS.images[:, 6:-6, 6:-6])
    assert found.test is not None
    assert found.test.labels.tolist() == TEST.labels.tolist()


def test_matlab_7_3_is_read_as_matlab_means_it(tmp_path: Path) -> None:
    """What MATLAB shows as 784 rows and 20 columns lies in the file as 20 rows."""
    path = hdf5(tmp_path / "a.mat", 512, data=DIGITS.images.reshape(20, 784), label=DIGITS.labels.reshape(20, 1))
    content = bytearray(path.read_bytes())
    content[:19] = b"MATLAB 7.3 MAT-file"
    path.write_bytes(content)
    assert READER.recognises(bytes(content[:4096]))
    assert np.array_equal(READER.read((path,), silent).train.images, DIGITS.images)
    assert find_reader(path) is READER


def test_labels_may_be_words(tmp_path: Path) -> None:
    path = hdf5(tmp_path / "a.h5", images=DIGITS.images, labels=[str(label) for label in DIGITS.labels])
    assert np.array_equal(READER.read((path,), silent).train.labels, DIGITS.labels)


def test_nothing_leads_to_another_file(tmp_path: Path) -> None:
    hdf5(tmp_path / "secret.h5", x=DIGITS.images)
    (tmp_path / "raw").write_bytes(DIGITS.images.tobytes())
    with h5py.File(tmp_path / "a.h5", "w") as made:
        made["y"] = DIGITS.labels
        made["x"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "x")
    with pytest.raises(DataError, match="holds y; needed are"):
        READER.read((tmp_path / "a.h5",), silent)
    with h5py.File(tmp_path / "b.h5", "w") as made:
        made["y"] = DIGITS.labels
        made.create_dataset("x", (20, 28, 28), np.uint8, external=[(str(tmp_path / "raw"), 0, 15680)])
    with pytest.raises(DataError, match=r"b\.h5: x lies in another file"):
        READER.read((tmp_path / "b.h5",), silent)
    layout = h5py.VirtualLayout((20, 28, 28), np.uint8)
    layout[:] = h5py.VirtualSource(str(tmp_path / "secret.h5"), "x", (20, 28, 28))
    with h5py.File(tmp_path / "c.h5", "w") as made:
        made["y"] = DIGITS.labels
        made.create_virtual_dataset("x", layout)
    with pytest.raises(DataError, match=r"c\.h5: x lies in another file"):
        READER.read((tmp_path / "c.h5",), silent)


def test_a_circle_of_groups_ends(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as made:
        made["group/x"], made["group/y"] = DIGITS.images, DIGITS.labels
        made["group/again"] = made["group"]
    assert len(READER.read((tmp_path / "a.h5",), silent).train) == 20


def test_a_model_of_keras_is_no_set_of_digits(tmp_path: Path) -> None:
    path = hdf5(tmp_path / "model.h5", model_weights__dense__kernel=np.zeros((3, 3)))
    with pytest.raises(DataError, match=r"model\.h5 is a model of Keras, not a set of digits"):
        READER.read((path,), silent)


def test_what_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as made:
        made["y"] = DIGITS.labels
        made.create_dataset("x", (1_000_000, 28, 28), np.uint8, chunks=(1000, 28, 28), compression="gzip")
    monkeypatch.setattr(hdf5_files, "MAX_ARRAYS", 1_000_000)
    with pytest.raises(DataError, match="x is empty or has more than 1,000,000 bytes"):
        READER.read((tmp_path / "a.h5",), silent)


@pytest.mark.parametrize("keep", [100, 3000])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, keep: int) -> None:
    path = hdf5(tmp_path / "a.h5", x=DIGITS.images, y=DIGITS.labels)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DataError, match=r"a\.h5 cannot be read as HDF5"):
        READER.read((path,), silent)
