"""Strokes that stand close are put together as they read best, and places decide where reading does not."""

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Ink
from mnist_dash.sketch import pen
from mnist_dash.sketch.cutting import CutConfidence, extent_of
from mnist_dash.sketch.grouping import Group, group_strokes
from mnist_dash.sketch.regrouping import regroup

HEIGHT = 200


def bar(left: int, top: int, bottom: int, width: int = 20) -> Ink:
    return pen.draw([np.array([(left + width / 2, top + 6), (left + width / 2, bottom - 6)])], 400, HEIGHT, width)


def knows(*digits: Ink) -> CutConfidence:
    """A reader that is sure of ink of just these sizes, and of nothing else."""
    boxes = {tuple((np.ptp(np.argwhere(ink), axis=0) + 1).tolist()) for ink in digits}

    def confidence(inks: list[Ink]) -> npt.NDArray[np.float64]:
        return np.array([0.99 if ink.shape in boxes else 0.05 for ink in inks])

    return confidence


def extents(groups: list[Group]) -> list[tuple[int, int]]:
    return sorted(extent_of(group.drawn) for group in groups)


def test_digits_that_would_read_as_one_stay_apart_where_each_reads_well() -> None:
    one, other = bar(40, 10, 190), bar(75, 20, 180)
    assert len(regroup(group_strokes(one | other), knows(one, other, one | other))) == 2


def test_a_scrap_between_two_digits_goes_where_it_reads_best() -> None:
    left, right, scrap = bar(40, 10, 190), bar(120, 10, 190), bar(84, 60, 110)
    for owner in (left, right):
        found = regroup(group_strokes(left | right | scrap), knows(left, right, owner | scrap))
        columns = np.argwhere(owner | scrap)
        assert len(found) == 2
        assert extent_of(columns) in extents(found)


def test_what_is_much_smaller_than_its_line_is_hardly_a_digit_however_it_reads() -> None:
    large, small = bar(40, 10, 190), bar(70, 120, 180)
    both = large | small
    assert len(regroup(group_strokes(both | bar(200, 10, 190)), knows(large, small, both, bar(200, 10, 190)))) == 2


def test_an_open_four_is_put_together_though_its_bar_reads_as_a_one() -> None:
    """Where one digit is expected: in a number it is as likely to be one beside something else."""
    hook = bar(40, 10, 120) | pen.draw([np.array([(50, 110), (110, 110)])], 400, HEIGHT, 20)
    for gap in (5, 15):
        stem = bar(121 + gap, 40, 190)
        groups, confidence = group_strokes(hook | stem), knows(stem, hook | stem)
        assert len(groups) == 2
        assert len(regroup(groups, confidence)) == 2
        assert len(regroup(groups, confidence, number=False)) == 1
        both = knows(hook, stem, hook | stem)
        assert len(regroup(groups, both, number=False)) == 2


def test_nobody_is_asked_about_digits_that_stand_apart() -> None:
    def never(inks: list[Ink]) -> npt.NDArray[np.float64]:
        raise AssertionError(f"asked about {len(inks)}")

    assert len(regroup(group_strokes(bar(40, 10, 190) | bar(130, 10, 190)), never)) == 2
    assert regroup([], never) == []
