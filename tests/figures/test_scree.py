import numpy as np
import pytest

from mnist_dash.figures.scree import plot_scree
from mnist_dash.figures.theme import Palette, load_palette
from tests.figures.colour import strangers

INK = load_palette(dark=False)
SHARES = np.array([0.5, 0.25, 0.125])


def test_every_colour_is_of_the_palette(colours: Palette) -> None:
    assert strangers(plot_scree(SHARES, colours, 2), colours) == set()


def test_each_component_has_a_bar_and_all_before_it_a_point() -> None:
    bars, line = plot_scree(SHARES, INK).data
    assert list(bars.x) == [1, 2, 3]
    assert list(bars.y) == [50, 25, 12.5]
    assert list(line.y) == [50, 75, 87.5]
    assert list(line.customdata[1]) == [25, 75]


def test_those_on_the_map_stand_out_with_their_sum() -> None:
    figure = plot_scree(SHARES, INK, shown=2)
    assert list(figure.data[0].marker.color) == [INK.accent, INK.accent, INK.muted]
    assert [note.text for note in figure.layout.annotations] == [
        "together<br><b>88 %</b>",
        "2 shown: <b>75.0 %</b>",
    ]


@pytest.mark.parametrize("shown", [0, 3])
def test_nothing_is_singled_out_where_none_or_all_are_shown(shown: int) -> None:
    assert len(plot_scree(SHARES, INK, shown).layout.annotations) == 1
