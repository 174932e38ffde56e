"""An edit, drawn on the sketch itself: what the pen would add in one colour, what the eraser takes in another."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from mnist_dash.arrays import Tones
from mnist_dash.figures.digits import encode_png, frame, ink_page
from mnist_dash.figures.theme import Palette
from mnist_dash.sketch.mnist_preprocessing import SIDE, Stages

SCALE = 16
"""Pixels of the picture to each of the image's 28; shown at half its size, it is crisp on every screen."""
_PEN = 3
_ARM = 4
"""Half the length of a sign in a pixel: plus where ink is put, minus where it is taken."""


def draw_edit(sketch: Stages, added: npt.NDArray[np.bool_], removed: npt.NDArray[np.bool_], colours: Palette) -> bytes:
    """The ink as it was drawn, with the pixels (28, 28) of an edit over it, as a PNG of 28 × SCALE pixels a side."""
    page = ink_page(Image.fromarray(frame(_ink(sketch)[np.newaxis], 1, edge=2)[0]), colours).convert("RGB")
    pen = ImageDraw.Draw(page)
    for cells, tone, upright in ((added, colours.diverging[-2], True), (removed, colours.diverging[1], False)):
        for row, column in np.argwhere(cells).tolist():
            _cell(pen, row * SCALE, column * SCALE, tone, colours.paper, upright)
    return encode_png(page)


def _ink(sketch: Stages) -> Tones:
    """The ink (448, 448) at the place where the network sees it, as fine as it was drawn."""
    page = Image.new("L", (SIDE * SCALE, SIDE * SCALE))
    side = len(sketch.small) * SCALE
    fine = Image.fromarray(np.where(sketch.square, np.uint8(255), np.uint8(0))).resize((side, side))
    row, column = sketch.offset
    page.paste(fine, (column * SCALE, row * SCALE))
    return np.array(page)


def _cell(pen: ImageDraw.ImageDraw, top: int, left: int, tone: str, paper: str, upright: bool) -> None:
    pen.rectangle((left, top, left + SCALE - 1, top + SCALE - 1), fill=tone)
    x, y = left + SCALE // 2, top + SCALE // 2
    pen.line((x - _ARM, y, x + _ARM, y), fill=paper, width=_PEN)
    if upright:
        pen.line((x, y - _ARM, x, y + _ARM), fill=paper, width=_PEN)
