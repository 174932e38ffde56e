"""Where files stand that are no modules: app.py, pages/ and .streamlit/, and what browsers draw charts with."""

from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_INSTALLED = PACKAGE / "app"

IS_INSTALLED = _INSTALLED.is_dir()
"""Whether the package was built and installed; in a checkout, the three stand beside it."""
APP = _INSTALLED if IS_INSTALLED else PACKAGE.parent
"""The folder of app.py."""


def find_plotly() -> Path | None:
    """plotly.js in its own package, which is not loaded for it: a server starts before anybody asks for a chart."""
    spec = find_spec("plotly")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js" if spec and spec.origin else None
