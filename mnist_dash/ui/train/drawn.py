"""Figures of a run, drawn once for all who look at it: most of what the page costs is drawing."""

from collections.abc import Callable, Hashable

from plotly import graph_objects as go

from mnist_dash.ui.components.chart import DrawnFigure, draw_figure
from mnist_dash.ui.shell.run_feed import RunSnapshot
from mnist_dash.ui.shell.theme import colours


def draw_once(seen: RunSnapshot, key: tuple[Hashable, ...], plot: Callable[[], go.Figure]) -> DrawnFigure:
    """What `plot` draws of the run as it was seen, in the colours of this session; `key` names the figure."""
    return seen.drawings.once((colours(), *key), lambda: draw_figure(plot()))
