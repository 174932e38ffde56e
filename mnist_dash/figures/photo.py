"""A photo that was read, as pictures: its digits outlined and numbered, and its ink as the theme shows ink."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mnist_dash.figures.digits import encode_png, ink_page
from mnist_dash.figures.theme import Palette, rgb_of
from mnist_dash.sketch.photo import Box, Photo

NUMBERED = 60
"""Of more digits none is numbered: the numbers would hide them."""

_LINE = 3
_GAP = 6
"""Pixels between a digit and its outline."""
_FINE_LINE, _FINE_GAP = 1, 2
"""The same where there are many digits."""
_NUMBER = 18


def draw_outlines(shown: Image.Image, boxes: Sequence[Box], colours: Palette, width: int) -> bytes:
    """A photo as JPEG, `width` pixels wide, each digit in a frame, with its number from 1 where there is room."""
    page = _wide(shown, width)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(_NUMBER)
    line, gap = (_FINE_LINE, _FINE_GAP) if len(boxes) > NUMBERED else (_LINE, _GAP)
    frame, words = rgb_of(colours.accent), rgb_of(colours.paper)
    for number, box in enumerate(boxes, 1):
        left, top, right, bottom = (round(share * side) for share, side in zip(box, page.size * 2, strict=True))
        pen.rectangle((left - gap, top - gap, right + gap, bottom + gap), outline=frame, width=line)
        if len(boxes) > NUMBERED:
            continue
        corner = max(0, left - _GAP), max(0, top - _GAP - _NUMBER - 4)
        room = pen.textbbox(corner, str(number), font=font)
        pen.rectangle((room[0] - 4, room[1] - 3, room[2] + 4, room[3] + 3), fill=frame)
        pen.text(corner, str(number), fill=words, font=font)
    file = io.BytesIO()
    page.save(file, "JPEG", quality=85)
    return file.getvalue()


def draw_ink(photo: Photo, colours: Palette, width: int) -> bytes:
    """The ink of the photo as PNG, `width` pixels wide: the part with ink, or all where there is none."""
    tones = Image.fromarray(np.where(photo.ink, np.uint8(255), np.uint8(0)))
    if box := tones.getbbox():
        room = max(box[2] - box[0], box[3] - box[1]) // 8
        tones = tones.crop((box[0] - room, box[1] - room, box[2] + room, box[3] + room))
    return encode_png(ink_page(_wide(tones, width), colours))


def _wide(image: Image.Image, width: int) -> Image.Image:
    """The picture at that width, but no higher than that by a third."""
    factor = min(width / image.width, 4 * width / 3 / image.height)
    size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    return image.resize(size, Image.Resampling.LANCZOS if image.mode == "RGB" else Image.Resampling.BOX)
