"""Own digits by digit: how many there are, and how long one takes."""

from collections.abc import Sequence
from typing import Any

from plotly import graph_objects as go

from mnist_dash.figures.theme import Palette, fade, make_template

HEIGHT = 380
"""Pixels that the figure is made for: a row for each digit."""
_GAP = 0.06
"""Half of what lies between both parts, as a share of the width."""


def plot_own_digits(counts: Sequence[int], seconds: Sequence[float | None], colours: Palette) -> go.Figure:
    """Counts (10,) as bars on the left and median seconds (10,), where known, as dots on the right, a row a digit."""
    return go.Figure([_bars(counts, colours), _dots(seconds, colours)], _layout(counts, seconds, colours))


def _bars(counts: Sequence[int], colours: Palette) -> go.Bar:
    return go.Bar(
        x=list(counts),
        y=list(range(len(counts))),
        orientation="h",
        marker={"color": list(colours.digits)},
        text=[f"{count:,}" for count in counts],
        textposition="outside",
        textfont={"size": 13, "color": colours.muted},
        constraintext="none",
        cliponaxis=False,
        hovertemplate="Digit %{y}: <b>%{x:,}</b><extra></extra>",
    )


def _dots(seconds: Sequence[float | None], colours: Palette) -> go.Scatter:
    known = [(value, digit) for digit, value in enumerate(seconds) if value is not None]
    return go.Scatter(
        x=[value for value, _ in known],
        y=[digit for _, digit in known],
        xaxis="x2",
        mode="markers+text",
        marker={"size": 11, "color": [colours.digits[digit] for _, digit in known]},
        text=[f"{value:.1f} s" for value, _ in known],
        textposition="middle right",
        textfont={"size": 13, "color": colours.muted},
        cliponaxis=False,
        hovertemplate="Digit %{y}: <b>%{x:.2f} s</b><extra></extra>",
    )


def _layout(counts: Sequence[int], seconds: Sequence[float | None], colours: Palette) -> dict[str, Any]:
    slowest = max((value for value in seconds if value is not None), default=1.0)
    return {
        "template": make_template(colours),
        "bargap": 0.35,
        "showlegend": False,
        "margin": {"l": 40, "r": 16, "t": 8, "b": 48},
        "xaxis": {
            "domain": [0, 0.5 - _GAP],
            "range": [0, 1.2 * max(*counts, 1)],
            "nticks": 5,
            "tickformat": ",d",
            "title": {"text": "Digits"},
        },
        "xaxis2": {
            "domain": [0.5 + _GAP, 1],
            "range": [0, 1.25 * slowest],
            "nticks": 5,
            "title": {"text": "Median seconds"},
            "gridcolor": fade(colours.line, 0.6),
        },
        "yaxis": {
            "range": [9.6, -0.6],
            "tickvals": list(range(10)),
            "tickfont": {"size": 15, "color": colours.ink},
            "showgrid": False,
            "fixedrange": True,
        },
    }
