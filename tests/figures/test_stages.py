"""Stages are pictures in one frame, crisp, in their own proportions."""

import io

import numpy as np
import pytest
from PIL import Image

from mnist_dash.figures.stages import TILE, draw_stages
from mnist_dash.figures.theme import Palette
from mnist_dash.sketch.mnist_preprocessing import preprocess


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_nothing_drawn_gives_five_empty_frames(colours: Palette) -> None:
    contents = draw_stages(None, colours)
    assert len(contents) == 5
    assert len(set(contents)) == 1


@pytest.mark.parametrize("shape", [(280, 280), (30, 7), (3, 200)])
def test_every_stage_has_the_same_frame_and_some_ink(colours: Palette, shape: tuple[int, int]) -> None:
    for content in draw_stages(preprocess(np.ones(shape, bool)), colours):
        picture = opened(content)
        assert picture.size == (TILE, TILE)
        assert picture.getextrema() == (0, 255) or np.asarray(picture).max() == 255


def test_a_box_keeps_its_proportions(colours: Palette) -> None:
    box = np.asarray(opened(draw_stages(preprocess(np.ones((100, 50), bool)), colours)[1]))
    assert (box == 255).any(axis=0).sum() == TILE // 2
