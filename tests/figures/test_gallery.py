import io

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from mnist_dash.errors import DataError
from mnist_dash.figures.gallery import draw_gallery, gallery_width
from mnist_dash.figures.theme import Palette, load_palette, rgb_of
from mnist_dash.runs.records import Answers

INK = load_palette(dark=False)
IMAGES = np.zeros((2, 28, 28), np.uint8)
IMAGES[:, 10, 20] = 255
LABELS = np.array([4, 9], np.uint8)
ANSWERS = Answers((4, 4), (0.75, 0.25))
Picture = npt.NDArray[np.uint8]


def opened(content: bytes) -> Picture:
    return np.asarray(Image.open(io.BytesIO(content)))


def tiles(content: bytes) -> list[Picture]:
    """The two tiles of a gallery of two, with what stands below them."""
    picture = opened(content)
    return [picture[16:-16, 16 + i * 128 : 128 + i * 128] for i in range(2)]


def has(picture: Picture, colour: str) -> bool:
    return bool((picture == rgb_of(colour)).all(axis=2).any())


def test_right_and_wrong_have_frames_of_their_own_colour(colours: Palette) -> None:
    right, wrong = tiles(draw_gallery(IMAGES, LABELS, ANSWERS, colours, columns=2))
    assert tuple(right[0, 0]) == tuple(right[3, 56]) == rgb_of(colours.right)
    assert tuple(wrong[0, 0]) == tuple(wrong[3, 56]) == rgb_of(colours.wrong)


def test_right_and_wrong_differ_in_shape_too() -> None:
    same = Answers((4, 4), (0.5, 0.5))
    right, wrong = (tile[116:].min(axis=2) < 200 for tile in tiles(draw_gallery(IMAGES, LABELS, same, INK, columns=2)))
    assert (right[:, :56] == wrong[:, :56]).mean() > 0.99
    assert (right[:60, 60:] != wrong[:60, 60:]).mean() > 0.02


def test_the_bar_is_as_long_as_the_network_is_sure() -> None:
    right, wrong = tiles(draw_gallery(IMAGES, LABELS, ANSWERS, INK, columns=2))
    assert (right[120] == rgb_of(INK.right)).all(axis=1).sum() == 84
    assert (wrong[120] == rgb_of(INK.wrong)).all(axis=1).sum() == 28


def test_digits_are_crisp_ink_on_paper(colours: Palette) -> None:
    tile = tiles(draw_gallery(IMAGES, LABELS, ANSWERS, colours, columns=2))[0]
    assert (tile[40:44, 80:84] == rgb_of(colours.ink)).all()
    assert (tile[:112] == rgb_of(colours.ink)).all(axis=2).sum() == 16
    assert tuple(tile[30, 30]) == rgb_of(colours.paper)


def test_digits_that_were_not_asked_yet_are_neither_right_nor_wrong(colours: Palette) -> None:
    picture = opened(draw_gallery(IMAGES, LABELS, None, colours, columns=2))
    assert not has(picture, colours.right)
    assert not has(picture, colours.wrong)
    assert picture.shape == opened(draw_gallery(IMAGES, LABELS, ANSWERS, colours, columns=2)).shape


@pytest.mark.parametrize("columns", [5, 10])
def test_the_picture_has_twice_the_pixels_that_it_is_shown_at(columns: int) -> None:
    twenty = np.zeros((20, 28, 28), np.uint8)
    picture = opened(draw_gallery(twenty, np.zeros(20, np.uint8), None, INK, columns))
    assert picture.shape == (16 + 20 // columns * 220, 2 * gallery_width(columns), 3)


def test_answers_that_do_not_fit_are_refused() -> None:
    with pytest.raises(DataError, match="1 answers for 2 digits"):
        draw_gallery(IMAGES, LABELS, Answers((1,), (0.5,)), INK)


def test_a_gallery_of_nothing_is_refused() -> None:
    with pytest.raises(DataError, match="allowed is"):
        draw_gallery(IMAGES[:0], LABELS[:0], None, INK)
