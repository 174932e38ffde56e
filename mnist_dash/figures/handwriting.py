"""Where a hand lies among many others: a row of ticks for each measure, and a dot for the one."""

from collections.abc import Sequence
from typing import Any

from plotly import graph_objects as go

from mnist_dash.analysis.handwriting import COMPARED
from mnist_dash.arrays import Float64s
from mnist_dash.figures.theme import Palette, fade, make_template

HEIGHT = 300
"""Pixels that the figure is made for."""
_FARTHEST = 3.2
"""Standard deviations that are shown to either side; a hand beyond them stands at the border."""
_ENDS = {
    "slant": ("to the left", "to the right"),
    "thickness": ("fine", "broad"),
    "aspect": ("narrow", "wide"),
    "height": ("low", "high"),
    "ink": ("little", "much"),
}


def plot_hand(places: Float64s, others: Float64s, ranks: Float64s, colours: Palette) -> go.Figure:
    """One hand (measures,) among others (n, measures), in standard deviations, and its `ranks` (measures,) of 100."""
    rows = list(range(len(COMPARED)))
    ticks = [_draw_ticks(others[:, at], at, colours) for at in rows]
    return go.Figure([*ticks, _draw_dots(places, ranks, colours)], _lay_out(colours))


def _draw_ticks(values: Float64s, row: int, colours: Palette) -> go.Scatter:
    return go.Scatter(
        x=values.clip(-_FARTHEST, _FARTHEST),
        y=[row] * len(values),
        mode="markers",
        marker={"symbol": "line-ns", "size": 16, "line": {"width": 1, "color": fade(colours.muted, 0.35)}},
        hoverinfo="skip",
    )


def _draw_dots(places: Float64s, ranks: Float64s, colours: Palette) -> go.Scatter:
    return go.Scatter(
        x=places.clip(-_FARTHEST, _FARTHEST),
        y=list(range(len(places))),
        mode="markers",
        marker={"size": 15, "color": colours.accent, "line": {"width": 2, "color": colours.paper}},
        customdata=list(zip([measure.title for measure in COMPARED], ranks.round().tolist(), strict=True)),
        hovertemplate="%{customdata[0]}: %{customdata[1]} of 100 lie below<extra></extra>",
        cliponaxis=False,
    )


def _lay_out(colours: Palette) -> dict[str, Any]:
    return {
        "template": make_template(colours),
        "showlegend": False,
        "margin": {"l": 130, "r": 24, "t": 8, "b": 40},
        "annotations": [note for row in range(len(COMPARED)) for note in _name_ends(row, colours)],
        "xaxis": {
            "range": [-_FARTHEST, _FARTHEST],
            "tickvals": [-2, 0, 2],
            "ticktext": ["−2", "usual", "+2"],
            "title": {"text": "Standard deviations of the same digit"},
            "fixedrange": True,
        },
        "yaxis": {
            "range": [len(COMPARED) - 0.5, -0.5],
            "tickvals": list(range(len(COMPARED))),
            "ticktext": [measure.title for measure in COMPARED],
            "tickfont": {"size": 13, "color": colours.ink},
            "showgrid": False,
            "fixedrange": True,
        },
    }


def _name_ends(row: int, colours: Palette) -> Sequence[dict[str, Any]]:
    font = {"size": 12, "color": colours.muted}
    places = ((-_FARTHEST, "left"), (_FARTHEST, "right"))
    return [
        {"x": x, "y": row + 0.38, "text": text, "xanchor": side, "showarrow": False, "font": font}
        for (x, side), text in zip(places, _ENDS[COMPARED[row].name], strict=True)
    ]
