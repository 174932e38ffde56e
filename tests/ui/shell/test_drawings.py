"""What is drawn of the same is drawn once for all sessions, and of anything else anew; what is kept is bounded."""

import pickle
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import streamlit as st

from mnist_dash.arrays import Images
from mnist_dash.figures import intervals
from mnist_dash.figures.intervals import Interval
from mnist_dash.figures.theme import Palette, load_palette
from mnist_dash.ui.components.chart import draw_figure, plot_shared
from mnist_dash.ui.shell.drawings import Drawings
from mnist_dash.ui.shell.shared_drawings import draw_shared

ROW = Interval("Run 1", 0.9, 0.88, 0.92, "1,000 images")
LIGHT, DARK = load_palette(dark=False), load_palette(dark=True)
drawn: list[object] = []


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    """Nothing is drawn yet."""
    st.cache_resource.clear()
    drawn.clear()
    yield
    st.cache_resource.clear()


def draw(images: Images, colours: Palette, *, scale: int = 1) -> bytes:
    """A picture of them, as long as there are images."""
    drawn.append((images.sum(), colours.paper, scale))
    return bytes(len(images))


def test_the_same_is_drawn_once_also_where_others_bring_a_copy_of_it() -> None:
    images = np.arange(12, dtype=np.uint8).reshape(3, 2, 2)
    assert draw_shared(draw, images, LIGHT) == draw_shared(draw, images.copy(), replace(LIGHT)) == bytes(3)
    assert len(drawn) == 1


def test_whatever_is_different_is_drawn_anew() -> None:
    images = np.zeros((3, 2, 2), np.uint8)
    for _ in range(2):
        draw_shared(draw, images, LIGHT)
        draw_shared(draw, images, DARK)
        draw_shared(draw, images, LIGHT, scale=2)
        # The same array, changed where it is.
        images[0, 0, 0] += 1
    assert len(drawn) == 6


def test_a_figure_for_all_is_the_figure_itself() -> None:
    whole = draw_figure(intervals.plot_intervals([ROW], DARK, "Right in %", rivals=False))
    assert plot_shared(intervals.plot_intervals, [ROW], DARK, "Right in %", rivals=False) == whole
    assert plot_shared(intervals.plot_intervals, [ROW], DARK, "Right in %", rivals=False) is plot_shared(
        intervals.plot_intervals, [replace(ROW)], DARK, "Right in %", rivals=False
    )
    renamed = plot_shared(intervals.plot_intervals, [replace(ROW, name="Named anew")], DARK, "Right in %", rivals=False)
    assert "Named anew" in renamed.json
    assert "Named anew" not in whole.json


def test_a_function_that_cannot_be_told_from_others_is_refused() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError)):
        draw_shared(lambda: b"")


def test_an_error_is_no_drawing() -> None:
    with pytest.raises(IndexError):
        draw_shared(_fail, 1)
    with pytest.raises(IndexError):
        draw_shared(_fail, 1)
    assert drawn == [1, 1]


def _fail(of: int) -> bytes:
    drawn.append(of)
    raise IndexError


def test_what_is_kept_is_bounded_and_what_was_looked_at_last_stays() -> None:
    drawings, asked = Drawings(most=1_000), list[int]()

    def look(key: int) -> None:
        drawings.once(key, lambda: asked.append(key) or bytes(300))  # type: ignore[func-returns-value]

    for key in (0, 1, 2, 0, 3, 0, 1):
        look(key)
        assert drawings.size <= 1_000
    assert asked == [0, 1, 2, 3, 1]
    drawings.once(9, lambda: bytes(2_000))
    assert drawings.size == 0
