"""What gets onto paper, or off it: lines, spots and holes.

Each function takes ink (n, 28, 28) from 0 to 1 and chances (n), and gives new ink from 0 to 1.
"""

import numpy as np

from mnist_dash.arrays import Float32s, Mask
from mnist_dash.data.disturbances.chances import Chances
from mnist_dash.data.disturbances.light import make_clouds
from mnist_dash.data.warping import FROM_CENTRE


def add_lines(ink: Float32s, chances: Chances) -> Float32s:
    """A line across, or several side by side as on ruled paper, straight or wavy, whole or dashed, dark or faint."""
    along, beside = _from_line(chances)
    swing = np.where(chances.between(2, 0, 1) < 0.35, chances.between(3, 0.8, 3), 0)
    beside = beside - swing * np.sin(along * chances.between(4, 0.4, 1.6))
    apart = chances.between(5, 6, 12)
    several = np.abs((beside + apart / 2) % apart - apart / 2)
    away = np.where(chances.between(6, 0, 1) < 0.2, several, np.abs(beside))
    line = np.clip(chances.between(7, 0.6, 1.6) - away, 0, 1) * chances.between(8, 0.3, 1)
    return np.maximum(ink, np.where(_is_dash(along, chances), line, 0))


def _from_line(chances: Chances) -> tuple[Float32s, Float32s]:
    """Each pixel (n, 28, 28) along and beside a line of any direction, in pixels; the line passes through the image."""
    angle = chances.between(0, 0, float(np.pi))
    off = chances.between(1, -11, 11)
    x, y = FROM_CENTRE, FROM_CENTRE[:, np.newaxis]
    return np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x - off


def _is_dash(along: Float32s, chances: Chances) -> Mask:
    period, share = chances.between(9, 2.5, 8), chances.between(10, 0.35, 0.75)
    whole = chances.between(11, 0, 1) < 0.6
    return np.asarray(whole | ((along / period) % 1 < share))


def add_spots(ink: Float32s, chances: Chances) -> Float32s:
    """Spots of any grey, dark or light, on up to a fifth of the paper and of the ink."""
    spots, grey = _spot(chances), chances.between(2, 0, 1)
    return ink + spots * (grey - ink)


def cut_holes(ink: Float32s, chances: Chances) -> Float32s:
    """Ink that is missing in spots, up to a fifth of it."""
    return ink * (1 - _spot(chances) * chances.between(2, 0.6, 1))


def _spot(chances: Chances) -> Float32s:
    """(n, 28, 28) from 0 to 1: spots with soft borders on 3 to 20 % of the image."""
    # Of the finer scales alone: larger ones would hide half a digit.
    clouds = make_clouds(chances, 0, scales=2)
    ranked = np.sort(clouds.reshape(len(clouds), -1), axis=1)
    place = ((1 - chances.between(1, 0.03, 0.2)) * (ranked.shape[1] - 1)).astype(int)[:, 0, 0]
    level = ranked[np.arange(len(ranked)), place][:, np.newaxis, np.newaxis]
    return np.asarray(np.clip(0.5 + (clouds - level) * 12, 0, 1))


def add_noise(ink: Float32s, chances: Chances) -> Float32s:
    """Grain: on all pixels alike, or the more the darker they are."""
    # The sum of two uniform numbers, one of them a neighbour's, has a bell's shape near enough.
    grain = chances.pixels + np.roll(chances.pixels, 1, axis=(1, 2)) - 1
    onto = np.where(chances.between(0, 0, 1) < 0.5, 1, np.sqrt(ink))
    return np.asarray(ink + chances.between(1, 0.1, 0.6) * grain * onto)


def add_impulses(ink: Float32s, chances: Chances) -> Float32s:
    """Salt and pepper on 2 to 15 % of the pixels."""
    share = chances.between(0, 0.02, 0.15)
    struck = np.where(chances.pixels < share / 2, np.float32(0), ink)
    return np.where(chances.pixels > 1 - share / 2, np.float32(1), struck)
