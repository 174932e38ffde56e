"""The ten probabilities while a digit was drawn."""

from typing import Any

import numpy as np
from plotly import graph_objects as go

from mnist_dash.arrays import Probabilities
from mnist_dash.figures.theme import Palette, make_template

NOTED = 0.1
"""A digit that was found so likely at some moment has a line of its own colour; the others step back."""


def plot_film(points: list[int], shares: Probabilities, is_refused: list[bool], colours: Palette) -> go.Figure:
    """Probabilities (n, 10) against the share of the drawing's points, with a line to move as the first shape.

    Moments at which the ink looks like no digit are shaded.
    """
    along = 100 * np.array(points) / points[-1]
    noted = [digit for digit in range(10) if shares[:, digit].max() >= NOTED]
    order = [digit for digit in range(10) if digit not in noted] + noted
    lines = [_line(digit, along, shares[:, digit], colours, is_noted=digit in noted) for digit in order]
    layout = _layout(along, is_refused, colours)
    return go.Figure(lines, layout | {"annotations": [_label(digit, along, shares, colours) for digit in noted]})


def _line(digit: int, along: Any, shares: Any, colours: Palette, *, is_noted: bool) -> go.Scatter:  # noqa: ANN401
    return go.Scatter(
        x=along,
        y=100 * shares,
        mode="lines",
        line={"color": colours.digits[digit] if is_noted else colours.line, "width": 2.5 if is_noted else 1},
        hovertemplate=f"{digit}: %{{y:.1f}} %<extra></extra>" if is_noted else None,
        hoverinfo=None if is_noted else "skip",
    )


def _label(digit: int, along: Any, shares: Any, colours: Palette) -> dict[str, Any]:  # noqa: ANN401
    """The digit itself where its line is highest, in the middle of that stretch."""
    highest = np.flatnonzero(shares[:, digit] >= shares[:, digit].max() - 0.01)
    place = highest[len(highest) // 2]
    font = {"color": colours.digits[digit], "size": 15}
    at = {"x": along[place], "y": 100 * shares[place, digit], "yanchor": "bottom", "showarrow": False}
    return {**at, "text": f"<b>{digit}</b>", "font": font}


def _layout(along: Any, is_refused: list[bool], colours: Palette) -> dict[str, Any]:  # noqa: ANN401
    cursor = {"type": "line", "x0": 100, "x1": 100, "y0": 0, "y1": 1, "yref": "paper"}
    return {
        "template": make_template(colours),
        "margin": {"l": 56, "r": 16, "t": 8, "b": 48},
        "dragmode": False,
        "hovermode": "x",
        "xaxis": {"range": [0, 100], "title": {"text": "Drawn so far in %"}, "fixedrange": True},
        "yaxis": {
            "range": [-2, 109],
            "tickvals": [0, 20, 40, 60, 80, 100],
            "title": {"text": "Probability in %"},
            "fixedrange": True,
        },
        "shapes": [{**cursor, "line": {"color": colours.ink, "width": 1}}, *_shades(along, is_refused, colours)],
    }


def _shades(along: Any, is_refused: list[bool], colours: Palette) -> list[dict[str, Any]]:  # noqa: ANN401
    """A rectangle for each stretch of moments that were refused; a moment reaches halfway to its neighbours."""
    middles = (along[1:] + along[:-1]) / 2
    edges = [0.0, *middles.tolist(), 100.0]
    changes = np.flatnonzero(np.diff(np.array([False, *is_refused, False], np.int8))).reshape(-1, 2)
    place = {"type": "rect", "y0": 0, "y1": 1, "yref": "paper", "layer": "below", "line": {"width": 0}}
    return [
        {**place, "x0": edges[start], "x1": edges[end], "fillcolor": colours.panel} for start, end in changes.tolist()
    ]
