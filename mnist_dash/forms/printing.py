"""A form as a PDF to be printed: vectors alone, so that it is sharp at any size."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from mnist_dash.arrays import Bytes
from mnist_dash.errors import FormError
from mnist_dash.forms import layout
from mnist_dash.forms.codes import Label, check_label, draw_code, make_corners

if TYPE_CHECKING:
    from fpdf import FPDF

MOST_SHEETS = 100
"""Of one PDF."""
_FRAME, _PROMPT, _WORDS = 165, 150, 60
"""Grey levels: what is beside ink must stay fainter than any pen."""
_LINE = 0.25
"""Millimetres: the breadth of a frame."""
_ASK = "Write in each box the small digit beside it. Where it went wrong, fill the box or leave it empty."
_SEND = "Then photograph or scan the whole sheet, with all four corner marks, at 100 % of its size or any other."


class Paper(StrEnum):
    """The size of a sheet."""

    A4 = "a4"
    LETTER = "letter"


_SIZES = {Paper.A4: (210.0, 297.0), Paper.LETTER: (215.9, 279.4)}


def print_forms(labels: Sequence[Label], paper: Paper = Paper.A4) -> bytes:
    """A page for each label as a PDF; raises FormError for names that do not go on it, and for too many pages."""
    from fpdf import FPDF  # only forms need it

    if not 1 <= len(labels) <= MOST_SHEETS:
        raise FormError(f"{len(labels)} sheets were asked for; allowed are 1 to {MOST_SHEETS}. Print them in parts.")
    width, height = _SIZES[paper]
    pdf = FPDF(unit="mm", format=(width, height))
    pdf.set_auto_page_break(False)
    pdf.set_title("A form for digits")
    for label in labels:
        check_label(label)
        pdf.add_page()
        _draw_page(pdf, label, (width - layout.GRID[0]) / 2, (height - layout.GRID[1]) / 2)
    return bytes(pdf.output())


def _draw_page(pdf: "FPDF", label: Label, x: float, y: float) -> None:
    _draw_boxes(pdf, x, y)
    for corner, (left, top) in zip(make_corners(label.page), layout.MARKS, strict=True):
        _draw_code(pdf, draw_code(corner.text, "H"), x + left, y + top, layout.SIDE)
    left, top, side = layout.LABEL
    _draw_code(pdf, draw_code(label.text, "L"), x + left, y + top, side)
    _write_words(pdf, label, x, y)


def _draw_boxes(pdf: "FPDF", x: float, y: float) -> None:
    pdf.set_draw_color(_FRAME)
    pdf.set_line_width(_LINE)
    pdf.set_text_color(_PROMPT)
    pdf.set_font("Helvetica", size=8)
    for box in layout.BOXES:
        pdf.rect(x + box.left, y + box.top, layout.WIDTH, layout.HEIGHT)
        pdf.text(x + box.left - 2.4, y + box.top + 2.8, str(box.digit))


def _draw_code(pdf: "FPDF", code: Bytes, x: float, y: float, side: float) -> None:
    """The black modules, line by line in runs, so that no hair of paper shows between them."""
    pdf.set_fill_color(0)
    module = side / len(code)
    for row, line in enumerate(code == 0):
        edges = [at for at in range(len(line) + 1) if (at and line[at - 1]) != (at < len(line) and line[at])]
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            pdf.rect(x + start * module, y + row * module, (end - start) * module, module, style="F")


def _write_words(pdf: "FPDF", label: Label, x: float, y: float) -> None:
    pdf.set_text_color(_WORDS)
    pdf.set_font("Helvetica", size=12)
    title = f"Digits for {label.set}" + (f", by {label.writer}" if label.writer else "")
    pdf.text(x, y - 13.5, _write_latin(title)[:60])
    pdf.set_font("Helvetica", size=7.5)
    pdf.text(x, y - 9, _ASK)
    pdf.text(x, y - 5.5, _SEND)
    pdf.text(x, y + layout.GRID[1] + 10, f"MNIST Dash, form {layout.VERSION}, page {label.page}")


def _write_latin(text: str) -> str:
    """The text in letters that every PDF reader has; the code beside it says it in full."""
    return text.encode("latin-1", "replace").decode("latin-1")
