"""Plotly figures that are updated in place.

`st.plotly_chart` takes a chart down and builds it anew whenever its data changes, which flickers and loses the
zoom. This component keeps one node a chart and hands new data to `Plotly.react`. It can show the digit that lies under
the pointer, and tell which points were selected.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, ParamSpec

import streamlit as st
from plotly import graph_objects as go

from mnist_dash.arrays import Images
from mnist_dash.data.dataset import SIDE
from mnist_dash.figures.cloud import SPRITE_COLUMNS
from mnist_dash.ui.components import sprites
from mnist_dash.ui.shell import resources, served
from mnist_dash.ui.shell.shared_drawings import draw_shared

P = ParamSpec("P")
_SELECTING = ("select2d", "lasso2d")
CONFIG: Mapping[str, Any] = MappingProxyType(
    {
        "displaylogo": False,
        "displayModeBar": "hover",
        "modeBarButtonsToRemove": ["zoomIn2d", "zoomOut2d", "autoScale2d", *_SELECTING],
        # Plotly's button for uploading a chart to its own servers.
        "showSendToCloud": False,
        "plotlyServerURL": "",
        "toImageButtonOptions": {"filename": "mnist-dash", "scale": 2},
    }
)

_component = st.components.v2.component(
    "mnist_dash_chart",
    html='<div class="mnist-dash-chart" role="figure"></div>',
    css=Path(__file__).with_suffix(".css").read_text("utf-8"),
    js=Path(__file__).with_suffix(".js").read_text("utf-8"),
    # Plotly puts its own rules for hover labels and mode bar into the document, out of reach of a shadow root.
    isolate_styles=False,
)


@dataclass(frozen=True, slots=True)
class Selection:
    """What was selected: the first value of each point's `customdata`, in rising order; one at least."""

    points: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DrawnFigure:
    """A figure as the browser takes it, and its `uirevision`."""

    json: str
    revision: str

    def __len__(self) -> int:
        """The bytes that it takes, as good as all of them its JSON's."""
        return len(self.json)


def plot_shared(plot: Callable[P, go.Figure], *of: P.args, **how: P.kwargs) -> DrawnFigure:
    """The figure that `plot`, a function of a module, returns of these arguments, drawn once for all sessions."""
    return draw_shared(_plot, plot, of, how)


def _plot(plot: Callable[..., go.Figure], of: tuple[Any, ...], how: Mapping[str, Any]) -> DrawnFigure:
    return draw_figure(plot(*of, **how))


def draw_figure(figure: go.Figure) -> DrawnFigure:
    """`figure` for the browser, which costs as much as making it."""
    return DrawnFigure(figure.to_json(), figure.layout.uirevision or "kept")


def chart(
    figure: go.Figure | DrawnFigure,
    key: str,
    height: int,
    alt: str,
    thumbnails: Images | None = None,
    selectable: bool = False,
    on_click: Callable[[int], None] | None = None,
    least: int = 0,
    of: str = "",
) -> Selection | None:
    """Show `figure` in `height` pixels under the accessible name `alt`; the same `key` updates it in place.

    With `thumbnails` (n, 28, 28) the digit under the pointer is shown: the first value of a point's `customdata` is
    its place among them. Where the figure is `selectable`, what the person has selected is answered, as long as the
    figure's `uirevision` stays the same; None where that is nothing. `on_click` is called with the point that was
    clicked, before anything is drawn again. Where there is less room than `least` pixels, it is moved sideways in its
    frame instead of shrinking further. What it is `of` tells when another figure that stood there meanwhile, a draft,
    is done with.
    """
    drawn = figure if isinstance(figure, DrawnFigure) else draw_figure(figure)
    revision = drawn.revision
    data: dict[str, Any] = {
        "script": served.plotly_js(),
        "figure": drawn.json,
        "config": _config(selectable),
        "height": height,
        "alt": alt,
    }
    data |= {
        "revision": revision,
        "selectable": selectable,
        "clickable": on_click is not None,
        "least": least,
        "of": of,
    }
    if selectable:
        data["selected"] = _selected(st.session_state.get(key), revision)
    if thumbnails is not None:
        address = sprites.address(resources.settings().home, thumbnails)
        data["sprite"] = {"address": address, "columns": SPRITE_COLUMNS, "side": SIDE}
    told: dict[str, Any] = {f"on_{name}_change": _noted for name in ("theme", "selected", "clicked")}
    if on_click:
        told["on_clicked_change"] = lambda: on_click(int(st.session_state[key]["clicked"]))
    result = _component(key=key, data=data, height=height, **told)
    if result.theme:
        st.rerun()
    points = _selected(result, revision)
    return Selection(tuple(points)) if selectable and points else None


def _noted() -> None:
    """Make the switch of theme, the selection and a click known to the component, which reads them from its result."""


def _config(selectable: bool) -> dict[str, Any]:
    left_out = [name for name in CONFIG["modeBarButtonsToRemove"] if not (selectable and name in _SELECTING)]
    # The buttons stay in sight where they are the only way to select, as under a finger.
    bar = {"displayModeBar": True} if selectable else {}
    return {**CONFIG, "modeBarButtonsToRemove": left_out, **bar}


def _selected(state: Any, revision: str) -> list[int]:  # noqa: ANN401 - Streamlit's state has no types
    """The points that are selected in a figure of that revision; what was selected in another is none of them."""
    selected = (state or {}).get("selected") or {}
    return sorted(map(int, selected["points"])) if selected.get("revision") == revision else []
