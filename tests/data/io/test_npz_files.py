"""NPZ files are read by the names of their arrays, and no object of theirs is ever loaded."""

import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.io import npz_files
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.npz_files import holds_arrays_alone, read_npz_set
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError
from tests.data.samples import sample, write_npz

IMAGES, LABELS = (digits := sample(20, 0)).images, digits.labels


def test_both_splits_come_back_under_the_names_of_keras(tmp_path: Path) -> None:
    train, test = sample(20, 0), sample(10, 1)
    write_npz(tmp_path / "mnist.npz", train, test)
    with np.load(tmp_path / "mnist.npz") as archive:
        assert sorted(archive) == ["x_test", "x_train", "y_test", "y_train"]
    found = read_npz_set((tmp_path / "mnist.npz",), silent)
    assert np.array_equal(found.train.images, train.images)
    assert found.test is not None
    assert np.array_equal(found.test.labels, test.labels)
    assert found.notes == ()


class Trap:
    """Whoever unpickles it, fails the test."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return pytest.fail, ("it was unpickled",)


def test_objects_are_refused_without_unpickling_and_it_is_said_how_to_save_them(tmp_path: Path) -> None:
    traps = np.array([Trap(), Trap()], object)
    for arrays in ({"x_train": traps, "y_train": LABELS}, {"x_train": IMAGES, "y_train": traps}):
        np.savez(tmp_path / "a.npz", **arrays)  # type: ignore[arg-type]
        with pytest.raises(DataError, match=r'Save it as numbers: np\.savez\("digits\.npz", x_train=np\.stack\(x\)'):
            read_npz_set((tmp_path / "a.npz",), silent)


def test_objects_that_are_not_needed_do_not_matter(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x_train=IMAGES, y_train=LABELS, extra=np.array([Trap()], object))
    assert read_npz_set((tmp_path / "a.npz",), silent).notes == ("extra is not used.",)


def test_a_file_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_npz(tmp_path / "a.npz", digits)
    monkeypatch.setattr(npz_files, "MAX_ARRAYS", 10_000)
    with pytest.raises(DataError, match=r"holds [\d,]+ bytes; allowed are 10,000"):
        read_npz_set((tmp_path / "a.npz",), silent)


@pytest.mark.parametrize("entry", ["model/data.pkl", "config.json", "word/document.xml"])
def test_other_programs_files_that_are_zips_are_left_aside(tmp_path: Path, entry: str) -> None:
    """A network of PyTorch or Keras, or a document, beside the data."""
    write_npz(tmp_path / "digits.bin", sample(20, 0), sample(10, 1))
    with zipfile.ZipFile(tmp_path / "amodel.ptl", "w") as made:
        made.writestr(entry, b"something")
        made.writestr("version", b"3")
    found = read_dataset([tmp_path])
    assert len(found.dataset.train) == 20
    assert any(note.startswith("amodel.ptl is no part of the set") for note in found.notes)
    (tmp_path / "digits.bin").unlink()
    with pytest.raises(DataError) as refused:
        read_dataset([tmp_path])
    assert "amodel.ptl" in str(refused.value)
    assert "NPZ:" not in str(refused.value)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    write_npz(path, digits)
    whole = path.read_bytes()
    for content in (whole[:-30], whole[:4000] + b"\x00" * 100 + whole[4100:], b"PK\x03\x04", pickle.dumps(LABELS)):
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"a\.npz cannot be (read as NPZ|opened as ZIP)"):
            read_npz_set((path,), silent)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["x.npy", "y.npy"], True),
        (["data/x.npy", "data/y.npy"], True),
        (["train/x.npy", "test/x.npy"], False),
        (["x.npy", "README"], False),
    ],
)
def test_a_zip_of_arrays_alone_is_an_npz(names: list[str], expected: bool) -> None:
    assert holds_arrays_alone(names) is expected


def test_validation_images_join_the_training_images_and_it_is_told(tmp_path: Path) -> None:
    more, test = sample(10, 1), sample(5, 2)
    for name in ("x_val", "x_valid", "X_Validation"):
        arrays = {name: more.images, f"y{name[1:]}": more.labels, "x_test": test.images, "y_test": test.labels}
        np.savez(tmp_path / "a.npz", x_train=IMAGES, y_train=LABELS, **arrays)  # type: ignore[arg-type]
        found = read_npz_set((tmp_path / "a.npz",), silent)
        assert np.array_equal(found.train.images, np.concatenate([IMAGES, more.images]))
        assert np.array_equal(found.train.labels, np.concatenate([LABELS, more.labels]))
        assert found.test is not None
        assert len(found.test) == 5
        told = f"The 10 images of {name} joined the training images: a run draws its own validation images."
        assert found.notes == (told,)
