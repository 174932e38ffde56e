"""The map of digits as a figure: up to ten thousand points, coloured by what one wants to know of them.

Which point is which stands in `customdata`: its place in the cloud first, so that whoever hears of a hovered or
selected point knows the digit, whatever the points are coloured by.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
from PIL import Image
from plotly import graph_objects as go

from mnist_dash.arrays import Images, Labels, Mask
from mnist_dash.data.dataset import CLASSES, SIDE
from mnist_dash.errors import DataError
from mnist_dash.figures.theme import Palette, fade, make_scale, make_template

SPRITE_COLUMNS = 100
"""Digits in a row of the sprite."""
_LEVELS = 16
_GUESS = 100 / CLASSES
"""The certainty in per cent of a model that holds all digits for equally likely: there is no less."""
_MOST_CERTAIN = 99.9
"""The certainty in per cent that is shown for whatever is higher: near certainty is not rounded away."""


class Tint(StrEnum):
    """What the colour of a point says."""

    DIGIT = "digit"
    SPLIT = "split"
    OUTCOME = "outcome"
    CERTAINTY = "certainty"


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """Points (n, 2) with the `split` (0 training, 1 test), `index` and `label` of each (n,).

    `probabilities` (n, 10) of a model where one was asked; `shares` of the variance where the axes are principal
    components. Raises DataError where the arrays do not fit.
    """

    points: npt.NDArray[np.float32]
    split: npt.NDArray[np.uint8]
    index: npt.NDArray[np.int32]
    label: Labels
    probabilities: npt.NDArray[np.float32] | None = None
    shares: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        """Refuse arrays of different lengths."""
        arrays = (self.points, self.split, self.index, self.label, self.probabilities)
        lengths = {len(array) for array in arrays if array is not None}
        if len(lengths) != 1:
            raise DataError(f"The arrays of a cloud have {sorted(lengths)} rows; give one row for each point.")


@dataclass(frozen=True, slots=True)
class _Group:
    """Points that share a mark: who they are, their name in the key, and how they look."""

    chosen: Mask
    name: str
    marker: dict[str, Any]
    sign: str = "●"


def plot_cloud(points: Cloud, tint: Tint, colours: Palette) -> go.Figure:
    """The points in colours by `tint`; raises DataError where that needs a model's answers and there are none."""
    if points.probabilities is None and tint in (Tint.OUTCOME, Tint.CERTAINTY):
        raise DataError(f"Colours by {tint} need the answers of a model; give them, or choose digit or split.")
    groups = list(_groups(points, tint, colours))
    order = np.argsort(-_certainty(points)) if tint is Tint.CERTAINTY else np.arange(len(points.label))
    traces = [
        _trace(points, group, order[(group.chosen & (points.split == split))[order]], split)
        for group in groups
        for split in (0, 1)
    ]
    return go.Figure([trace for trace in traces if len(trace.x)], _layout(points, groups, tint, colours))


def draw_sprite(images: Images) -> bytes:
    """Images (n, 28, 28) in rows of SPRITE_COLUMNS without gaps, as a PNG of 16 greys, white ink on black."""
    rows = -(-len(images) // SPRITE_COLUMNS)
    tiles = np.zeros((rows * SPRITE_COLUMNS, SIDE, SIDE), np.uint8)
    tiles[: len(images)] = images // _LEVELS
    page = tiles.reshape(rows, SPRITE_COLUMNS, SIDE, SIDE).swapaxes(1, 2).reshape(rows * SIDE, SPRITE_COLUMNS * SIDE)
    picture = Image.fromarray(page).convert("P")
    picture.putpalette([level * (255 // (_LEVELS - 1)) for level in range(_LEVELS) for _ in range(3)])
    content = io.BytesIO()
    picture.save(content, "PNG", bits=4, compress_level=3)
    return content.getvalue()


def _groups(points: Cloud, tint: Tint, colours: Palette) -> Iterator[_Group]:
    everyone = np.ones(len(points.label), bool)
    match tint:
        case Tint.DIGIT:
            steps = [(edge / CLASSES, colours.digits[i]) for i in range(CLASSES) for edge in (i, i + 1)]
            yield _Group(
                everyone, "", {"color": points.label, "colorscale": steps, "cmin": -0.5, "cmax": 9.5, "size": 5}
            )
        case Tint.SPLIT:
            yield _Group(points.split == 0, "training", {"color": fade(colours.muted, 0.6), "size": 4})
            yield _Group(points.split == 1, "test", {"color": colours.accent, "size": 5, "symbol": "diamond"}, "◆")
        case Tint.OUTCOME:
            right = _answers(points) == points.label
            yield _Group(right, "right", {"color": fade(colours.right, 0.55), "size": 4})
            yield _Group(~right, "wrong", {"color": colours.wrong, "size": 8, "symbol": "x"}, "✖")
        case Tint.CERTAINTY:
            title = {"text": "Certainty in %", "side": "right", "font": {"size": 13, "color": colours.muted}}
            bar = {"title": title, "len": 0.6, "x": 1, "thickness": 12, "outlinewidth": 0}
            # The doubtful stand out; the first steps of the scale would be lost on the paper.
            tones = make_scale(colours.sequential[:1:-1])
            ground = {"colorscale": tones, "cmin": _GUESS, "cmax": 100, "size": 5}
            yield _Group(everyone, "", {"color": _certainty(points), "colorbar": bar, "showscale": True} | ground)


def _trace(points: Cloud, group: _Group, chosen: npt.NDArray[np.intp], split: int) -> go.Scattergl:
    ink = group.marker["color"]
    # A colour bar for each trace would stand on top of the other.
    bar = {"showscale": split == 0} if "showscale" in group.marker else {}
    own = {} if isinstance(ink, str) else {"color": ink[chosen]}
    return go.Scattergl(
        x=points.points[chosen, 0],
        y=points.points[chosen, 1],
        mode="markers",
        marker=group.marker | own | bar | {"line": {"width": 0}},
        customdata=_facts(points)[chosen],
        hovertemplate=_words(points, split),
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 0.12}},
    )


def _facts(points: Cloud) -> npt.NDArray[np.float32]:
    """(n, 3) or (n, 5): place in the cloud, index, label; answer and certainty in per cent."""
    columns: list[npt.NDArray[Any]] = [np.arange(len(points.label)), points.index, points.label]
    if points.probabilities is not None:
        columns += [_answers(points), np.minimum(_certainty(points), _MOST_CERTAIN)]
    return np.stack(columns, axis=1).astype(np.float32)


def _words(points: Cloud, split: int) -> str:
    name = ("Training", "Test")[split]
    answer = "<br>Answer %{customdata[3]} (%{customdata[4]:.1f} %)" if points.probabilities is not None else ""
    return f"Label <b>%{{customdata[2]}}</b>{answer}<br>{name} image %{{customdata[1]:,}}<extra></extra>"


def _answers(points: Cloud) -> npt.NDArray[np.intp]:
    assert points.probabilities is not None  # noqa: S101 - refused before
    answers: npt.NDArray[np.intp] = points.probabilities.argmax(axis=1)
    return answers


def _certainty(points: Cloud) -> npt.NDArray[np.float32]:
    assert points.probabilities is not None  # noqa: S101 - refused before
    certainty: npt.NDArray[np.float32] = (100 * points.probabilities.max(axis=1)).astype(np.float32)
    return certainty


def _layout(points: Cloud, groups: list[_Group], tint: Tint, colours: Palette) -> dict[str, Any]:
    axis = {"showgrid": False, "showticklabels": False, "ticks": "", "constrain": "domain"}
    names = ["", ""]
    if points.shares:
        names = [f"Component {i}: {share:.1%} of the variance" for i, share in enumerate(points.shares, 1)]
    across, up = ({"title": {"text": name.replace("%", " %")}} for name in names)
    return {
        "template": make_template(colours),
        "margin": {"l": 32 if points.shares else 8, "r": 8, "t": 32, "b": 32 if points.shares else 8},
        "xaxis": {**axis, **across},
        "yaxis": {**axis, **up, "scaleanchor": "x"},
        # Zoom and selection are of these points alone: other points begin anew.
        "uirevision": f"{crc32(np.ascontiguousarray(points.points).tobytes()):08x}",
        "newselection": {"line": {"color": colours.ink, "width": 1}},
        "annotations": [*_key(groups, colours), *_names(points, tint, colours)],
    }


def _key(groups: list[_Group], colours: Palette) -> Iterator[dict[str, Any]]:
    """Above the points: what the marks mean, and how many there are of each."""
    named = [group for group in groups if group.name]
    parts = (
        f"<span style='color:{group.marker['color']}'>{group.sign}</span> {int(group.chosen.sum()):,} {group.name}"
        for group in named
    )
    place = {"x": 0, "xref": "paper", "y": 1, "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
    font = {"size": 13, "color": colours.ink}
    if named:
        yield {**place, "text": "   ".join(parts), "font": font, "showarrow": False}


def _names(points: Cloud, tint: Tint, colours: Palette) -> Iterator[dict[str, Any]]:
    """Each digit's name where the middle of its points is."""
    for digit in np.unique(points.label).tolist():
        x, y = np.median(points.points[points.label == digit], axis=0).tolist()
        edge = colours.digits[digit] if tint is Tint.DIGIT else colours.line
        yield {
            "x": x,
            "y": y,
            "text": f"<b>{digit}</b>",
            "font": {"size": 16, "color": colours.ink},
            "bgcolor": fade(colours.paper, 0.85),
            "bordercolor": edge,
            "borderpad": 2,
            "showarrow": False,
            # A label must not lie between the pointer and the points below it.
            "captureevents": False,
        }
