"""What the data is made of: how many of each class, and which pixel values."""

from typing import Any

import numpy as np
from plotly import graph_objects as go

from mnist_dash.arrays import Counts
from mnist_dash.figures.theme import Palette, fade, make_template
from mnist_dash.words import percent

CLASS_HEIGHT = 400
"""Pixels that the counts of ten classes are made for: two rows of text for each."""


def plot_class_counts(train: Counts, test: Counts, colours: Palette) -> go.Figure:
    """Images of each class (10,) in the training and the test split, as shares of their split with the counts."""
    bars = [
        _shares(train, "training", colours.digits, colours),
        _shares(test, "test", [fade(colour, 0.55) for colour in colours.digits], colours),
    ]
    return go.Figure(bars, _class_layout(colours))


def plot_intensity(histogram: Counts, colours: Palette) -> go.Figure:
    """How many pixels have each value (256,), on a logarithmic axis, since most of every image is paper."""
    total = max(int(histogram.sum()), 1)
    bars = go.Bar(
        x=np.arange(len(histogram)),
        y=np.where(histogram > 0, histogram, np.nan),
        customdata=histogram / total * 100,
        marker={"color": colours.ink, "line": {"width": 0}},
        hovertemplate="Value %{x}<br><b>%{y:,}</b> pixels, %{customdata:.3~g} %<extra></extra>",
    )
    return go.Figure(bars, _intensity_layout(histogram, colours))


def _shares(counts: Counts, split: str, fill: Any, colours: Palette) -> go.Bar:  # noqa: ANN401 - a colour or ten
    shares = counts / max(int(counts.sum()), 1) * 100
    return go.Bar(
        x=shares,
        y=np.arange(len(counts)),
        orientation="h",
        customdata=counts,
        marker={"color": fill},
        # The first row says which bar is which; ten times would be nine too many.
        text=[f"{count:,} {split}" if digit == 0 else f"{count:,}" for digit, count in enumerate(counts.tolist())],
        textposition="outside",
        textfont={"size": 13, "color": colours.muted},
        # As large as they are said to be, however thin the bar.
        constraintext="none",
        cliponaxis=False,
        hovertemplate=f"Digit %{{y}}: <b>%{{customdata:,}}</b> {split} images, %{{x:.2f}} %<extra></extra>",
    )


def _class_layout(colours: Palette) -> dict[str, Any]:
    return {
        "template": make_template(colours),
        "barmode": "group",
        "bargap": 0.22,
        "bargroupgap": 0.04,
        "margin": {"l": 48, "r": 84, "t": 8, "b": 48},
        "xaxis": {"rangemode": "tozero", "title": {"text": "Share of its split in %"}},
        "yaxis": {
            "range": [9.6, -0.6],
            "tickvals": list(range(10)),
            "tickfont": {"size": 15, "color": colours.ink},
            "title": {"text": "Digit"},
            "showgrid": False,
        },
    }


def _intensity_layout(histogram: Counts, colours: Palette) -> dict[str, Any]:
    total, seen = max(int(histogram.sum()), 1), histogram[histogram > 0]
    note = {
        "x": 0,
        "y": 1,
        "yref": "paper",
        "text": f"{percent(int(histogram[0]) / total, 1)} of the pixels are bare paper",
        "font": {"size": 12, "color": colours.muted},
        "showarrow": False,
        "xanchor": "left",
        "xshift": 12,
        "yanchor": "top",
    }
    return {
        "template": make_template(colours),
        "bargap": 0,
        "margin": {"l": 64, "r": 16, "t": 8, "b": 48},
        "xaxis": {"range": [-1.5, 256], "tickvals": [0, 64, 128, 192, 255], "title": {"text": "Pixel value"}},
        "yaxis": {"type": "log", "range": _decades(seen), "title": {"text": "Pixels (logarithmic)"}, "dtick": 1},
        "annotations": [note],
    }


def _decades(seen: Counts) -> list[float]:
    """A logarithmic axis that starts below the least count, so that a single pixel has a bar too."""
    low, high = (float(seen.min()), float(seen.max())) if len(seen) else (1.0, 10.0)
    return [float(np.floor(np.log10(low))) - 0.3, float(np.log10(high)) + 0.3]
