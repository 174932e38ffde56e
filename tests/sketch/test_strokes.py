"""Which marks on a photo pass for strokes of digits."""

import numpy as np

from mnist_dash.arrays import Ink
from mnist_dash.sketch import pen
from mnist_dash.sketch.strokes import select_strokes

SEVEN = pen.draw([np.array([(60.0, 60.0), (150.0, 60.0), (90.0, 260.0)])], 240, 320, 14)


def draw_squares(count: int) -> Ink:
    """Squared paper of so many squares a side, of 24 pixels each."""
    lines = np.zeros((24 * count + 3, 24 * count + 3), bool)
    for at in range(count + 1):
        lines[24 * at : 24 * at + 3] = lines[:, 24 * at : 24 * at + 3] = True
    return lines


def test_squares_that_no_line_explained_are_no_digit() -> None:
    ink = np.zeros((480, 640), bool)
    ink[80:400, 40:280] = SEVEN
    squares = draw_squares(4)
    ink[150 : 150 + len(squares), 340 : 340 + len(squares)] = squares
    dark = np.where(ink, np.float32(0.5), np.float32(0))
    kept = select_strokes(ink, dark, 1 - dark)
    assert kept[:, :300].any()
    assert not kept[:, 300:].any()


def test_digits_that_touch_have_holes_of_their_own() -> None:
    """888, as one mark, has six, and two more where they touch."""
    ring = np.stack([40 + 30 * np.cos(np.linspace(0, 7, 40)), 50 + 40 * np.sin(np.linspace(0, 7, 40))], 1)
    rings = [ring + np.array((62 * across + 60, 82 * down + 60)) for across in range(3) for down in range(2)]
    ink = np.zeros((480, 640), bool)
    ink[:360, :360] = pen.draw(rings, 360, 360, 12)
    dark = np.where(ink, np.float32(0.5), np.float32(0))
    assert np.array_equal(select_strokes(ink, dark, 1 - dark), ink)
