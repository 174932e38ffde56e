"""What is read right against how many digits were learnt from, a line for each way to learn."""

from collections.abc import Mapping, Sequence
from math import log10
from types import MappingProxyType
from typing import Any

from plotly import graph_objects as go

from mnist_dash.analysis.learning_curve import Mean, Way
from mnist_dash.figures.theme import Palette, fade, make_template
from mnist_dash.words import duration

HEIGHT = 420
TITLES: Mapping[Way, str] = MappingProxyType(
    {
        Way.READER: "Fine-tuned reader",
        Way.GENERATED: "Fine-tuned, no real digit before",
        Way.VARIED: "Convolutional, varied digits",
        Way.CNN: "Convolutional network",
        Way.DENSE: "Dense network",
        Way.RANDOM: "Random guess",
    }
)
"""Every way as people read it, the one that knows most before it begins first."""
_TONES = MappingProxyType({Way.GENERATED: 4, Way.VARIED: 1, Way.CNN: 6, Way.DENSE: 8})


def plot_learning_curve(means: Mapping[Way, Sequence[Mean]], pace: float | None, colours: Palette) -> go.Figure:
    """The lines of all ways with points, and the bands of their 95 % intervals where there are several seeds.

    `pace` are seconds of writing for a digit, None where nobody knows.
    """
    traces = [
        trace for way in TITLES if means.get(way) for trace in _draw(way, means[way], pace, _choose_tone(way, colours))
    ]
    return go.Figure(traces, _layout([mean.images for rows in means.values() for mean in rows], colours))


def _choose_tone(way: Way, colours: Palette) -> str:
    if way is Way.READER:
        return colours.accent
    return colours.digits[_TONES[way]] if way in _TONES else colours.muted


def _draw(way: Way, means: Sequence[Mean], pace: float | None, tone: str) -> list[go.Scatter]:
    images = [mean.images for mean in means]
    spread = [(mean.images, *mean.interval) for mean in means if mean.interval]
    line = go.Scatter(
        x=images,
        y=[100 * mean.share for mean in means],
        name=TITLES[way],
        mode="lines+markers",
        line={"color": tone, "width": 2.5, "dash": "dot" if way is Way.RANDOM else "solid"},
        marker={"size": 7},
        customdata=[_say_time(count, pace) for count in images],
        hovertemplate=f"{TITLES[way]}: <b>%{{y:.1f}} %</b>%{{customdata}}<extra></extra>",
    )
    if len(spread) < 2:
        return [line]
    where, low, high = zip(*spread, strict=True)
    band = go.Scatter(
        x=[*where, *where[::-1]],
        y=[100 * share for share in (*high, *low[::-1])],
        mode="lines",
        fill="toself",
        fillcolor=fade(tone, 0.14),
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )
    return [band, line]


def _say_time(images: int, pace: float | None) -> str:
    return "" if pace is None else f", {duration(max(1.0, images * pace))} of writing"


def _layout(images: Sequence[int], colours: Palette) -> dict[str, Any]:
    ticks = sorted(set(images))
    first, last = (log10(ticks[0]), log10(ticks[-1])) if ticks else (1.0, 2.0)
    room = max(0.05, 0.04 * (last - first))
    return {
        "template": make_template(colours),
        "margin": {"l": 56, "r": 16, "t": 64, "b": 48},
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "xaxis": {
            "type": "log",
            "range": [first - room, last + room],
            "tickvals": ticks,
            "ticktext": [f"{tick:,}" for tick in ticks],
            "title": {"text": "Own digits learnt from"},
        },
        "yaxis": {"range": [0, 102], "title": {"text": "Read right in %"}},
    }
