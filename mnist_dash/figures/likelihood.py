"""How likely models find one digit as a drawing changes little by little: a line for each, and where one looks now."""

from collections.abc import Mapping, Sequence

from plotly import graph_objects as go

from mnist_dash.arrays import Floats
from mnist_dash.escaping import escape_html
from mnist_dash.figures.theme import Palette, make_template

HEIGHT = 260
"""Pixels that the figure is made for."""
_RIGHT = 72


def plot_likelihood(
    places: Sequence[float], lines: Mapping[str, Floats], at: float, titles: tuple[str, str], colours: Palette
) -> go.Figure:
    """Shares (n,) from 0 to 1 of each line by its name at n `places`; `titles` are those of the two axes."""
    tones = (colours.ink, colours.accent, *colours.digits)
    figure = go.Figure(
        [
            go.Scatter(
                x=list(places),
                y=100 * shares,
                name=escape_html(name),
                mode="lines+markers",
                line={"color": tone, "width": 2},
                marker={"size": 5},
                hovertemplate="<b>%{fullData.name}</b>: %{y:.1f} %<extra></extra>",
            )
            for (name, shares), tone in zip(lines.items(), tones, strict=False)
        ],
        {"template": make_template(colours), "margin": {"r": _RIGHT}, "uirevision": titles[1]},
    )
    figure.update_xaxes(title_text=titles[0], range=[min(places) - 1, max(places) + 1], fixedrange=True)
    figure.update_yaxes(title_text=titles[1], range=[-3, 103], fixedrange=True)
    figure.add_vline(x=at, line={"color": colours.muted, "width": 1})
    for (name, shares), tone in zip(lines.items(), tones, strict=False):
        figure.add_annotation(
            x=max(places),
            y=float(100 * shares[-1]),
            text=f"<b>{escape_html(name)}</b>",
            font={"color": tone},
            showarrow=False,
            xanchor="left",
            xshift=8,
        )
    return figure
