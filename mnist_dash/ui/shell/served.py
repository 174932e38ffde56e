"""Files that a browser loads by their address, and keeps: plotly.js, and pictures of many digits.

plotly.js comes from plotly's own package, and pictures stand in the home: nothing is written beside the program, which
may be installed where nobody can write. Names say what is in a file, so that a browser never has to ask again.
"""

import os
import re
from importlib.metadata import version
from pathlib import Path

import streamlit as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

from mnist_dash.place import find_plotly
from mnist_dash.settings import Settings

PREFIX = "served"
_PLOTLY = f"plotly-{version('plotly')}.min.js"
_PICTURE = re.compile(r"digits-[0-9a-f]{24}\.png")
_HEADERS = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


def routes() -> list[Route]:
    """What the server answers besides Streamlit's own addresses."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return [Route("".join(f"/{part}" for part in (base, PREFIX, "{name}") if part), _serve)]


def plotly_js() -> str:
    """The address of plotly.js, below the app's own."""
    return f"{PREFIX}/{_PLOTLY}"


def folder(home: Path) -> Path:
    """Where pictures are kept."""
    return home / PREFIX


def _file(name: str) -> Path | None:
    """The file that is served under that name, None where there is none."""
    if name == _PLOTLY:
        return find_plotly()
    if _PICTURE.fullmatch(name):
        return folder(Settings.from_environment(os.environ).home) / name
    return None


def _serve(request: Request) -> FileResponse:
    path = _file(request.path_params["name"])
    if path is None or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, headers=_HEADERS)
