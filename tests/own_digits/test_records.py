"""A digit that a person labels brings everything with it that was known at that moment."""

import io
import time

import numpy as np
import pytest
from PIL import Image

from mnist_dash import VERSION
from mnist_dash.errors import DataError
from mnist_dash.own_digits import records as module
from mnist_dash.own_digits.records import Source, key_of, label_digit, strokes_of
from mnist_dash.sketch.mnist_preprocessing import Stages, Step, preprocess
from mnist_dash.sketch.traces import Trace
from tests.drawn import ONE, SEVEN, an_answer, drawing, sketch


def test_it_knows_ink_image_strokes_answer_time_and_version() -> None:
    made = sketch(SEVEN)
    found = label_digit(made, 4, an_answer(7), drawing(SEVEN))
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(found.ink))), made.ink)
    assert np.array_equal(found.image, made.image)
    assert found.strokes == '{"width":280,"height":280,"strokes":[{"pen":20,"points":[[80,60],[200,60],[130,230]]}]}'
    assert (found.label, found.answer.read, found.source, found.program) == (4, 7, Source.DRAWN, VERSION)
    assert abs(found.created - time.time()) < 60


def test_what_the_eraser_did_is_told_apart() -> None:
    rubbed = (*drawing(SEVEN), Trace(((10.5, 20.0),), 40.0, erases=True))
    assert strokes_of(rubbed, 840, 280).endswith(',{"pen":40,"points":[[10.5,20]],"erases":true}]}')


def test_a_photo_has_no_strokes() -> None:
    found = label_digit(sketch(SEVEN), 7, an_answer())
    assert (found.strokes, found.source) == (None, Source.PHOTO)


def test_the_image_is_made_by_the_whole_procedure_whatever_was_turned_off() -> None:
    made = sketch(SEVEN)
    seen = preprocess(made.ink, {Step.CENTRE, Step.CUT})
    assert seen is not None
    assert not np.array_equal(seen.image, made.image)
    found = label_digit(seen, 7, an_answer(), drawing(SEVEN), {Step.CENTRE, Step.CUT})
    assert np.array_equal(found.image, made.image)
    assert found.without == (Step.CUT, Step.CENTRE)


def test_the_key_is_that_of_the_ink_and_its_place() -> None:
    seven, moved = sketch(SEVEN), sketch([(x + 10, y) for x, y in SEVEN])
    assert key_of(seven.ink) == key_of(seven.ink.copy())
    assert len({key_of(seven.ink), key_of(moved.ink), key_of(sketch(ONE).ink), key_of(seven.ink[:, :270])}) == 4


@pytest.mark.parametrize("label", [-1, 10])
def test_a_label_that_is_no_digit_is_refused(label: int) -> None:
    with pytest.raises(DataError, match=f"The label is {label}; allowed are the digits 0 to 9"):
        label_digit(sketch(SEVEN), label, an_answer(), drawing(SEVEN))


def test_an_empty_sheet_is_refused() -> None:
    seven = sketch(SEVEN)
    empty = Stages(np.zeros((280, 280), bool), seven.cut, seven.square, seven.small, seven.image, seven.offset)
    with pytest.raises(DataError, match="The sheet is empty"):
        label_digit(empty, 7, an_answer())


def test_strokes_without_end_are_refused() -> None:
    endless = [(float(i % 280), float(i % 279)) for i in range(120_000)]
    with pytest.raises(DataError, match=r"The strokes of this drawing would take 1,\d{3},\d{3} bytes; allowed"):
        label_digit(sketch(SEVEN), 7, an_answer(), drawing(endless))


def test_ink_that_takes_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 100)
    with pytest.raises(DataError, match="The ink of this drawing would take"):
        label_digit(sketch(SEVEN), 7, an_answer())
