"""Where the files stand that Streamlit runs and reads: app.py, pages/ and .streamlit/, which are no modules."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_INSTALLED = PACKAGE / "app"

IS_INSTALLED = _INSTALLED.is_dir()
"""Whether the package was built and installed; in a checkout, the three stand beside it."""
APP = _INSTALLED if IS_INSTALLED else PACKAGE.parent
"""The folder of app.py."""
