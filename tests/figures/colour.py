"""What eyes make of colours, and which colours a figure uses."""

import json
import re

import numpy as np
import numpy.typing as npt
from plotly import graph_objects as go

from mnist_dash.figures.theme import Palette, rgb_of

Floats = npt.NDArray[np.float64]
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(colour: str) -> Floats:
    values = np.array(rgb_of(colour)) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""
    low, high = sorted(float(linear(colour) @ XYZ[1]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def strangers(figure: go.Figure, colours: Palette) -> set[tuple[int, ...]]:
    """Colours in a figure, faded or not, that its palette does not have."""
    single = (colours.paper, colours.panel, colours.ink, colours.line, colours.muted, colours.accent)
    known = {*single, colours.right, colours.wrong, *colours.digits, *colours.sequential, *colours.diverging}
    text = json.dumps(figure.to_plotly_json(), default=repr)
    solid = {rgb_of(found) for found in re.findall(r"#[0-9a-fA-F]{6}\b", text)}
    faded = {tuple(map(int, found)) for found in re.findall(r"rgba\((\d+), (\d+), (\d+)", text)}
    return (solid | faded) - {rgb_of(colour) for colour in known}
