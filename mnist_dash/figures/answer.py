"""What a network answers: the ten probabilities of one digit."""

from typing import Any

import numpy as np
import numpy.typing as npt
from plotly import graph_objects as go

from mnist_dash.figures.theme import Palette, make_template
from mnist_dash.words import certainty

_DIGITS = tuple(range(10))
_LABELS = 66
"""Pixels right of 100 % for the percentages, which end in one column."""


def plot_probabilities(
    shares: npt.NDArray[np.floating] | None, colours: Palette, *, refused: bool = False
) -> go.Figure:
    """Probabilities (10,) from 0 to 1 as bars on fixed tracks; None gives the ten empty tracks.

    No bar stands out where the drawing was `refused`: there is no answer then.
    """
    percent = None if shares is None else np.asarray(shares, np.float64) * 100
    winner = None if percent is None or refused else int(np.argmax(percent))
    bars = _bars(np.zeros(10) if percent is None else percent, winner, colours)
    layout = _layout(winner, colours) | {"annotations": _percentages(percent, winner, colours)}
    return go.Figure([_tracks(colours), bars], layout)


def _tracks(colours: Palette) -> go.Bar:
    return go.Bar(
        x=[100] * 10, y=_DIGITS, orientation="h", width=0.72, hoverinfo="skip", marker={"color": colours.panel}
    )


def _bars(percent: npt.NDArray[np.float64], winner: int | None, colours: Palette) -> go.Bar:
    return go.Bar(
        x=percent,
        y=_DIGITS,
        orientation="h",
        width=0.72,
        marker={"color": [colours.accent if digit == winner else colours.muted for digit in _DIGITS]},
        hovertemplate="Digit %{y}: %{x:.4f} %<extra></extra>",
    )


def _percentages(percent: npt.NDArray[np.float64] | None, winner: int | None, colours: Palette) -> list[dict[str, Any]]:
    texts = ["–"] * 10 if percent is None else [certainty(float(value) / 100) for value in percent]
    place = {"xref": "paper", "x": 1, "xanchor": "right", "xshift": _LABELS - 2, "showarrow": False}
    tones = [colours.ink if digit == winner else colours.muted for digit in _DIGITS]
    rows = zip(_DIGITS, _emphasised(texts, winner), tones, strict=True)
    return [{**place, "y": digit, "text": text, "font": {"color": tone}} for digit, text, tone in rows]


def _emphasised(texts: list[str], winner: int | None) -> list[str]:
    return [f"<b>{text}</b>" if digit == winner else text for digit, text in enumerate(texts)]


def _layout(winner: int | None, colours: Palette) -> dict[str, Any]:
    return {
        "template": make_template(colours),
        "barmode": "overlay",
        "margin": {"l": 48, "r": _LABELS, "t": 8, "b": 48},
        "dragmode": False,
        "xaxis": {
            "range": [0, 100],
            "tickvals": [0, 25, 50, 75, 100],
            "title": {"text": "Probability in %"},
            "showgrid": False,
            "fixedrange": True,
        },
        "yaxis": {
            "range": [9.6, -0.6],
            "tickvals": _DIGITS,
            "ticktext": _emphasised([str(digit) for digit in _DIGITS], winner),
            "tickfont": {"size": 16, "color": colours.ink},
            "title": {"text": "Digit"},
            "showgrid": False,
            "fixedrange": True,
        },
    }
