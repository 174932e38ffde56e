"""Plotly figures that are updated in place.

`st.plotly_chart` takes a chart down and builds it anew whenever its data changes, which flickers and loses the
zoom. This component keeps one node a chart and hands new data to `Plotly.react`.
"""

import os
import tempfile
from pathlib import Path
from types import MappingProxyType

import plotly
import streamlit as st
from plotly import graph_objects as go

ROOT = Path(__file__).parents[2]

CONFIG = MappingProxyType(
    {
        "displaylogo": False,
        "displayModeBar": "hover",
        "modeBarButtonsToRemove": ["zoomIn2d", "zoomOut2d", "autoScale2d", "select2d", "lasso2d"],
        # Plotly's button for uploading a chart to its own servers.
        "showSendToCloud": False,
        "plotlyServerURL": "",
        "toImageButtonOptions": {"filename": "mnist-dash", "scale": 2},
    }
)

_component = st.components.v2.component(
    "mnist_dash_chart",
    html='<div class="mnist-dash-chart" role="img"></div>',
    css=".mnist-dash-chart {\n  width: 100%;\n}",
    js=Path(__file__).with_suffix(".js").read_text("utf-8"),
    # Plotly puts its own rules for hover labels and mode bar into the document, out of reach of a shadow root.
    isolate_styles=False,
)


def chart(figure: go.Figure, key: str, height: int, alt: str) -> None:
    """Show `figure` in `height` pixels under the accessible name `alt`; the same `key` updates it in place."""
    try:
        script = plotly_js(ROOT)
    except OSError:
        # Read-only installations can still show a chart, only less smoothly.
        st.plotly_chart(figure, key=key, height=height, alt=alt, theme=None, config=dict(CONFIG))
        return
    data = {"script": script, "figure": figure.to_json(), "config": dict(CONFIG), "height": height, "alt": alt}
    if _component(key=key, data=data, height=height, on_theme_change=_noted).theme:
        st.rerun()


def _noted() -> None:
    """Make the switch of theme known to the component, which reads it from its result."""


def plotly_js(root: Path) -> str:
    """The address of plotly.js below the app's own, after copying it once into `root`/static.

    Raises OSError where that folder cannot be written.
    """
    source = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    target = root / "static" / f"plotly-{plotly.__version__}.min.js"
    if not target.is_file() or target.stat().st_size != source.stat().st_size:
        _copy(source, target)
    return f"app/static/{target.name}"


def _copy(source: Path, target: Path) -> None:
    """Write beside and rename, so that no browser is ever served half a file."""
    target.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(source.read_bytes())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
