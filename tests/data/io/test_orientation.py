"""Digits that lie on their side are noticed by what a model reads in them, and put upright where that is asked."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_dash.arrays import Images, Probabilities
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.generator.parameters import Handwriting
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.io.importing import read_dataset
from mnist_dash.data.io.normalising import Fit
from mnist_dash.data.io.orientation import (
    WAYS,
    Ask,
    Orientation,
    Suspicion,
    lay_down,
    put_picture_upright,
    put_upright,
    suspect_orientation,
)
from mnist_dash.data.io.sources import ReadingOptions
from mnist_dash.models.bundled import DEFAULT, load_bundled
from tests.data.archives import png, zipped
from tests.data.samples import write_npz

CALM = generate(80, 0, handwriting=Handwriting(difference=0.5, variation=0.5, gaps=0.0))
"""Digits that the bundled reader reads without a fault, and too few to take long."""
WRONG = tuple(way for way in Orientation if way is not Orientation.AS_IS)
PICTURE = np.arange(12, dtype=np.uint8).reshape(1, 3, 4)
LYING = {
    Orientation.TRANSPOSED: PICTURE.swapaxes(1, 2),
    Orientation.MIRRORED: PICTURE[:, :, ::-1],
    Orientation.FLIPPED: PICTURE[:, ::-1],
    Orientation.TURNED_RIGHT: np.rot90(PICTURE, -1, (1, 2)),
    Orientation.TURNED_LEFT: np.rot90(PICTURE, 1, (1, 2)),
    Orientation.UPSIDE_DOWN: PICTURE[:, ::-1, ::-1],
}


def laid(way: Orientation, digits: Digits = CALM) -> Dataset:
    images = lay_down(digits.images, way)
    return Dataset("mine", Digits(images[:50], digits.labels[:50]), Digits(images[50:], digits.labels[50:]), "here")


@pytest.fixture(scope="module")
def reader() -> Ask:
    """The bundled reader."""
    return load_bundled(DEFAULT).probabilities


@pytest.mark.parametrize("way", WRONG)
def test_images_and_pictures_that_lie_so_are_put_upright(way: Orientation) -> None:
    assert np.array_equal(put_upright(LYING[way], way), PICTURE)
    assert np.array_equal(lay_down(PICTURE, way), LYING[way])
    picture = Image.fromarray(LYING[way][0]).convert("RGB")
    assert np.array_equal(np.asarray(put_picture_upright(picture, way).convert("L")), PICTURE[0])


def test_upright_images_stay_as_they_are() -> None:
    assert put_upright(PICTURE, Orientation.AS_IS) is PICTURE
    assert lay_down(PICTURE, Orientation.AS_IS) is PICTURE


@pytest.mark.parametrize("way", WRONG)
def test_the_reader_notices_how_digits_lie(way: Orientation, reader: Ask) -> None:
    found = suspect_orientation(laid(way), reader)
    assert found is not None
    assert found.orientation is way
    assert (found.as_they_lie < 0.6, found.upright > 0.9) == (True, True)


def test_upright_digits_are_asked_once_and_not_doubted(reader: Ask) -> None:
    asked: list[int] = []

    def ask(images: Images) -> Probabilities:
        asked.append(len(images))
        return reader(images)

    assert suspect_orientation(laid(Orientation.AS_IS), ask) is None
    assert asked == [80]


def test_a_set_that_nobody_can_read_and_a_tiny_one_are_not_doubted(reader: Ask) -> None:
    noise = np.random.default_rng(0).integers(0, 256, CALM.images.shape).astype(np.uint8)
    assert suspect_orientation(laid(Orientation.AS_IS, Digits(noise, CALM.labels)), reader) is None
    wrong = Digits(CALM.images, (CALM.labels + 1) % 10)
    assert suspect_orientation(laid(Orientation.AS_IS, wrong), reader) is None
    few = laid(Orientation.TRANSPOSED, CALM.take(slice(0, 55)))
    tiny = Dataset("mine", few.train.take(slice(0, 10)), few.test, "here")
    assert suspect_orientation(tiny, reader) is None


def test_at_most_500_images_of_both_splits_are_asked() -> None:
    asked: list[int] = []

    def ask(images: Images) -> Probabilities:
        asked.append(len(images))
        return np.eye(10, dtype=np.float32)[np.zeros(len(images), int)]

    many = Digits(np.zeros((2_000, 28, 28), np.uint8), np.zeros(2_000, np.uint8))
    assert suspect_orientation(Dataset("mine", many, many, "here"), ask) is None
    assert asked == [500]


def test_a_suspicion_says_both_shares() -> None:
    assert Suspicion(Orientation.TRANSPOSED, 0.131, 0.962).describe() == (
        "These digits look transposed: the reader reads 13 % as they lie and 96 % transposed."
    )
    assert len({way.look for way in WAYS.values()}) == len(Orientation)


def test_a_transposed_import_is_told_and_only_turned_where_that_is_asked(tmp_path: Path, reader: Ask) -> None:
    write_npz(tmp_path / "a.npz", laid(Orientation.TRANSPOSED).train, laid(Orientation.TRANSPOSED).test)
    found = read_dataset([tmp_path / "a.npz"], ask=reader)
    assert found.orientation is Orientation.AS_IS
    assert found.suspicion is not None
    assert found.suspicion.orientation is Orientation.TRANSPOSED
    assert np.array_equal(found.dataset.train.images, laid(Orientation.TRANSPOSED).train.images)
    turned = read_dataset([tmp_path / "a.npz"], ReadingOptions(orientation=Orientation.TRANSPOSED), ask=reader)
    assert (turned.orientation, turned.suspicion) == (Orientation.TRANSPOSED, None)
    assert np.array_equal(turned.dataset.train.images, CALM.images[:50])
    assert np.array_equal(turned.dataset.test.images, CALM.images[50:])
    assert read_dataset([tmp_path / "a.npz"]).suspicion is None


@pytest.mark.parametrize("side", [28, 60])
def test_pictures_are_put_upright_once_whatever_their_size(tmp_path: Path, side: int) -> None:
    large = np.stack([np.asarray(Image.fromarray(image).resize((side, side))) for image in CALM.images])

    def written(images: Images) -> dict[str, bytes]:
        return {f"{CALM.labels[n]}/{n}.png": png(image) for n, image in enumerate(images)}

    fit = Fit.AS_IS if side == 28 else Fit.CENTRE
    upright = read_dataset([zipped(tmp_path / "a.zip", written(large))])
    lying = zipped(tmp_path / "b.zip", written(lay_down(large, Orientation.TURNED_LEFT)))
    found = read_dataset([lying], ReadingOptions(orientation=Orientation.TURNED_LEFT))
    assert (found.fit, upright.fit) == (fit, fit)
    assert np.array_equal(found.dataset.train.images, upright.dataset.train.images)
