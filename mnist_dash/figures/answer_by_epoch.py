"""How the answer to one image came about: ten probabilities after each epoch, as lines in the colours of the digits."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from plotly import graph_objects as go

from mnist_dash.arrays import Probabilities
from mnist_dash.data.dataset import CLASSES
from mnist_dash.figures.theme import Palette, make_template

HEIGHT = 380
"""Pixels that the figure is made for."""
_NAMED = 0.15
"""A digit that was ever as likely is named, where it was likeliest."""
_TICKS = 12
"""Epochs that each get their number below."""


def plot_answer_by_epoch(epochs: Sequence[int], shares: Probabilities, colours: Palette) -> go.Figure:
    """The `shares` (n, 10) of the digits after each of n `epochs`; the line of the last answer is the broad one."""
    answer = int(shares[-1].argmax())
    # Last, so that it lies above the others.
    order = sorted(range(CLASSES), key=lambda digit: digit == answer)
    lines = [
        go.Scatter(
            x=list(epochs),
            y=100 * shares[:, digit],
            mode="lines+markers",
            line={"width": 3 if digit == answer else 1.5, "color": colours.digits[digit]},
            marker={"size": 8 if digit == answer else 5},
            name=str(digit),
            hovertemplate=f"{digit}: <b>%{{y:.1f}} %</b><extra></extra>",
        )
        for digit in order
    ]
    return go.Figure(lines, _layout(epochs, colours) | {"annotations": _name_lines(epochs, shares, colours)})


def _name_lines(epochs: Sequence[int], shares: Probabilities, colours: Palette) -> list[dict[str, Any]]:
    """The likely digits, each above the last of the points where it was likeliest."""
    peaks = len(shares) - 1 - shares[::-1].argmax(axis=0)
    return [
        {
            "x": epochs[peaks[digit]],
            "y": float(100 * shares[peaks[digit], digit]),
            "text": f"<b>{digit}</b>",
            "font": {"size": 16, "color": colours.ink},
            "showarrow": False,
            "yanchor": "bottom",
            "yshift": 4,
        }
        for digit in np.flatnonzero(shares.max(axis=0) >= _NAMED).tolist()
    ]


def _layout(epochs: Sequence[int], colours: Palette) -> dict[str, Any]:
    return {
        "template": make_template(colours),
        "margin": {"l": 52, "r": 16, "t": 8, "b": 44},
        "hovermode": "x unified",
        "dragmode": False,
        "showlegend": False,
        "xaxis": {
            "title": {"text": "Epoch"},
            "range": [epochs[0] - 0.3, epochs[-1] + 0.3],
            "tickformat": "d",
            "dtick": 1 if len(epochs) <= _TICKS else None,
            "fixedrange": True,
            "showgrid": False,
        },
        # Room for a name above 100 %.
        "yaxis": {"title": {"text": "Probability in %"}, "range": [-3, 112], "fixedrange": True, "dtick": 25},
    }
