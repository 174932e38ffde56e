"""The stages of a sketch as pictures, each in the same frame whatever its size."""

import numpy as np
from PIL import Image

from mnist_dash.arrays import Tones
from mnist_dash.figures.digits import encode_png, frame, ink_page
from mnist_dash.figures.theme import Palette
from mnist_dash.sketch.mnist_preprocessing import SIDE, Stages

TILE = 8 * SIDE
"""Pixels along each side of a picture; shown at half of that, it is crisp on every screen."""


def draw_stages(sketch: Stages | None, colours: Palette) -> list[bytes]:
    """Ink, box, square, 20×20 and 28×28 as PNGs of TILE × TILE pixels; empty frames where nothing is drawn."""
    if sketch is None:
        return [_picture(np.zeros((SIDE, SIDE), np.uint8), colours)] * 5
    inks = [np.where(ink, np.uint8(255), np.uint8(0)) for ink in (sketch.ink, sketch.cut, sketch.square)]
    return [_picture(tones, colours) for tones in (*inks, np.rint(sketch.small * 255).astype(np.uint8), sketch.image)]


def _picture(tones: Tones, colours: Palette) -> bytes:
    """Tones (h, w) as large as fits, without smoothing, in the middle of the tile."""
    factor = TILE / max(tones.shape)
    height, width = (max(1, round(side * factor)) for side in tones.shape)
    fitted = Image.fromarray(tones).resize((width, height), Image.Resampling.NEAREST)
    page = Image.new("L", (TILE, TILE))
    page.paste(fitted, ((TILE - width) // 2, (TILE - height) // 2))
    return encode_png(ink_page(Image.fromarray(frame(np.asarray(page)[np.newaxis], 1, edge=2)[0]), colours))
