"""How models read digits from elsewhere: a dot for each model and data set, and a cell for each set and digit."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from plotly import graph_objects as go

from mnist_dash.analysis.elsewhere import SetReading, count_right
from mnist_dash.analysis.evaluated_images import Part
from mnist_dash.analysis.evaluation import wilson_interval
from mnist_dash.arrays import Float64s, Floats
from mnist_dash.data.dataset import CLASSES
from mnist_dash.escaping import escape_html
from mnist_dash.figures.labels import shorten
from mnist_dash.figures.theme import Palette, make_scale, make_template
from mnist_dash.words import percent

Column = Sequence[SetReading | None]
"""What a model reads of each set, in the order of the sets; None where it was not asked yet."""
LEAST = 460
"""Pixels that the cells need side by side."""
_LEGEND, _BOTTOM = 40, 48
_DOT, _GAP, _CELL = 20, 16, 34
_BAR = 32
"""Pixels of Plotly's bar of buttons, which would lie on the end of the first row; a legend leaves room for it too."""
_LETTERS = 20
_MOST = 0.2
"""The share of a digit's images at which an error has its full colour: in every set, so that they compare."""
_TURN = 0.55
"""Where on the scale the words in a cell change from ink to paper."""


def height_of_sets(sets: int, models: int) -> int:
    """The pixels that `plot_sets` is made for."""
    return (_LEGEND if models > 1 else _BAR) + _BOTTOM + max(1, sets) * (_GAP + _DOT * max(1, models))


def height_of_digits(sets: int) -> int:
    """The pixels that `plot_digits` is made for."""
    return _BAR + _BOTTOM + _CELL * max(1, sets)


def plot_sets(titles: Sequence[str], columns: Sequence[tuple[str, Column]], colours: Palette) -> go.Figure:
    """The share read right of each of the sets called `titles`, with its 95 % interval, by each named model.

    The first model has the accent. What a model has learnt from is hollow.
    """
    tones = [colours.accent, *(colours.digits[at] for at in (5, 8, 2))]
    rows = _GAP + _DOT * len(columns)
    traces, words = [], []
    for at, (name, column) in enumerate(columns):
        places = np.arange(len(titles)) + (at - (len(columns) - 1) / 2) * _DOT / rows
        tone = tones[at % len(tones)]
        traces.append(_draw_dots(titles, name, column, places, tone, colours))
        words += [
            _write_share(place, reading, tone)
            for place, reading in zip(places.tolist(), column, strict=True)
            if reading is not None
        ]
    return go.Figure(traces, _lay_out_sets(titles, columns, words, colours))


def _draw_dots(
    titles: Sequence[str], name: str, column: Column, places: Floats, tone: str, colours: Palette
) -> go.Scatter:
    there = [
        (place, title, reading)
        for place, title, reading in zip(places.tolist(), titles, column, strict=True)
        if reading is not None
    ]
    shares = [100 * reading.evaluation.accuracy for _, _, reading in there]
    ends = [[100 * end for end in reading.evaluation.interval] for _, _, reading in there]
    return go.Scatter(
        x=shares,
        y=[place for place, _, _ in there],
        name=escape_html(name),
        mode="markers",
        marker={
            "size": 9,
            "color": tone,
            "symbol": ["circle-open" if reading.learnt else "circle" for _, _, reading in there],
            "line": {"width": 2, "color": tone},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - share for share, (_, high) in zip(shares, ends, strict=True)],
            "arrayminus": [share - low for share, (low, _) in zip(shares, ends, strict=True)],
            "color": colours.muted,
            "thickness": 1.5,
            "width": 4,
        },
        customdata=[_describe(title, name, reading) for _, title, reading in there],
        hovertemplate="%{customdata}<extra></extra>",
        cliponaxis=False,
    )


def _describe(title: str, name: str, reading: SetReading) -> str:
    """One dot in words."""
    found = reading.evaluation
    low, high = map(percent, found.interval)
    kind = "test images" if reading.part is Part.TEST else "images, all of the set"
    learnt = "<br>It has learnt from these images." if reading.learnt else ""
    return (
        f"<b>{escape_html(title)}</b>, {escape_html(name)}: {found.images:,} {kind}<br>"
        f"<b>{percent(found.accuracy)}</b>, 95 % interval {low} to {high}{learnt}"
    )


def _write_share(place: float, reading: SetReading, tone: str) -> dict[str, Any]:
    text = percent(reading.evaluation.accuracy)
    return {
        "x": 1,
        "xref": "paper",
        "y": place,
        "text": f"({text})" if reading.learnt else text,
        "font": {"color": tone, "size": 13},
        "showarrow": False,
        "xanchor": "right",
        "xshift": 76,
    }


def _lay_out_sets(
    titles: Sequence[str], columns: Sequence[tuple[str, Column]], words: list[dict[str, Any]], colours: Palette
) -> dict[str, Any]:
    several = len(columns) > 1
    return {
        "template": make_template(colours),
        "margin": {"l": 56, "r": 80, "t": _LEGEND if several else _BAR, "b": _BOTTOM},
        "showlegend": several,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "xaxis": {"range": _find_span(columns), "title": {"text": "Images read right in %"}, "nticks": 5},
        "yaxis": {
            "range": [max(len(titles), 1) - 0.5, -0.5],
            "tickvals": list(range(len(titles))),
            "ticktext": [shorten(title, _LETTERS) for title in titles],
            "tickfont": {"color": colours.ink},
            "showgrid": False,
            "fixedrange": True,
        },
        "annotations": words,
    }


def _find_span(columns: Sequence[tuple[str, Column]]) -> list[float]:
    ends = [end for _, column in columns for reading in column if reading for end in reading.evaluation.interval]
    low, high = 100 * min(ends, default=0.0), 100 * max(ends, default=1.0)
    room = max(0.5, 0.06 * (high - low))
    return [max(0.0, low - room), min(100.0, high + room)]


def plot_digits(titles: Sequence[str], column: Column, chosen: int | None, colours: Palette) -> go.Figure:
    """The share read right of each digit of the sets called `titles`, coloured by what is read wrong.

    The first value of a cell's `customdata` is its number, ten to a set; the cell of number `chosen` has a frame.
    """
    images, right = count_cells(column)
    shares = np.divide(right, images, out=np.full(images.shape, np.nan), where=images > 0)
    # The square root spreads the small shares, which are most of them.
    errors = np.sqrt(np.minimum((1 - shares) / _MOST, 1))
    cells = go.Heatmap(
        z=errors,
        zmin=0,
        zmax=1,
        colorscale=make_scale(colours.sequential),
        showscale=False,
        xgap=2,
        ygap=2,
        customdata=_tell_cells(titles, images, right),
        hovertemplate="%{customdata[1]}<extra></extra>",
        hoverongaps=False,
    )
    figure = go.Figure([cells, _write_cells(shares, errors, colours)], _lay_out_digits(titles, colours))
    if chosen is not None:
        row, digit = divmod(chosen, CLASSES)
        sides = {"x0": digit - 0.5, "x1": digit + 0.5, "y0": row - 0.5, "y1": row + 0.5}
        figure.add_shape(type="rect", **sides, line={"color": colours.accent, "width": 2.5})
    return figure


def count_cells(column: Column) -> tuple[Float64s, Float64s]:
    """(sets, 10) each: how many images of each digit a set has, and how many of them are read right; 0 where none."""
    images, right = np.zeros((2, len(column), CLASSES))
    for row, reading in enumerate(column):
        for digit, count, correct in count_right(reading.evaluation)[1:] if reading else ():
            images[row, int(digit)], right[row, int(digit)] = count, correct
    return images, right


def _tell_cells(titles: Sequence[str], images: Float64s, right: Float64s) -> list[list[list[object]]]:
    return [
        [
            [row * CLASSES + digit, _tell_cell(title, digit, int(images[row, digit]), int(right[row, digit]))]
            for digit in range(CLASSES)
        ]
        for row, title in enumerate(titles)
    ]


def _tell_cell(title: str, digit: int, images: int, right: int) -> str:
    if not images:
        return ""
    low, high = map(percent, wilson_interval(right, images))
    return (
        f"<b>{escape_html(title)}</b>: {right:,} of {images:,} images of {digit} are read right<br>"
        f"<b>{percent(right / images)}</b>, 95 % interval {low} to {high}"
    )


def _write_cells(shares: Float64s, errors: Float64s, colours: Palette) -> go.Scatter:
    row, digit = np.nonzero(~np.isnan(shares))
    tones = np.where(errors > _TURN, colours.paper, colours.ink)
    return go.Scatter(
        x=digit,
        y=row,
        mode="text",
        text=["100" if share == 1 else f"{100 * share:.1f}" for share in shares[row, digit]],
        textfont={"size": 12, "color": tones[row, digit]},
        hoverinfo="skip",
    )


def _lay_out_digits(titles: Sequence[str], colours: Palette) -> dict[str, Any]:
    axis = {"tickfont": {"size": 13, "color": colours.ink}, "fixedrange": True, "showgrid": False}
    return {
        "template": make_template(colours),
        "margin": {"l": 56, "r": 8, "t": _BAR, "b": _BOTTOM},
        "dragmode": False,
        "xaxis": {
            **axis,
            "range": [-0.5, CLASSES - 0.5],
            "tickvals": list(range(CLASSES)),
            "title": {"text": "Images of each digit read right in %", "standoff": 4},
        },
        "yaxis": {
            **axis,
            "range": [max(len(titles), 1) - 0.5, -0.5],
            "tickvals": list(range(len(titles))),
            "ticktext": [shorten(title, _LETTERS) for title in titles],
        },
    }
