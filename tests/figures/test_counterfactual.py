"""An edit is drawn where it is, in two colours and with two signs, on the ink as fine as it was drawn."""

import io

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from mnist_dash.figures.counterfactual import SCALE, draw_edit
from mnist_dash.figures.theme import Palette, rgb_of
from mnist_dash.sketch.mnist_preprocessing import SIDE, Stages, Step, preprocess

INK = np.zeros((280, 280), bool)
INK[60:220, 120:150] = True
NOTHING = np.zeros((SIDE, SIDE), bool)


def sketch(*without: Step) -> Stages:
    made = preprocess(INK, without)
    assert made is not None
    return made


def opened(content: bytes) -> npt.NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


@pytest.mark.parametrize("without", [(), (Step.MARGIN,), (Step.CUT,), (Step.SQUARE,), tuple(Step)])
def test_the_ink_lies_where_the_network_sees_it(colours: Palette, without: tuple[Step, ...]) -> None:
    made = sketch(*without)
    page = opened(draw_edit(made, NOTHING, NOTHING, colours))
    ink = (page == rgb_of(colours.ink)).all(axis=2)
    seen = ink.reshape(SIDE, SCALE, SIDE, SCALE).mean(axis=(1, 3))
    assert np.corrcoef(seen.ravel(), made.image.ravel())[0, 1] > 0.95


def test_added_and_removed_pixels_differ_in_colour_and_sign(colours: Palette) -> None:
    added, removed = NOTHING.copy(), NOTHING.copy()
    added[2, 5], removed[12, 14] = True, True
    page = opened(draw_edit(sketch(), added, removed, colours))
    cells = [page[r * SCALE : (r + 1) * SCALE, c * SCALE : (c + 1) * SCALE] for r, c in ((2, 5), (12, 14))]
    for cell, tone in zip(cells, (colours.diverging[-2], colours.diverging[1]), strict=True):
        assert tuple(cell[0, 0]) == rgb_of(tone)
    plus, minus = ((cell == rgb_of(colours.paper)).all(axis=2) for cell in cells)
    assert plus.any(axis=1).sum() > minus.any(axis=1).sum() > 0
    rest = opened(draw_edit(sketch(), NOTHING, NOTHING, colours))
    changed = (page != rest).any(axis=2).reshape(SIDE, SCALE, SIDE, SCALE).any(axis=(1, 3))
    np.testing.assert_array_equal(changed, added | removed)
