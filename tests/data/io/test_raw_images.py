"""Arrays of other sides, colours and scales are understood, and what cannot be digits is refused."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from mnist_dash.data.generator.writers import generate
from mnist_dash.data.io.csv_files import read_csv_set
from mnist_dash.data.io.idx_files import read_idx_set
from mnist_dash.data.io.npz_files import read_npz_set
from mnist_dash.data.io.raw_images import RawDataset, decode_labels
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError
from tests.data.samples import write_idx

IMAGES, LABELS = (digits := generate(20, 0)).images, digits.labels


def npz(path: Path, **arrays: npt.ArrayLike) -> RawDataset:
    np.savez(path / "a.npz", **arrays)  # type: ignore[arg-type]
    return read_npz_set((path / "a.npz",), silent)


@pytest.mark.parametrize(
    "images",
    [
        IMAGES.reshape(20, 784),
        IMAGES[..., np.newaxis],
        np.repeat(IMAGES[..., np.newaxis], 3, axis=3),
        np.repeat(IMAGES[:, np.newaxis], 3, axis=1),
        np.concatenate([np.repeat(IMAGES[..., np.newaxis], 3, axis=3), np.full((20, 28, 28, 1), 255)], axis=3),
        IMAGES.astype(np.int64),
        IMAGES.astype(np.float64),
        IMAGES / 255,
        (IMAGES / 255).astype(np.float32),
    ],
    ids=["rows", "channel", "colour", "channels first", "alpha", "int64", "float", "shares", "float32 shares"],
)
def test_the_same_images_are_the_same_in_any_shape_and_type(tmp_path: Path, images: npt.ArrayLike) -> None:
    found = npz(tmp_path, x_train=images, y_train=LABELS)
    assert found.train.images.dtype == np.uint8
    assert np.array_equal(found.train.images, IMAGES)
    assert found.test is None


def test_colours_are_as_bright_as_they_look(tmp_path: Path) -> None:
    images = np.zeros((4, 8, 8, 3), np.uint8)
    images[0, ..., 0] = images[1, ..., 1] = images[2, ..., 2] = images[3] = 255
    found = npz(tmp_path, x_train=images, y_train=[0, 1, 2, 3])
    assert found.train.images[:, 0, 0].tolist() == [76, 150, 29, 255]


def test_few_grey_levels_are_stretched_over_both_splits_and_it_is_told(tmp_path: Path) -> None:
    images = np.arange(17, dtype=np.float64).reshape(17, 1, 1) * np.ones((17, 8, 8))
    found = npz(tmp_path, x_train=images, y_train=np.arange(17) % 10, x_test=images[:3], y_test=[0, 1, 2])
    assert found.train.images[[0, 8, 16], 0, 0].tolist() == [0, 128, 255]
    assert found.test is not None
    assert found.test.images[:, 0, 0].tolist() == [0, 16, 32]
    assert found.notes == ("Values from 0 to 16 were stretched to 0 to 255.",)
    binary = npz(tmp_path, x_train=IMAGES > 127, y_train=LABELS)
    assert np.array_equal(binary.train.images, (IMAGES > 127) * np.uint8(255))


@pytest.mark.parametrize(
    "labels",
    [
        LABELS.reshape(-1, 1),
        LABELS.reshape(1, -1),
        LABELS.astype(np.float64),
        LABELS.astype(np.int64).reshape(-1, 1),
        LABELS.astype(np.str_),
        np.array([f" {label}.0" for label in LABELS]),
        LABELS.astype(np.str_).astype(np.bytes_),
        np.eye(10)[LABELS],
        np.eye(10, dtype=bool)[LABELS],
        np.eye(10, dtype=np.int32)[LABELS],
    ],
    ids=["column", "row", "float", "int64 column", "words", "words with .0", "bytes", "one-hot", "bools", "ints"],
)
def test_the_same_labels_are_the_same_in_any_shape_and_type(labels: npt.NDArray[np.generic]) -> None:
    decoded = decode_labels(labels)
    assert decoded.dtype == np.uint8
    assert np.array_equal(decoded, LABELS)


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"a": IMAGES}, "holds a; needed are x_train and y_train"),
        ({"x_train": IMAGES, "y_train": LABELS[:3]}, "20 images but 3 labels"),
        ({"x_train": IMAGES, "y_train": LABELS + 1}, "is 10; allowed are the digits 0 to 9"),
        ({"x_train": IMAGES, "y_train": LABELS - 0.5}, "labels run from -0.5 to 8.5"),
        ({"x_train": IMAGES, "y_train": np.full(20, np.nan)}, "labels run from nan to nan"),
        ({"x_train": IMAGES - 1.0, "y_train": LABELS}, "values run from -1 to 254; allowed are 0 to 1 or 0 to 255"),
        ({"x_train": IMAGES * 300.0, "y_train": LABELS}, "values run from 0 to 76500"),
        ({"x_train": np.full((20, 8, 8), np.nan), "y_train": LABELS}, "values run from nan to nan"),
        ({"x_train": IMAGES[:, :, :, None].repeat(2, 3), "y_train": LABELS}, "allowed are 1, 3 or 4 channels"),
        ({"x_train": np.zeros((20, 7), np.uint8), "y_train": LABELS}, "allowed are up to 512×512"),
        ({"x_train": np.zeros((2, 513, 2), np.uint8), "y_train": LABELS[:2]}, "allowed are up to 512×512"),
        ({"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES[:, 1:], "y_test": LABELS}, "of different sizes"),
        ({"x_train": IMAGES, "y_train": np.array(["seven"] * 20)}, "labels are words such as 'seven'; allowed are"),
        ({"x_train": IMAGES, "y_train": np.full((20, 10), 0.1)}, r"float64 of shape \(20, 10\), but no one-hot rows"),
        ({"x_train": IMAGES, "y_train": np.eye(10)[LABELS] * 2}, "but no one-hot rows: each must have a single 1"),
    ],
)
def test_what_cannot_be_digits_is_refused(tmp_path: Path, arrays: dict[str, npt.ArrayLike], words: str) -> None:
    with pytest.raises(DataError, match=rf"a\.npz.*{words}"):
        npz(tmp_path, **arrays)


def test_idx_files_may_hold_other_sides_and_one_split(tmp_path: Path) -> None:
    write_idx(tmp_path / "images", IMAGES[:, 4:-4, 6:-6])
    write_idx(tmp_path / "labels", LABELS)
    found = read_idx_set((tmp_path / "images", tmp_path / "labels"), silent)
    assert found.train.images.shape == (20, 20, 16)
    assert found.test is None


@pytest.mark.parametrize("side", [8, 28])
def test_rows_may_be_of_any_square_image(tmp_path: Path, side: int) -> None:
    small = IMAGES[:, :side, :side]
    np.savetxt(tmp_path / "a.csv", np.column_stack([LABELS, small.reshape(20, -1)]), "%d", ",")
    shares: list[float] = []
    found = read_csv_set((tmp_path / "a.csv",), lambda _text, share: shares.append(share))
    assert np.array_equal(found.train.images, small)
    assert shares[-1] == 1


def test_rows_without_labels_are_left_aside_or_refused(tmp_path: Path) -> None:
    np.savetxt(tmp_path / "a.csv", np.column_stack([LABELS, IMAGES.reshape(20, -1)]), "%d", ",")
    np.savetxt(tmp_path / "test.csv", IMAGES.reshape(20, -1), "%d", ",")
    found = read_csv_set((tmp_path / "a.csv", tmp_path / "test.csv"), silent)
    assert found.notes == ("test.csv has no labels and is not used.",)
    with pytest.raises(DataError, match=r"test\.csv has images without labels"):
        read_csv_set((tmp_path / "test.csv",), silent)
