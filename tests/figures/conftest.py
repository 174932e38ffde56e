"""Both palettes for whatever is drawn."""

import pytest

from mnist_dash.figures.theme import Palette, load_palette


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def colours(request: pytest.FixtureRequest) -> Palette:
    """The light palette, then the dark one."""
    return load_palette(request.param)
