"""A drawing as it came about."""

import numpy as np

from mnist_dash.sketch import traces
from mnist_dash.sketch.mnist_preprocessing import preprocess
from mnist_dash.sketch.playback import cut_moments, see_moments
from mnist_dash.sketch.traces import Trace

LINE = Trace(tuple((60.0 + 4 * at, 100.0) for at in range(30)), 20.0)
DOWN = Trace(tuple((176.0, 100.0 + 5 * at) for at in range(20)), 20.0)


def test_moments_are_even_and_end_with_the_whole_drawing() -> None:
    moments = cut_moments((LINE, DOWN), 10)
    assert [moment.points for moment in moments] == [5 * at for at in range(1, 11)]
    assert [len(moment.drawing) for moment in moments] == [1] * 6 + [2] * 4
    assert moments[-1].drawing == (LINE, DOWN)
    assert moments[0].drawing[0].points == LINE.points[:5]


def test_a_short_drawing_has_a_moment_for_each_point() -> None:
    dot = Trace(((10.0, 10.0), (12.0, 10.0)), 20.0)
    assert [moment.points for moment in cut_moments((dot,), 60)] == [1, 2]


def test_at_the_last_moment_the_network_sees_what_it_sees_of_the_digit() -> None:
    ink = traces.ink_drawing((LINE, DOWN), 280, 280)
    seen = see_moments(cut_moments((LINE, DOWN), 10), ink)
    whole = preprocess(ink)
    assert whole
    assert seen.shape == (10, 28, 28)
    assert np.array_equal(seen[-1], whole.image)
    assert not np.array_equal(seen[0], whole.image)


def test_ink_of_other_digits_is_left_out_and_an_image_without_ink_is_blank() -> None:
    moments = cut_moments((LINE, DOWN), 10)
    seen = see_moments(moments, traces.ink_drawing((DOWN,), 280, 280) & ~traces.ink_drawing((LINE,), 280, 280))
    assert not seen[:6].any()
    assert seen[-1].any()
