"""Forms as the tests need them: printed, filled and photographed."""

import io
from functools import lru_cache

import numpy as np
import pytest
from PIL import Image, ImageDraw

from benchmarks.form_photos import FilledForm, photograph_form, render_form
from mnist_dash.data.generator.parameters import parse_handwriting
from mnist_dash.data.generator.writers import Written, write
from mnist_dash.forms import layout
from mnist_dash.forms.codes import Label
from mnist_dash.forms.printing import Paper
from mnist_dash.sketch.pen import follow

LABEL = Label("mine", "Ada", "7F3K")


@lru_cache(maxsize=4)
def written(seed: int) -> tuple[Written, ...]:
    """A digit for each box."""
    calm = parse_handwriting({"gaps": "0", "hooks": "0"})
    of_label: dict[int, list[Written]] = {digit: [] for digit in range(10)}
    for digit in write(400, seed, calm):
        of_label[digit.label].append(digit)
    return tuple(of_label[box.digit][box.number // 10 % len(of_label[box.digit])] for box in layout.BOXES)


@lru_cache(maxsize=4)
def photographed(seed: int, megapixels: float = 3.0) -> FilledForm:
    """A photo of a form that the generator filled."""
    return photograph_form(written(seed), np.random.default_rng(seed), megapixels)


def scan(label: Label = LABEL, paper: Paper = Paper.A4, dots: int = 150) -> Image.Image:
    """An empty form as a scanner sees it."""
    return render_form(label, paper, dots)


def scans() -> bytes:
    """A scan of two sheets as a PDF, each with one digit, and the empty back of the first between them."""
    pages = []
    for page, slant in (("7F3K", 0.0), ("7F3L", 1.0)):
        image = scan(Label("mine", "Ada", page), dots=200)
        corner = (np.array([210, 297]) - layout.GRID) / 2 + [layout.BOXES[7].left, layout.BOXES[7].top]
        seven = (np.array([[3.0, 2.0], [8.5, 2.0], [5.0 + slant, 8.0]]) + corner) * 200 / 25.4
        ImageDraw.Draw(image).line([tuple(point) for point in seven.tolist()], fill=(20, 20, 120), width=5)
        pages.append(image)
    file = io.BytesIO()
    back = Image.new("RGB", pages[0].size, "white")
    pages[0].save(file, "PDF", save_all=True, append_images=[back, pages[1]], resolution=200)
    return file.getvalue()


def page_of(*lines: str, seed: int = 3) -> Image.Image:
    """Clean white paper with lines of digits, well apart; ? is an A."""
    step, high, breadth = 110, 62.0, 7.0
    sheet = Image.new("L", (step * max(map(len, lines)) + step, 140 * len(lines) + 80), 255)
    pen = ImageDraw.Draw(sheet)
    calm = parse_handwriting({"gaps": "0", "hooks": "0"})
    digits = {label: [digit for digit in write(200, seed, calm) if digit.label == label] for label in range(10)}
    for row, line in enumerate(lines):
        for column, sign in enumerate(line):
            strokes = _LETTER if sign == "?" else digits[int(sign)].pop().strokes
            low = np.vstack(strokes).min(axis=0)
            scale = high / (np.vstack(strokes)[:, 1].max() - low[1])
            for stroke in strokes:
                follow(pen, (stroke - low) * scale + (60 + step * column, 60 + 140 * row), breadth, fill=20)
    return sheet


_LETTER = (np.array([[0.0, 1.0], [0.4, 0.0], [0.8, 1.0]]), np.array([[0.2, 0.6], [0.6, 0.6]]))


@pytest.fixture(scope="session")
def empty() -> Image.Image:
    """An empty form, scanned."""
    return scan()


def file_of(image: Image.Image, kind: str = "PNG") -> io.BytesIO:
    """An image as an upload."""
    file = io.BytesIO()
    image.save(file, kind)
    file.seek(0)
    return file
