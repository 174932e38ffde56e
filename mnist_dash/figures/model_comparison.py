"""Several models side by side: the ten probabilities of the same digit, a row for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from plotly import graph_objects as go

from mnist_dash.escaping import escape_html
from mnist_dash.figures.labels import shorten
from mnist_dash.figures.theme import Palette, make_template
from mnist_dash.words import certainty

_DIGITS = tuple(range(10))
_ROW = 84
"""Pixels of a row: a line of words, the bars, and the digits below them."""
_BARS, _BELOW = 0.46, 0.24
"""Shares of a row: how high a bar of 100 % is, and how far its foot lies above the row's end."""
_TOP, _BOTTOM, _SIDE = 4, 4, 4
_LETTERS = 34


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A model by its `name`, and what it says of a digit: `shares` (10,) from 0 to 1, or None and in `note` why not."""

    name: str
    shares: npt.NDArray[np.floating] | None
    note: str = ""


def height(rows: int) -> int:
    """The pixels that a figure of so many rows is made for."""
    return _TOP + _BOTTOM + _ROW * max(rows, 1)


def plot_model_comparison(rows: Sequence[Row], colours: Palette) -> go.Figure:
    """Ten bars on tracks for each row, from above; all are as high as they are probable, on one scale."""
    tracks = go.Bar(**_placed(rows, [1.0] * 10 * len(rows)), hoverinfo="skip", marker={"color": colours.panel})
    return go.Figure([tracks, _bars(rows, colours)], _layout(rows, colours))


def _bars(rows: Sequence[Row], colours: Palette) -> go.Bar:
    cells = [(row, digit) for row in rows for digit in _DIGITS]
    shares = [0.0 if row.shares is None else float(row.shares[digit]) for row, digit in cells]
    tones = [colours.accent if digit == _winner(row) else colours.muted for row, digit in cells]
    told = [[escape_html(row.name), 100 * share] for (row, _), share in zip(cells, shares, strict=True)]
    return go.Bar(
        **_placed(rows, shares),
        marker={"color": tones},
        customdata=told,
        hovertemplate="<b>%{customdata[0]}</b><br>Digit %{x}: %{customdata[1]:.4f} %<extra></extra>",
    )


def _placed(rows: Sequence[Row], shares: Sequence[float]) -> dict[str, Any]:
    """Bars with their feet in their rows: the first row ends at −1, the next at −2."""
    feet = [_BELOW - 1 - place for place in range(len(rows)) for _ in _DIGITS]
    return {"x": [*_DIGITS] * len(rows), "y": [_BARS * share for share in shares], "base": feet, "width": 0.78}


def _winner(row: Row) -> int | None:
    return None if row.shares is None else int(np.argmax(row.shares))


def _layout(rows: Sequence[Row], colours: Palette) -> dict[str, Any]:
    words = [
        note for place, row in enumerate(rows) for note in (_name(place, row, colours), _said(place, row, colours))
    ]
    digits = [_digit(place, digit, _winner(row), colours) for place, row in enumerate(rows) for digit in _DIGITS]
    hidden = {"visible": False, "fixedrange": True}
    return {
        "template": make_template(colours),
        "barmode": "overlay",
        "dragmode": False,
        "margin": {"l": _SIDE, "r": _SIDE, "t": _TOP, "b": _BOTTOM},
        "xaxis": {**hidden, "range": [-0.5, 9.5]},
        "yaxis": {**hidden, "range": [-max(len(rows), 1), 0]},
        "annotations": words + digits,
    }


def _name(place: int, row: Row, colours: Palette) -> dict[str, Any]:
    line = {"xref": "paper", "y": -place, "yanchor": "top", "showarrow": False, "font": {"color": colours.ink}}
    return {**line, "x": 0, "xanchor": "left", "text": shorten(row.name, _LETTERS)}


def _said(place: int, row: Row, colours: Palette) -> dict[str, Any]:
    line = {"xref": "paper", "y": -place, "yanchor": "top", "showarrow": False}
    winner = _winner(row)
    if row.shares is None or winner is None:
        return {**line, "x": 1, "xanchor": "right", "text": escape_html(row.note), "font": {"color": colours.muted}}
    text = f"<b>{winner}</b>  {certainty(float(row.shares[winner]))}"
    return {**line, "x": 1, "xanchor": "right", "text": text, "font": {"color": colours.accent}}


def _digit(place: int, digit: int, winner: int | None, colours: Palette) -> dict[str, Any]:
    won = digit == winner
    font = {"size": 13, "color": colours.ink if won else colours.muted}
    at = {"x": digit, "y": _BELOW - 1 - place, "yanchor": "top", "showarrow": False}
    return {**at, "text": f"<b>{digit}</b>" if won else str(digit), "font": font}
