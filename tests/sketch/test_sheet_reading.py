"""The digits on a sheet: one or several, cut only where numbers are written."""

import numpy as np

from mnist_dash.arrays import Floats, Ink
from mnist_dash.sketch.sheet import Paper, Sheet
from mnist_dash.sketch.sheet_reading import read_sheet, separate_digits
from tests.drawn import drawing

ONE, OTHER = [(60, 60), (60, 220)], [(200, 60), (200, 220)]


def never(pieces: list[Ink]) -> Floats:
    """Fails where a cut is to be judged."""
    raise AssertionError(f"{len(pieces)} are judged")


def test_digits_side_by_side_stand_each_alone_where_they_were_drawn() -> None:
    sheet = Sheet().draw(drawing(ONE, OTHER))
    first, second = separate_digits(sheet, never)
    assert sheet.ink is not None
    assert np.array_equal(first | second, sheet.ink)
    assert first[:, :130].any()
    assert not first[:, 130:].any()
    assert len(read_sheet(sheet, never)) == 2


def test_an_empty_sheet_has_none() -> None:
    assert separate_digits(Sheet(Paper.NUMBER), never) == []
    assert read_sheet(Sheet(), never) == []
