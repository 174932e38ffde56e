"""Clean pictures keep all of their ink: any pen, any sheet, any margin, either polarity; photos are told from them."""

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from mnist_dash.arrays import Floats, Ink
from mnist_dash.sketch import pen
from mnist_dash.sketch.even_light import find_ink, is_plainly_uneven
from mnist_dash.sketch.ink import read_ink
from mnist_dash.sketch.mnist_preprocessing import preprocess

FOUR = (np.array([[0.3, 0.1], [0.15, 0.6], [0.8, 0.6]]), np.array([[0.6, 0.3], [0.6, 0.95]]))
"""A 4 with a stem of its own, as shares of its box."""
FINER = 4


def cover_of(size: int, breadth: float, margin: int) -> tuple[Ink, Floats]:
    """The 4, finely drawn, and the share of each pixel of a picture that it covers."""
    side = size + 2 * margin
    ink = pen.draw([(stroke * size + margin) * FINER for stroke in FOUR], side * FINER, side * FINER, breadth * FINER)
    return ink, ink.reshape(side, FINER, side, FINER).mean(axis=(1, 3))


def levels(cover: Floats, paper: float = 255, ink: float = 0) -> Image.Image:
    return Image.fromarray(np.rint(paper + (ink - paper) * cover).astype(np.uint8))


def cropped(cover: Floats) -> Floats:
    rows, columns = np.flatnonzero((cover > 0).any(axis=1)), np.flatnonzero((cover > 0).any(axis=0))
    return cover[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def image_of(ink: Ink) -> npt.NDArray[np.int64]:
    made = preprocess(ink)
    assert made is not None
    return made.image.astype(np.int64)


def assert_alike(ink: Ink, drawn: Ink) -> None:
    """No stroke is missing, and none is there that was not drawn; all of them may stand a pixel further."""
    found, expected = image_of(ink), image_of(drawn)
    ways = ((down, across) for down in (-1, 0, 1) for across in (-1, 0, 1))
    assert min(np.abs(np.roll(found, way, (0, 1)) - expected).mean() for way in ways) < 8


@pytest.mark.parametrize(("size", "breadth"), [(40, 1), (40, 6), (300, 1), (300, 3), (600, 3), (1200, 1), (1200, 40)])
@pytest.mark.parametrize("margin", [0, 1, 300])
def test_a_line_of_any_breadth_keeps_all_its_strokes(size: int, breadth: float, margin: int) -> None:
    drawn, cover = cover_of(size, breadth, margin)
    assert_alike(read_ink(levels(cover if margin else cropped(cover))), drawn)


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (0, 255), (190, 120), (60, 130)])
@pytest.mark.parametrize("margin", [0, 1, 60])
def test_either_polarity_is_told_by_corners_and_border(paper: float, ink: float, margin: int) -> None:
    drawn, cover = cover_of(120, 10, margin)
    assert_alike(read_ink(levels(cover if margin else cropped(cover), paper, ink)), drawn)


@pytest.mark.parametrize("side", [8, 10, 14, 20])
def test_a_picture_of_few_pixels_keeps_its_strokes(side: int) -> None:
    drawn, cover = cover_of(160, 20, 16)
    small = np.asarray(Image.fromarray(cover.astype(np.float32)).resize((side, side), Image.Resampling.BOX))
    found = image_of(read_ink(levels(small / small.max(), 0, 255)))
    assert np.abs(found - image_of(drawn)).mean() < 30
    assert found[16, 20] > 100  # the stem


@pytest.mark.parametrize("light", [False, True])
def test_a_digit_cut_out_wherever_there_is_grey_keeps_its_ink(light: bool) -> None:
    drawn, cover = cover_of(120, 8, 10)
    rgba = np.zeros((*cover.shape, 4), np.uint8)
    rgba[..., :3] = np.rint(255 * (cover if light else 1 - cover))[..., np.newaxis]
    rgba[..., 3] = 255 * (cover > 0)
    assert_alike(read_ink(Image.fromarray(rgba)), drawn)


def test_what_is_told_of_the_ink_outweighs_the_border() -> None:
    framed = np.full((280, 280), 255.0)
    framed[70:-70, 70:-70] = 0
    assert find_ink(framed, ink_is_dark=True).ink[140, 140]
    assert not find_ink(framed, ink_is_dark=False).ink[140, 140]


def test_even_light_explains_every_drawing_and_no_shadow_in_a_large_picture() -> None:
    _, cover = cover_of(300, 12, 40)
    grey = np.asarray(255 * (1 - cover), np.float64)
    assert all(find_ink(grey).explains(large=large) for large in (False, True))
    shadow = np.where(np.arange(grey.shape[1]) + 0.3 * np.arange(len(grey))[:, np.newaxis] > 260, 0.6, 1)
    assert not find_ink(grey * shadow).explains(large=True)


@pytest.mark.parametrize(("breadth", "margin"), [(1, 1), (3, 300), (40, 0)])
def test_no_clean_picture_is_plainly_a_photo(breadth: float, margin: int) -> None:
    assert not is_plainly_uneven(np.asarray(levels(cover_of(600, breadth, margin)[1]), np.float64))


def test_a_page_half_in_the_dark_is_plainly_a_photo() -> None:
    grey = np.asarray(levels(cover_of(600, 20, 100)[1]), np.float64)
    grey[:, : grey.shape[1] // 2] *= 0.6
    assert is_plainly_uneven(grey)


@pytest.mark.parametrize("shape", [(640, 480), (1, 700), (700, 3)])
def test_an_empty_sheet_is_not_plainly_a_photo(shape: tuple[int, int]) -> None:
    assert not is_plainly_uneven(np.full(shape, 250.0))
