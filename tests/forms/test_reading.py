"""What was written on a form: every box cut along its frame, and told good, doubtful, filled or empty."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from benchmarks.form_photos import is_cut_right
from mnist_dash.errors import FormError
from mnist_dash.forms import layout
from mnist_dash.forms.boxes import cut_boxes
from mnist_dash.forms.finding import find_forms
from mnist_dash.forms.reading import State, WrittenForm, read_forms, read_sheets
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.drawing_answers import Answers, answer_sketches
from mnist_dash.models.rejection import load_digit_detector
from mnist_dash.sketch.mnist_preprocessing import Stages
from tests.forms.conftest import photographed, scan, scans


def ask(sketches: Sequence[Stages]) -> Answers:
    return answer_sketches(load_bundled(DEFAULT), load_digit_detector(), sketches)


def read(image: Image.Image) -> WrittenForm:
    [form] = read_forms(image, ask)
    return form


def test_an_empty_form_is_empty(empty: Image.Image) -> None:
    form = read(empty)
    assert form.count(State.EMPTY) == 200
    assert (form.page, form.corners) == ("7F3K", [0, 1, 2, 3])


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_boxes_of_a_photo_are_cut_as_they_were_written(seed: int) -> None:
    made = photographed(seed)
    [form] = find_forms(np.asarray(made.image.convert("L")))
    found = cut_boxes(made.image, form)
    pairs = [(cut.ink, ink) for cut, ink in zip(found, made.written, strict=True) if ink is not None]
    assert sum(is_cut_right(*pair) for pair in pairs) >= 0.98 * len(pairs)
    empty = [
        cut for cut, ink, filled in zip(found, made.written, made.filled, strict=True) if ink is None and not filled
    ]
    assert all(not cut.ink.any() for cut in empty)


@pytest.mark.slow
def test_digits_are_read_and_what_was_filled_is_told() -> None:
    made = photographed(1)
    form = read(made.image)
    filled = [box.state is State.FILLED for box in form.boxes]
    assert filled == list(made.filled)
    assert form.count(State.GOOD) >= 170
    for box in form.boxes:
        assert (box.stages is None) == (box.probabilities is None) == (box.state is State.EMPTY)


def test_another_digit_than_asked_for_and_a_struck_one_are_doubtful() -> None:
    image = scan(dots=200)
    scale = 200 / 25.4
    draw = ImageDraw.Draw(image)
    origin = (np.array([210, 297]) - layout.GRID) / 2
    seven = np.array([[3.0, 2.0], [8.5, 2.0], [5.0, 8.0]])
    strike = np.array([[1.5, 5.0], [10.5, 5.5]])
    for number, lines in {0: [seven], 7: [seven], 17: [seven, strike]}.items():
        box = layout.BOXES[number]
        for line in lines:
            points = (line + origin + [box.left, box.top]) * scale
            draw.line([tuple(point) for point in points.tolist()], fill=(20, 20, 120), width=5)
    states = {box.number: box.state for box in read(image).boxes if box.state is not State.EMPTY}
    assert states == {0: State.DOUBTFUL, 7: State.GOOD, 17: State.DOUBTFUL}


def test_a_stain_that_covers_some_boxes_leaves_the_others_as_they_are(empty: Image.Image) -> None:
    made = empty.copy()
    ImageDraw.Draw(made).ellipse((300, 500, 480, 680), outline=(150, 110, 70), width=14)
    form = read(made)
    touched = {box.number for box in form.boxes if box.state is not State.EMPTY}
    assert touched
    assert len(touched) < 25


def test_a_scan_is_read_page_by_page_and_a_page_without_a_form_is_named(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scans())
    told: list[tuple[str, float]] = []
    read = read_sheets(path, ask, lambda text, share: told.append((text, share)))
    assert (read.name, [form.page for form in read.forms]) == ("scan.pdf", ["7F3K", "7F3L"])
    assert [note.partition(".")[0] for note in read.notes] == [
        "Page 2 of 3: There is no form in this picture: none of its corner marks can be read"
    ]
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] < 1
    assert told[1][0] == "Page 1 of 3: Cutting out the boxes of sheet 7F3K"
    assert told[-1][0] == "Page 3 of 3: Reading the digits of sheet 7F3L"


def test_a_file_without_any_form_says_why(tmp_path: Path) -> None:
    blank = Image.new("L", (300, 400), 255)
    blank.save(tmp_path / "blank.png")
    with pytest.raises(FormError, match=r"^There is no form in this picture"):
        read_sheets(tmp_path / "blank.png", ask)
    blank.save(tmp_path / "blank.pdf", save_all=True, append_images=[blank])
    with pytest.raises(FormError, match=r"^Page 1 of 2: There is no form in this picture"):
        read_sheets(tmp_path / "blank.pdf", ask)
