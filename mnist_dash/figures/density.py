"""Which values pixels have: of each class, of one image, raw and normalised, and how much ink a digit takes."""

from typing import Any

import numpy as np
import numpy.typing as npt
from plotly import graph_objects as go

from mnist_dash.analysis.distributions import Distributions
from mnist_dash.arrays import Counts
from mnist_dash.figures.labels import spread_apart
from mnist_dash.figures.theme import Palette, fade, make_template

HEIGHT = 380
"""Pixels that these figures are made for."""
_LABELS = 28
_BINS = 32
_TOP, _BOTTOM = 8, 48
_ROW = 15
"""Pixels between two digits at the lines' ends."""


def plot_densities(histograms: Counts, colours: Palette, digit: int | None = None) -> go.Figure:
    """Pixel values of each class (10, 256) as ten lines on a logarithmic axis, with one `digit` before the others.

    Values are taken eight at a time, since few images have each single one.
    """
    totals = np.maximum(histograms.sum(axis=1, keepdims=True), 1)
    binned = histograms.reshape(len(histograms), _BINS, -1).sum(axis=2) / totals * 100
    shares = np.where(binned > 0, binned, np.nan)
    # The highlighted one comes last, and so lies above.
    order = sorted(np.flatnonzero(histograms.sum(axis=1)).tolist(), key=lambda d: d == digit)
    lines = [_line(shares[d], d, colours, digit) for d in order]
    return go.Figure(lines, _density_layout(shares, order, colours, digit))


def plot_image_values(image: npt.NDArray[np.uint8], colours: Palette, *, normalised: bool = False) -> go.Figure:
    """How many pixels of one image (28, 28) have each value: raw from 0 to 255, or `normalised` from 0 to 1."""
    values, counts = np.unique(image, return_counts=True)
    x = values / 255 if normalised else values
    told = np.stack([values, values / 255, 100 * counts / image.size], axis=1)
    bars = go.Bar(x=x, y=counts, customdata=told, width=1 / 255 if normalised else 1)
    bars.marker = {"color": colours.ink, "line": {"width": 0}}
    bars.hovertemplate = "Value <b>%{customdata[0]}</b> of 255, normalised <b>%{customdata[1]:.4f}</b><br>"
    bars.hovertemplate += "Pixels: <b>%{y}</b>, %{customdata[2]:.1f} %<extra></extra>"
    return go.Figure(bars, _image_layout(int(counts.max(initial=1)), colours, normalised))


def plot_mean_ink(found: Distributions, colours: Palette) -> go.Figure:
    """The mean ink of each digit in per cent of full ink, with one standard deviation to either side."""
    bars = go.Bar(
        x=found.mean,
        y=np.arange(len(found.mean)),
        orientation="h",
        marker={"color": [fade(colour, 0.55) for colour in colours.digits]},
        error_x={"type": "data", "array": found.spread, "color": colours.ink, "thickness": 1.5, "width": 4},
        customdata=np.stack([found.spread, found.images], axis=1),
        hovertemplate="Digit %{y}: mean ink <b>%{x:.2f} %</b> of full ink<br>standard deviation "
        "%{customdata[0]:.2f} % over %{customdata[1]:,} images<extra></extra>",
    )
    return go.Figure(bars, _ink_layout(found, colours))


def _line(shares: npt.NDArray[np.float64], digit: int, colours: Palette, chosen: int | None) -> go.Scatter:
    width = 256 // _BINS
    colour = colours.digits[digit]
    starts = np.arange(_BINS) * width
    quiet = chosen is not None and digit != chosen
    return go.Scatter(
        x=starts + (width - 1) / 2,
        y=shares,
        customdata=np.stack([starts, starts + width - 1], axis=1),
        mode="lines",
        line={"color": fade(colour, 0.35) if quiet else colour, "width": 3 if digit == chosen else 1.5},
        hovertemplate=f"Digit {digit}, values %{{customdata[0]}} to %{{customdata[1]}}: "
        "<b>%{y:.3~g} %</b> of its pixels<extra></extra>",
    )


def _density_layout(
    shares: npt.NDArray[np.float64], order: list[int], colours: Palette, chosen: int | None
) -> dict[str, Any]:
    seen = shares[np.isfinite(shares)]
    low, high = (float(seen.min()), float(seen.max())) if len(seen) else (0.1, 100.0)
    span = [np.log10(low) - 0.1, np.log10(high) + 0.1]
    return {
        "template": make_template(colours),
        "margin": {"l": 64, "r": _LABELS, "t": _TOP, "b": _BOTTOM},
        "xaxis": {"range": [0, 256], "tickvals": [0, 64, 128, 192, 255], "title": {"text": "Pixel value"}},
        "yaxis": {"type": "log", "range": span, "title": {"text": "Share of pixels in % (logarithmic)"}, "dtick": 1},
        "annotations": _ends(shares, order, span, colours, chosen),
    }


def _ends(
    shares: npt.NDArray[np.float64], order: list[int], span: list[float], colours: Palette, chosen: int | None
) -> list[dict[str, Any]]:
    """The digits at their lines' ends, moved apart where they would cover each other."""
    room = HEIGHT - _TOP - _BOTTOM
    heights = {digit: float(np.nan_to_num(np.log10(shares[digit, -1]), nan=span[0])) for digit in order}
    ordered = sorted(order, key=lambda digit: heights[digit])
    wanted = [(heights[digit] - span[0]) / (span[1] - span[0]) * room for digit in ordered]
    placed = zip(ordered, wanted, spread_apart(wanted, _ROW, room), strict=True)
    return [_end(digit, heights[digit], given - pixel, colours, digit == chosen) for digit, pixel, given in placed]


def _end(digit: int, height: float, shift: float, colours: Palette, chosen: bool) -> dict[str, Any]:
    place = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "y": height, "yshift": shift, "showarrow": False}
    font = {"size": 16 if chosen else 13, "color": colours.digits[digit]}
    return {**place, "text": f"<b>{digit}</b>", "font": font}


def _image_layout(most: int, colours: Palette, normalised: bool) -> dict[str, Any]:
    ticks = [0, 0.25, 0.5, 0.75, 1] if normalised else [0, 64, 128, 192, 255]
    return {
        "template": make_template(colours),
        "bargap": 0,
        "margin": {"l": 64, "r": 16, "t": _TOP, "b": _BOTTOM},
        "xaxis": {
            "range": [-0.01, 1.01] if normalised else [-2.5, 257.5],
            "tickvals": ticks,
            "title": {"text": "Normalised value" if normalised else "Pixel value"},
        },
        "yaxis": {
            "type": "log",
            # A value that one pixel has, as most have, must have a bar that shows.
            "range": [-0.3, float(np.log10(most)) + 0.2],
            "title": {"text": "Pixels (logarithmic)"},
            "dtick": 1,
        },
    }


def _ink_layout(found: Distributions, colours: Palette) -> dict[str, Any]:
    known = np.flatnonzero(found.images)
    return {
        "template": make_template(colours),
        "bargap": 0.3,
        "margin": {"l": 48, "r": 64, "t": _TOP, "b": _BOTTOM},
        "xaxis": {"rangemode": "tozero", "title": {"text": "Mean ink in % of full ink"}},
        "yaxis": {
            "range": [9.6, -0.6],
            "tickvals": list(range(10)),
            "tickfont": {"size": 15, "color": colours.ink},
            "title": {"text": "Digit"},
            "showgrid": False,
        },
        "annotations": [_beside(digit, float(found.mean[digit]), colours) for digit in known.tolist()],
    }


def _beside(digit: int, mean: float, colours: Palette) -> dict[str, Any]:
    place = {"x": 1, "xref": "paper", "xanchor": "right", "xshift": 60, "y": digit, "showarrow": False}
    return {**place, "text": f"{mean:.1f} %", "font": {"size": 13, "color": colours.ink}}
