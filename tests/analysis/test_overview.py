"""Samples are drawn by class, of the digits that there are."""

import numpy as np

from mnist_dash.analysis.overview import draw_by_class

ALL = np.arange(200, dtype=np.uint8) % 10


def test_every_digit_has_a_column_and_every_row_all_digits() -> None:
    sheet = draw_by_class(ALL, 8, 0)
    assert sheet.columns == 10
    assert np.array_equal(ALL[sheet.index].reshape(8, 10), np.tile(np.arange(10), (8, 1)))
    assert len(set(sheet.index.tolist())) == 80


def test_a_missing_digit_has_no_column() -> None:
    labels = ALL[ALL > 0]
    sheet = draw_by_class(labels, 4, 0)
    assert sheet.columns == 9
    assert np.array_equal(labels[sheet.index].reshape(4, 9)[0], np.arange(1, 10))


def test_few_digits_have_several_columns_each() -> None:
    labels = np.repeat(np.array([3, 8], np.uint8), 30)
    sheet = draw_by_class(labels, 4, 0)
    assert sheet.columns == 10
    assert labels[sheet.index].reshape(4, 10).tolist() == [[3] * 5 + [8] * 5] * 4
    assert draw_by_class(np.full(7, 7, np.uint8), 4, 0).columns == 7


def test_where_a_digit_has_few_images_all_get_as_few() -> None:
    labels = np.array([2, *[4] * 30], np.uint8)
    sheet = draw_by_class(labels, 4, 0)
    assert labels[sheet.index].tolist() == [2, 4]


def test_without_images_nothing_is_drawn() -> None:
    assert len(draw_by_class(np.empty(0, np.uint8), 4, 0).index) == 0
