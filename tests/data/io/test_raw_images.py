"""Arrays of other sides, colours and scales are understood, and what cannot be digits is refused."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from mnist_dash.data.generator.writers import generate
from mnist_dash.data.io import raw_images
from mnist_dash.data.io.raw_images import RawDataset, read_csv_set, read_idx_set, read_npz_set
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
    found = npz(tmp_path, x_train=images, y_train=np.arange(17) % 10, x_test=images[:2] / 16, y_test=[0, 1])
    assert found.train.images[[0, 8, 16], 0, 0].tolist() == [0, 128, 255]
    assert found.test is not None
    assert found.test.images[:, 0, 0].tolist() == [0, 1]
    assert found.notes == ("Values from 0 to 16 were stretched to 0 to 255.",)
    binary = npz(tmp_path, x_train=IMAGES > 127, y_train=LABELS)
    assert np.array_equal(binary.train.images, (IMAGES > 127) * np.uint8(255))


@pytest.mark.parametrize(
    "names", ["X_train y_train X_test y_test", "train_images train_labels test_images test_labels"]
)
def test_usual_names_of_arrays_are_known(tmp_path: Path, names: str) -> None:
    found = npz(tmp_path, **dict(zip(names.split(), (IMAGES, LABELS, IMAGES[:5], LABELS[:5]), strict=True)))
    assert (len(found.train), len(found.test or ())) == (20, 5)
    one = npz(tmp_path, images=IMAGES, labels=LABELS.reshape(-1, 1).astype(float))
    assert np.array_equal(one.train.labels, LABELS)


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
        ({"x_train": IMAGES.astype(object), "y_train": LABELS}, "cannot be read as NPZ: Object arrays"),
    ],
)
def test_what_cannot_be_digits_is_refused(tmp_path: Path, arrays: dict[str, npt.ArrayLike], words: str) -> None:
    with pytest.raises(DataError, match=rf"a\.npz.*{words}"):
        npz(tmp_path, **arrays)


def test_an_npz_file_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_images, "MAX_ARRAYS", 10_000)
    with pytest.raises(DataError, match=r"holds [\d,]+ bytes; allowed are 10,000"):
        npz(tmp_path, x_train=IMAGES, y_train=LABELS)


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
