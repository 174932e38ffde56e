"""Ink becomes centre lines: the loops of small rings stay open, and what is thinned stays in one piece."""

import tracemalloc

import numpy as np
import pytest
from scipy import ndimage  # type: ignore[import-untyped]

from mnist_dash.data.generator.writers import generate
from mnist_dash.data.reader_set.centre_lines import FINER, close_by_disc, find_segments, open_loops, thin
from mnist_dash.data.reader_set.redrawing import SHEET, draw_placements, preprocess_inks, redraw

IMAGES = generate(20, 3).images
EIGHT = np.ones((3, 3))


@pytest.mark.parametrize("radius", [1, 2, 5, 10])
def test_closing_is_that_of_scipy(radius: int) -> None:
    images = np.random.default_rng(0).integers(0, 256, (3, 40, 36)).astype(np.int16)
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    disc = x**2 + y**2 <= radius**2
    expected = [ndimage.grey_closing(image, footprint=disc) for image in images]
    np.testing.assert_array_equal(close_by_disc(images, radius), expected)


def test_a_grey_hole_is_opened() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[10:17, 10:17] = 255
    image[13, 13] = 150
    (ink,) = open_loops(image[np.newaxis])
    assert not ink[13 * FINER + 2, 13 * FINER + 2]
    assert ink[11 * FINER, 11 * FINER]


def test_thinned_ink_stays_within_it_and_in_as_many_pieces() -> None:
    inks = open_loops(IMAGES)
    lines = thin(inks)
    assert not (lines & ~inks).any()
    assert 0 < lines.sum() < inks.sum() / 4
    for ink, line in zip(inks, lines, strict=True):
        assert ndimage.label(ink, EIGHT)[1] == ndimage.label(line, EIGHT)[1]


def test_segments_join_neighbours_once_and_a_dot_goes_to_itself() -> None:
    line = np.zeros((6, 6), bool)
    line[1, 1:4] = line[5, 5] = True
    found = {tuple(map(tuple, pair)) for pair in find_segments(line).tolist()}
    assert found == {((1, 1), (2, 1)), ((2, 1), (3, 1)), ((5, 5), (5, 5))}


def test_redrawn_digits_are_where_they_were_put_and_as_large() -> None:
    placed = draw_placements(len(IMAGES), 0)
    for i, ink in enumerate(redraw(IMAGES, placed)):
        assert ink.shape == (SHEET, SHEET)
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        longer = max(np.ptp(rows), np.ptp(columns)) + 1
        assert abs(longer - placed.side[i]) <= 2


def test_what_has_no_ink_stays_blank() -> None:
    assert not preprocess_inks([np.zeros((SHEET, SHEET), bool)]).any()


def test_of_many_sheets_the_images_alone_stay_in_memory() -> None:
    tracemalloc.start()
    try:
        preprocess_inks(np.ones((SHEET, SHEET), bool) for _ in range(100))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 50 * SHEET**2
