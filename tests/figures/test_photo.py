"""A photo that was read becomes two pictures: digits in numbered frames, and ink in the theme's colours."""

import io

import numpy as np
import pytest
from PIL import Image

from mnist_dash.figures import photo as figures
from mnist_dash.figures.theme import Palette, rgb_of
from mnist_dash.sketch.photo import Box, Photo

BOXES: list[Box] = [(0.25, 0.5, 0.375, 0.75), (0.0, 0.0, 0.1, 0.2), (0.9, 0.9, 1.0, 1.0)]


def photo(boxes: list[Box], size: tuple[int, int] = (800, 600)) -> Photo:
    ink = np.zeros((size[1], size[0]), bool)
    if boxes:
        ink[size[1] // 2 : size[1] * 3 // 4, size[0] // 4 : size[0] * 3 // 8] = True
    return Photo("photo", Image.new("RGB", size, "white"), ink, [], boxes, [len(boxes)], ())


def pixels(content: bytes) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def test_each_digit_stands_in_a_frame_of_the_accent(colours: Palette) -> None:
    page = pixels(figures.draw_outlines(photo(BOXES).shown, BOXES, colours, 800)).astype(int)
    off = np.abs(page - rgb_of(colours.accent)).sum(axis=-1)
    assert off[375, 194:197].min() < 60
    assert (page[375, 210:290] > 240).all()
    assert page.shape == (600, 800, 3)


@pytest.mark.parametrize("size", [(800, 600), (300, 1200), (3, 2000), (2000, 3)])
def test_pictures_are_as_wide_as_asked_and_not_too_high(colours: Palette, size: tuple[int, int]) -> None:
    for content in (
        figures.draw_outlines(photo([], size).shown, [], colours, 600),
        figures.draw_ink(photo([], size), colours, 600),
    ):
        height, width = pixels(content).shape[:2]
        assert width <= 600
        assert height <= 800


def test_ink_is_shown_as_ink_of_the_theme_and_cut_out(colours: Palette) -> None:
    page = pixels(figures.draw_ink(photo(BOXES[:1]), colours, 400))
    assert tuple(page[len(page) // 2, 200]) == rgb_of(colours.ink)
    assert tuple(page[2, 2]) == rgb_of(colours.paper)
    assert (page == rgb_of(colours.ink)).all(axis=-1).mean() > 0.5


def test_many_digits_are_framed_and_none_is_hidden_by_its_number(colours: Palette) -> None:
    middles = [(x / 10 + 0.05, y / 10 + 0.05) for x in range(10) for y in range(10)]
    many: list[Box] = [(x - 0.02, y - 0.02, x + 0.02, y + 0.02) for x, y in middles]
    marked = (
        np.abs(pixels(figures.draw_outlines(photo(many).shown, many, colours, 800)).astype(int) - 255).sum(axis=-1) > 60
    )
    marked[300:450, 200:300] = False  # ink
    frames = len(many) * 2 * (32 + 24 + 2 * 2 * 2)
    assert 0.5 * frames < marked.sum() < 2 * frames
