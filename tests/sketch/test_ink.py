"""Whatever a person brings becomes the same ink, or an error that says why not."""

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from mnist_dash.arrays import Ink
from mnist_dash.errors import ImageError
from mnist_dash.sketch import pen
from mnist_dash.sketch.image_files import MAX_PIXELS
from mnist_dash.sketch.ink import read_as_is, read_ink
from mnist_dash.sketch.mnist_preprocessing import preprocess
from mnist_dash.sketch.uneven_light import otsu_threshold

Grey = npt.NDArray[np.float64]


def a_seven(width: int = 300, height: int = 240) -> Ink:
    points = np.array([[0.35, 0.2], [0.62, 0.18], [0.5, 0.5], [0.45, 0.82]]) * (width, height)
    return pen.draw([points], width, height, 0.06 * height)


def sheet(paper: float = 255, ink: float = 0, width: int = 300, height: int = 240) -> Grey:
    """Grey levels of a 7 on paper."""
    return np.where(a_seven(width, height), ink, paper).astype(np.float64)


def picture(grey: Grey) -> Image.Image:
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def image_of(ink: Ink) -> npt.NDArray[np.int64]:
    found = preprocess(ink)
    assert found is not None
    return found.image.astype(np.int64)


def assert_reads_as_seven(ink: Ink) -> None:
    """The 28×28 image differs from that of the drawing by less than a shift of one pixel would."""
    assert np.abs(image_of(ink) - image_of(a_seven())).mean() < 6


def noise(shape: tuple[int, int], spread: float) -> Grey:
    return np.random.default_rng(0).normal(0, spread, shape)


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (0, 255), (200, 90), (90, 200), (240, 200), (12, 50)])
def test_dark_ink_on_light_and_light_ink_on_dark_are_the_same(paper: float, ink: float) -> None:
    assert_reads_as_seven(read_ink(picture(sheet(paper, ink))))


@pytest.mark.parametrize(("width", "height"), [(60, 48), (120, 96), (700, 560), (2000, 1600), (900, 240), (200, 700)])
def test_any_size_is_read(width: int, height: int) -> None:
    seven = picture(sheet(width=width, height=height))
    expected = image_of(a_seven(width, height))
    assert np.abs(image_of(read_ink(seven)) - expected).mean() < 10


def test_a_large_picture_is_worked_on_at_a_smaller_size() -> None:
    assert max(read_ink(picture(sheet(width=3000, height=2400))).shape) == 1280


def test_a_mnist_image_comes_out_much_as_it_went_in() -> None:
    image = image_of(a_seven()).astype(np.uint8)
    assert np.abs(image_of(read_ink(Image.fromarray(image))) - image).mean() < 6


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_empty_sheet_has_no_ink(level: int) -> None:
    assert not read_ink(Image.new("L", (100, 80), level)).any()


def test_an_empty_sheet_under_a_camera_has_no_ink() -> None:
    shaded = np.linspace(120, 220, 400) + noise((300, 400), 6)
    assert not read_ink(picture(shaded)).any()


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1), (2, 2)])
def test_a_tiny_picture_of_one_colour_has_no_ink(size: tuple[int, int]) -> None:
    assert not read_ink(Image.new("RGB", size, "white")).any()


@pytest.mark.parametrize("turn", range(4))
def test_uneven_light_is_levelled(turn: int) -> None:
    slope = np.rot90(np.linspace(0.35, 1, 240)[:, np.newaxis] * np.ones(300), 2 * (turn // 2))
    across = np.linspace(0.45, 1, 300) if turn % 2 else 1
    assert_reads_as_seven(read_ink(picture(sheet(230, 60) * slope * across + noise((240, 300), 5))))


def test_dark_corners_are_levelled() -> None:
    y, x = np.ogrid[-1:1:240j, -1:1:300j]
    assert_reads_as_seven(read_ink(picture(sheet(230, 70) * (1 - 0.35 * (x * x + y * y)))))


def test_dust_does_not_stretch_the_digit() -> None:
    grey = sheet()
    grey[[4, 200, 230], [5, 290, 10]] = 0
    assert_reads_as_seven(read_ink(picture(grey)))


def test_a_second_stroke_is_not_dust() -> None:
    points = np.array([[40.0, 60], [45, 60], [50, 60]])
    both = a_seven() | pen.draw([points], 300, 240, 12)
    assert read_ink(picture(np.where(both, 0.0, 255.0)))[60, 45]


def test_ink_that_touches_the_border_stays_ink() -> None:
    rows, columns = np.flatnonzero(a_seven().any(axis=1)), np.flatnonzero(a_seven().any(axis=0))
    tight = sheet()[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert_reads_as_seven(read_ink(picture(tight)))


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (20, 30, 140), (250, 240, 90)])
def test_ink_of_any_colour_on_a_transparent_background_is_ink(colour: tuple[int, int, int]) -> None:
    rgba = np.zeros((240, 300, 4), np.uint8)
    rgba[a_seven()] = (*colour, 255)
    assert_reads_as_seven(read_ink(Image.fromarray(rgba)))


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (0, 255)])
def test_paper_with_transparent_corners_is_paper(paper: int, ink: int) -> None:
    rgba = np.zeros((240, 300, 4), np.uint8)
    rgba[..., :3] = sheet(paper, ink)[..., np.newaxis]
    rgba[30:210, 30:270, 3] = 255
    assert_reads_as_seven(read_ink(Image.fromarray(rgba)))


def test_a_fully_transparent_picture_has_no_ink() -> None:
    assert not read_ink(Image.new("RGBA", (50, 50), (0, 0, 0, 0))).any()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I", "F", "I;16"])
def test_every_pixel_format_is_read(mode: str) -> None:
    grey = sheet(230, 20)
    sixteen = Image.fromarray((grey * 257).astype(np.uint16))
    image = sixteen if mode == "I;16" else picture(grey).convert(mode)
    assert_reads_as_seven(read_ink(image))


def test_a_picture_in_thirty_two_bits_may_hold_sixteen_bit_values() -> None:
    assert_reads_as_seven(read_ink(Image.fromarray((sheet() * 257).astype(np.int32))))


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_a_picture_of_sixteen_bits_may_use_fewer(bits: int) -> None:
    grey = sheet(230, 20) / 255 * (2**bits - 1)
    assert_reads_as_seven(read_ink(Image.fromarray(grey.astype(np.uint16))))


def test_shares_of_light_are_grey_levels() -> None:
    assert_reads_as_seven(read_ink(Image.fromarray((sheet(230, 20) / 255).astype(np.float32))))


@pytest.mark.parametrize("size", [(1, 10_000), (10_000, 1), (3, 9_000)])
@pytest.mark.parametrize("level", [0, 255])
def test_a_picture_of_any_shape_is_read_or_empty(size: tuple[int, int], level: int) -> None:
    picture = Image.new("L", size, level)
    assert not read_ink(picture).any()
    picture.putpixel((size[0] // 2, size[1] // 2), 255 - level)
    assert read_ink(picture).sum() <= 4


def test_a_picture_over_the_limit_is_refused() -> None:
    with pytest.raises(ImageError, match="40 megapixels"):
        read_ink(Image.new("1", (10_000, MAX_PIXELS // 10_000 + 1)))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "I;16"])
def test_a_mnist_image_is_taken_as_it_is(mode: str) -> None:
    grey = np.where(np.eye(28, dtype=bool), 255, 0).astype(np.uint8)
    image = Image.fromarray(grey.astype(np.uint16) * 257) if mode == "I;16" else Image.fromarray(grey).convert(mode)
    taken = read_as_is(image)
    assert taken.dtype == np.uint8
    assert np.array_equal(taken, grey)


def test_grey_values_are_taken_as_they_are() -> None:
    grey = np.arange(784, dtype=np.uint16).reshape(28, 28).astype(np.uint8)
    assert np.array_equal(read_as_is(Image.fromarray(grey)), grey)


def test_transparent_pixels_are_black_when_taken_as_they_are() -> None:
    assert not read_as_is(Image.new("RGBA", (28, 28), (255, 255, 255, 0))).any()


def test_another_size_is_not_taken_as_it_is() -> None:
    with pytest.raises(ImageError, match="30×28 pixels"):
        read_as_is(Image.new("L", (30, 28)))


def test_the_threshold_lies_midway_between_two_levels() -> None:
    assert otsu_threshold(np.array([[10.0, 10, 200, 200, 200]])) == pytest.approx(104.5)


def test_the_threshold_parts_two_noisy_levels_of_unequal_share() -> None:
    rng = np.random.default_rng(0)
    grey = np.concatenate([rng.normal(60, 8, 500), rng.normal(190, 12, 9500)])
    assert 85 < otsu_threshold(grey) < 150
