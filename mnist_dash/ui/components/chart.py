"""Plotly figures that are updated in place.

`st.plotly_chart` takes a chart down and builds it anew whenever its data changes, which flickers and loses the
zoom. This component keeps one node a chart and hands new data to `Plotly.react`. It can show the digit that lies under
the pointer, and tell which points were selected.
"""

import hashlib
import os
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import plotly
import streamlit as st
from plotly import graph_objects as go

from mnist_dash.arrays import Images
from mnist_dash.data.dataset import SIDE
from mnist_dash.figures.cloud import SPRITE_COLUMNS, draw_sprite
from mnist_dash.files import whole

ROOT = Path(__file__).parents[3]
KEPT = 24 * 3600.0
"""Seconds for which pictures of digits are kept that no chart has shown again."""
_NOTED = 3600.0
"""Seconds after which it is noted again that a picture is still shown."""

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
    html='<div class="mnist-dash-chart" role="img"></div>',
    css=Path(__file__).with_suffix(".css").read_text("utf-8"),
    js=Path(__file__).with_suffix(".js").read_text("utf-8"),
    # Plotly puts its own rules for hover labels and mode bar into the document, out of reach of a shadow root.
    isolate_styles=False,
)


@dataclass(frozen=True, slots=True)
class Selection:
    """What was selected: the first value of each point's `customdata`, in rising order; one at least."""

    points: tuple[int, ...]


def chart(
    figure: go.Figure,
    key: str,
    height: int,
    alt: str,
    thumbnails: Images | None = None,
    selectable: bool = False,
    least: int = 0,
) -> Selection | None:
    """Show `figure` in `height` pixels under the accessible name `alt`; the same `key` updates it in place.

    With `thumbnails` (n, 28, 28) the digit under the pointer is shown: the first value of a point's `customdata` is
    its place among them. Where the figure is `selectable`, what the person has selected is answered, as long as the
    figure's `uirevision` stays the same; None where that is nothing. Where there is less room than `least` pixels, it
    is moved sideways in its frame instead of shrinking further.
    """
    config = _config(selectable)
    try:
        script = plotly_js(ROOT)
    except OSError:
        # Read-only installations can still show a chart, only less smoothly.
        return _plain(figure, key, height, alt, config, selectable)
    revision = figure.layout.uirevision or "kept"
    data: dict[str, Any] = {
        "script": script,
        "figure": figure.to_json(),
        "config": config,
        "height": height,
        "alt": alt,
    }
    data |= {"revision": revision, "selectable": selectable, "least": least}
    if selectable:
        data["selected"] = _selected(st.session_state.get(key), revision)
    if thumbnails is not None:
        data["sprite"] = {"address": _sprite(ROOT, thumbnails), "columns": SPRITE_COLUMNS, "side": SIDE}
    result = _component(key=key, data=data, height=height, on_theme_change=_noted, on_selected_change=_noted)
    if result.theme:
        st.rerun()
    points = _selected(result, revision)
    return Selection(tuple(points)) if selectable and points else None


def _noted() -> None:
    """Make the switch of theme and the selection known to the component, which reads them from its result."""


def _config(selectable: bool) -> dict[str, Any]:
    left_out = [name for name in CONFIG["modeBarButtonsToRemove"] if not (selectable and name in _SELECTING)]
    # The buttons stay in sight where they are the only way to select, as under a finger.
    bar = {"displayModeBar": True} if selectable else {}
    return {**CONFIG, "modeBarButtonsToRemove": left_out, **bar}


def _selected(state: Any, revision: str) -> list[int]:  # noqa: ANN401 - Streamlit's state has no types
    """The points that are selected in a figure of that revision; what was selected in another is none of them."""
    selected = (state or {}).get("selected") or {}
    return sorted(map(int, selected["points"])) if selected.get("revision") == revision else []


def _plain(
    figure: go.Figure, key: str, height: int, alt: str, config: dict[str, Any], selectable: bool
) -> Selection | None:
    """Streamlit's own chart, which shows no digits under the pointer."""
    how: dict[str, Any] = {"on_select": "rerun", "selection_mode": ("box", "lasso")} if selectable else {}
    shown: Any = st.plotly_chart(figure, key=key, height=height, alt=alt, theme=None, config=config, **how)
    points = [int(point["customdata"][0]) for point in shown.selection.points] if selectable else []
    return Selection(tuple(sorted(points))) if points else None


def plotly_js(root: Path) -> str:
    """The address of plotly.js below the app's own, after copying it once into `root`/static.

    Raises OSError where that folder cannot be written.
    """
    source = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    return _served(root, f"plotly-{plotly.__version__}.min.js", source.read_bytes, source.stat().st_size)


def _sprite(root: Path, images: Images) -> str:
    """The address of a picture of all `images`; the picture itself where `root`/static cannot be written.

    An address is worth much: every rerun sends it again, and a browser keeps what it has loaded from it.
    """
    digest = hashlib.blake2b(np.ascontiguousarray(images).data, digest_size=12).hexdigest()
    target = root / "static" / f"digits-{digest}.png"
    try:
        seen = target.stat().st_mtime if target.exists() else 0.0
        address = _served(root, target.name, lambda: draw_sprite(images))
        if time.time() - seen > _NOTED:
            os.utime(target)
            _tidy(target.parent)
    except OSError:
        return f"data:image/png;base64,{b64encode(draw_sprite(images)).decode('ascii')}"
    return address


def _served(root: Path, name: str, content: Callable[[], bytes], size: int | None = None) -> str:
    """The address of a file of that name, written where it is not there yet, or not of that `size`."""
    target = root / "static" / name
    if not target.is_file() or target.stat().st_size != (size or target.stat().st_size):
        target.parent.mkdir(exist_ok=True)
        with whole(target) as stream:
            stream.write(content())
    return f"app/static/{name}"


def _tidy(folder: Path) -> None:
    """Remove the pictures of digits that no chart has shown for long."""
    for picture in folder.glob("digits-*.png"):
        if time.time() - picture.stat().st_mtime > KEPT:
            # Another session may have removed it meanwhile.
            picture.unlink(missing_ok=True)
