"""What every door needs: a page in the app's colours with nothing of the app, and what somebody outside asks for."""

from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_LONGEST = 4_000
"""Bytes of a form that is filled in at a door."""
_PAGE = Template(Path(__file__).with_name("door.html").read_text("utf-8"))


def accepts_page(request: Request) -> bool:
    """Whether whoever asks is shown pages."""
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")


def find_address(request: Request) -> str:
    """What was asked for, on this very host."""
    # Never two slashes: they would lead to another host.
    asked: str = request.scope["query_string"].decode("latin-1")
    return "/" + str(request.scope["path"]).lstrip("/") + (f"?{asked}" if asked else "")


def is_secure(request: Request) -> bool:
    """Whether nobody on the way can read along."""
    return "https" in (request.scope["scheme"], request.headers.get("x-forwarded-proto"))


async def read_form(request: Request, field: str) -> str | None:
    """What a form says in that field, None for anything else."""
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > _LONGEST:
            return None
    try:
        return parse_qs(content.decode("ascii"), max_num_fields=4).get(field, [None])[0]
    except ValueError:
        return None


def make_page(body: str) -> Response:
    """The page with this in it, which nobody keeps; texts in it are escaped by whoever writes them."""
    from mnist_dash.figures.theme import load_palette  # with pandas, which a server without a door can do without

    light, dark = (_list_colours(load_palette(dark=dark)) for dark in (False, True))
    return HTMLResponse(_PAGE.substitute(light=light, dark=dark, body=body), headers={"cache-control": "no-store"})


def _list_colours(palette: object) -> str:
    names = ("paper", "panel", "ink", "line", "muted", "accent", "wrong")
    return " ".join(f"--{name}: {getattr(palette, name)};" for name in names)
