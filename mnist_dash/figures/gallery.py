"""The gallery: a few digits that a network is asked again and again while it learns, each with its answer."""

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from mnist_dash.arrays import Images, Labels
from mnist_dash.data.dataset import SIDE
from mnist_dash.errors import DataError
from mnist_dash.figures.digits import encode_png, ink_page, sheet_width, tile
from mnist_dash.figures.theme import Palette
from mnist_dash.runs.records import Answers
from mnist_dash.words import certainty

# Pixels of a picture that is shown at half its size.
_SCALE = 4
_SIDE = SIDE * _SCALE
_GAP = 16
_BELOW = 92
_EDGE = 4
_BAR = 6
_LINE = 38


def draw_gallery(images: Images, labels: Labels, answers: Answers | None, colours: Palette, columns: int = 10) -> bytes:
    """Images (n, 28, 28) in rows of `columns`, each with its answer and the certainty of that, as one PNG.

    Right and wrong differ by check and cross as well as by colour; without `answers` none has been asked for yet.
    Raises DataError where there is no image, another shape, or another number of answers.
    """
    if answers is not None and len(answers.digits) != len(images):
        raise DataError(f"There are {len(answers.digits)} answers for {len(images)} digits; give one for each digit.")
    page = ink_page(Image.fromarray(tile(images, columns, _SCALE, _GAP, _BELOW)), colours).convert("RGB")
    pen = ImageDraw.Draw(page)
    for i in range(len(images)):
        row, column = divmod(i, columns)
        corner = (_GAP + column * (_SIDE + _GAP), _GAP + row * (_SIDE + _BELOW + _GAP))
        if answers is None:
            _dash(pen, corner, colours.muted)
        else:
            digit, share = answers.digits[i], answers.shares[i]
            _answer(pen, corner, digit, share, bool(digit == labels[i]), colours)
    return encode_png(page)


def gallery_width(columns: int = 10) -> int:
    """The width in pixels at which a gallery of so many columns is shown."""
    return sheet_width(columns, _SCALE, _GAP) // 2


def _answer(
    pen: ImageDraw.ImageDraw, corner: tuple[int, int], digit: int, share: float, right: bool, colours: Palette
) -> None:
    (x, y), tone = corner, colours.right if right else colours.wrong
    pen.rectangle((x, y, x + _SIDE - 1, y + _SIDE - 1), outline=tone, width=_EDGE)
    top = y + _SIDE + 6
    pen.rectangle((x, top, x + _SIDE - 1, top + _BAR - 1), fill=colours.panel)
    pen.rectangle((x, top, x + max(1, round(_SIDE * share)) - 1, top + _BAR - 1), fill=tone)
    middle, line = x + _SIDE / 2, y + _SIDE + _LINE
    pen.text((middle - 14, line), str(digit), fill=tone, font=_font(34), anchor="mm")
    _mark(pen, middle + 16, line, right, tone)
    pen.text((middle, line + 36), certainty(share), fill=colours.muted, font=_font(24), anchor="mm")


# Pillow's own face has neither check nor cross nor dash.


def _dash(pen: ImageDraw.ImageDraw, corner: tuple[int, int], tone: str) -> None:
    middle, line = corner[0] + _SIDE / 2, corner[1] + _SIDE + _LINE
    pen.line([(middle - 10, line), (middle + 10, line)], fill=tone, width=4)


def _mark(pen: ImageDraw.ImageDraw, x: float, y: float, right: bool, tone: str) -> None:
    if right:
        pen.line([(x - 10, y), (x - 3, y + 8), (x + 10, y - 9)], fill=tone, width=5, joint="curve")
    else:
        pen.line([(x - 9, y - 9), (x + 9, y + 9)], fill=tone, width=5)
        pen.line([(x - 9, y + 9), (x + 9, y - 9)], fill=tone, width=5)


@lru_cache(maxsize=2)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
