import io
import subprocess
import sys

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from mnist_dash.errors import DataError
from mnist_dash.figures.digits import draw_digit, draw_rows, draw_sheet, sheet_width
from mnist_dash.figures.theme import load_palette, rgb_of

INK = load_palette(dark=False)
BLANK = np.zeros((28, 28), np.uint8)


def opened(content: bytes) -> npt.NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def spot(value: int) -> npt.NDArray[np.uint8]:
    image = BLANK.copy()
    image[10, 20] = value
    return image


@pytest.mark.parametrize("dark", [False, True])
def test_full_ink_and_bare_paper_have_the_colours_of_the_theme(dark: bool) -> None:
    colours = load_palette(dark)
    picture = opened(draw_digit(spot(255), colours, scale=10))
    assert tuple(picture[105, 205]) == rgb_of(colours.ink)
    assert tuple(picture[50, 50]) == rgb_of(colours.paper)


def test_grey_lies_between_paper_and_ink() -> None:
    picture = opened(draw_digit(spot(51), INK, scale=10))
    expected = 0.8 * np.array(rgb_of(INK.paper)) + 0.2 * np.array(rgb_of(INK.ink))
    np.testing.assert_allclose(picture[105, 205], expected, atol=1)


def test_a_pixel_is_a_crisp_square() -> None:
    picture = opened(draw_digit(spot(255), INK, scale=10))
    assert picture.shape == (280, 280, 3)
    inked = (picture == rgb_of(INK.ink)).all(axis=2)
    assert inked[100:110, 200:210].all()
    assert inked.sum() == 100


def test_the_frame_hides_no_ink() -> None:
    image = BLANK.copy()
    image[0, 0] = 255
    picture = opened(draw_digit(image, INK, scale=4))
    assert tuple(picture[0, 0]) == rgb_of(INK.ink)
    assert tuple(picture[0, 60]) not in (rgb_of(INK.ink), rgb_of(INK.paper))


def test_a_sheet_fills_rows_and_leaves_the_rest_bare() -> None:
    picture = opened(draw_sheet(np.full((3, 28, 28), 255, np.uint8), INK, columns=2, scale=1, gap=4))
    assert picture.shape == (2 * 32 + 4, 2 * 32 + 4, 3)
    centres = [tuple(picture[y, x]) == rgb_of(INK.ink) for y in (18, 50) for x in (18, 50)]
    assert centres == [True, True, True, False]


@pytest.mark.parametrize(("columns", "scale", "gap"), [(1, 8, 0), (3, 2, 6)])
def test_the_width_of_a_sheet_is_known_before_it_is_drawn(columns: int, scale: int, gap: int) -> None:
    picture = opened(draw_sheet(np.zeros((columns, 28, 28), np.uint8), INK, columns, scale, gap))
    assert picture.shape[1] == sheet_width(columns, scale, gap)


def test_captions_stand_below_their_digits() -> None:
    plain = opened(draw_sheet(BLANK[np.newaxis], INK, columns=1, scale=2, gap=0))
    captioned = opened(draw_sheet(BLANK[np.newaxis], INK, columns=1, scale=2, gap=0, captions=["4 as 9"]))
    np.testing.assert_array_equal(captioned[:56], plain)
    assert (captioned[56:] != rgb_of(INK.paper)).any()


@pytest.mark.parametrize("shape", [(28, 28), (0, 28, 28), (2, 28, 27)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(DataError, match="allowed is"):
        draw_sheet(np.zeros(shape, np.uint8), INK, columns=1)


def test_captions_that_do_not_fit_are_refused() -> None:
    with pytest.raises(DataError, match="one for each digit"):
        draw_sheet(BLANK[np.newaxis], INK, columns=1, captions=["a", "b"])


def test_drawing_digits_loads_no_plotly() -> None:
    code = "import sys, mnist_dash.figures.digits; sys.exit('plotly' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_rows_leave_the_place_of_what_is_missing_bare() -> None:
    full = np.full((28, 28), 255, np.uint8)
    picture = opened(draw_rows([[full, None], [BLANK, full]], INK, scale=1, gap=4))
    assert picture.shape == (2 * 32 + 4, 2 * 32 + 4, 3)
    ink, paper = rgb_of(INK.ink), rgb_of(INK.paper)
    assert (picture[4:32, 4:32] == ink).all()
    assert (picture[4:32, 36:64] == paper).all()
    # A blank image has its frame all the same.
    assert tuple(picture[36, 4]) not in (ink, paper)
    assert (picture[36:64, 36:64] == ink).all()
