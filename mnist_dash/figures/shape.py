"""How a number is spread over the images of each digit: a ridge a digit, and loops as stacked shares."""

from typing import Any

import numpy as np
import numpy.typing as npt
from plotly import graph_objects as go

from mnist_dash.analysis.distributions import Distributions
from mnist_dash.analysis.shape import Measure
from mnist_dash.figures.theme import Palette, fade, make_template, rgb_of
from mnist_dash.words import percent

HEIGHT = 420
"""Pixels that these figures are made for; they read from a width of 320 on."""
_PEAK = 1.5
"""Rows that the highest ridge takes: they overlap a little, as a mountain hides the foot of the one behind."""
_LABELS = 64


def plot_ridges(found: Distributions, measure: Measure, colours: Palette) -> go.Figure:
    """A curve for each digit in a row of its own, with the median as a dot and the 5 to 95 % range as a line."""
    highest = float(np.nanmax(found.density, initial=0)) or 1.0
    # Drawn from above, so that each ridge stands before the one above it.
    curves = [
        trace
        for digit in np.flatnonzero(found.images)
        for trace in _ridge(found, int(digit), _PEAK / highest, colours, measure)
    ]
    return go.Figure([*curves, _marks(found, measure, colours)], _ridge_layout(found, measure, colours))


def plot_loops(shares: npt.NDArray[np.float64], colours: Palette) -> go.Figure:
    """Shares (10, k) of each digit's images that have 0, 1, … and k - 1 or more loops, as one stacked bar a digit."""
    most = shares.shape[1] - 1
    # The palest tone is too close to the paper for an area of its own.
    tones = [colours.sequential[1 + round(i * (len(colours.sequential) - 2) / most)] for i in range(most + 1)]
    names = [*map(str, range(most)), f"{most} or more"]
    parts = zip(shares.T, names, tones, strict=True)
    return go.Figure([_share_bar(*part, colours) for part in parts], _loop_layout(names, tones, colours))


def write_in_unit(value: float, measure: Measure) -> str:
    """A value of a measure as people read it: 12.7 %, −3.1°, 2.48 px."""
    digits = 0 if value.is_integer() else 2 if measure.unit in ("px", "") else 1
    return f"{value:.{digits}f}{_spaced(measure)}".replace("-", "−")


def _ridge(found: Distributions, digit: int, scale: float, colours: Palette, measure: Measure) -> list[go.Scatter]:
    colour, height = colours.digits[digit], digit - scale * found.density[digit]
    foot = go.Scatter(x=found.grid[[0, -1]], y=[digit, digit], mode="lines", hoverinfo="skip")
    foot.line = {"color": colours.line, "width": 1}
    ridge = go.Scatter(
        x=found.grid.astype(np.float32),
        y=height.astype(np.float32),
        mode="lines",
        line={"color": colour, "width": 1.5},
        fill="tonexty",
        fillcolor=fade(colour, 0.35),
        customdata=(100 * found.density[digit]).astype(np.float32),
        hovertemplate=f"Digit {digit}, {measure.title.lower()} %{{x:.3~g}}{_spaced(measure)}<br>"
        f"<b>%{{customdata:.3~g}} %</b> of its images per {measure.unit or 'unit'}<extra></extra>",
    )
    return [foot, ridge]


def _marks(found: Distributions, measure: Measure, colours: Palette) -> go.Scatter:
    """The medians, with whiskers from the 5th to the 95th percentile, a little below each foot."""
    digits = np.flatnonzero(found.images)
    low, median, high = (of[digits] for of in (found.low, found.median, found.high))
    words = [[write_in_unit(float(value), measure) for value in row] for row in zip(median, low, high, strict=True)]
    return go.Scatter(
        x=median,
        y=digits + 0.13,
        mode="markers",
        marker={"size": 7, "color": [colours.digits[digit] for digit in digits]},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": high - median,
            "arrayminus": median - low,
            "color": colours.muted,
            "thickness": 1.2,
            "width": 3,
        },
        customdata=[[int(digit), *row, f"{found.images[digit]:,}"] for digit, row in zip(digits, words, strict=True)],
        hovertemplate="Digit %{customdata[0]}: median <b>%{customdata[1]}</b><br>5 to 95 % of %{customdata[4]} images: "
        "%{customdata[2]} to %{customdata[3]}<extra></extra>",
    )


def _spaced(measure: Measure) -> str:
    return measure.unit if measure.unit in ("°", "") else f" {measure.unit}"


def _ridge_layout(found: Distributions, measure: Measure, colours: Palette) -> dict[str, Any]:
    unit = f" in {measure.unit}" if measure.unit else ""
    medians = [
        (int(digit), write_in_unit(float(found.median[digit]), measure)) for digit in np.flatnonzero(found.images)
    ]
    return {
        "template": make_template(colours),
        "margin": {"l": 48, "r": _LABELS, "t": 24, "b": 48},
        "xaxis": {"range": found.grid[[0, -1]].tolist(), "title": {"text": measure.title + unit}},
        "yaxis": _digit_axis(colours, [9.6, -_PEAK - 0.1]),
        "annotations": [_beside(digit, text, colours) for digit, text in medians] + [_heading("Median", colours)],
    }


def _loop_layout(names: list[str], tones: list[str], colours: Palette) -> dict[str, Any]:
    keys = [f"<span style='color:{tone}'>■</span> {name}" for tone, name in zip(tones, names, strict=True)]
    return {
        "template": make_template(colours),
        "barmode": "stack",
        "bargap": 0.2,
        "margin": {"l": 48, "r": 16, "t": 32, "b": 48},
        "xaxis": {"range": [0, 100], "title": {"text": "Share of the digit's images in %"}, "showgrid": False},
        "yaxis": _digit_axis(colours, [9.6, -0.6]),
        "annotations": [_heading(f"Loops:   {'    '.join(keys)}", colours) | {"x": 0, "xanchor": "left", "xshift": 0}],
    }


def _share_bar(shares: npt.NDArray[np.float64], name: str, tone: str, colours: Palette) -> go.Bar:
    return go.Bar(
        x=100 * shares,
        y=np.arange(len(shares)),
        orientation="h",
        marker={"color": tone, "line": {"color": colours.paper, "width": 1}},
        text=[percent(share, 0) if share >= 0.08 else "" for share in shares.tolist()],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"size": 12, "color": _on(tone, colours)},
        hovertemplate=f"Digit %{{y}}, loops: {name}, <b>%{{x:.2f}} %</b> of its images<extra></extra>",
    )


def _on(tone: str, colours: Palette) -> str:
    """Ink or paper, whichever differs more from the ground."""
    return max(colours.ink, colours.paper, key=lambda text: abs(sum(rgb_of(text)) - sum(rgb_of(tone))))


def _digit_axis(colours: Palette, span: list[float]) -> dict[str, Any]:
    return {
        "range": span,
        "tickvals": list(range(10)),
        "tickfont": {"size": 15, "color": colours.ink},
        "title": {"text": "Digit"},
        "showgrid": False,
        "fixedrange": True,
    }


def _beside(digit: int, text: str, colours: Palette) -> dict[str, Any]:
    place = {"x": 1, "xref": "paper", "xanchor": "right", "xshift": _LABELS - 4, "y": digit, "yanchor": "middle"}
    return {**place, "text": text, "font": {"size": 12, "color": colours.ink}, "showarrow": False}


def _heading(text: str, colours: Palette) -> dict[str, Any]:
    place = {"x": 1, "xref": "paper", "xanchor": "right", "xshift": _LABELS - 4, "y": 1, "yref": "paper"}
    return {
        **place,
        "yanchor": "bottom",
        "text": text,
        "font": {"size": 12, "color": colours.muted},
        "showarrow": False,
    }
