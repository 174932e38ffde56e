"""The door of a server that a course or a team shares: who knows the password comes in, and nobody else hears anything.

It stands before all that the server answers, Streamlit's connection included. Who has come in is told by a signed
cookie that ends with the browser, or after half a day; another password makes all of them worthless.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from itsdangerous import BadSignature, TimestampSigner
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from mnist_dash.errors import SettingsError
from mnist_dash.settings import Settings

COOKIE = "mnist-dash-door"
SECONDS = 12 * 60 * 60
"""After which the password is asked for again."""
WAIT, AT_ONCE = 1.0, 8
"""Seconds that a wrong password costs, and how many are looked at side by side: eight guesses a second in all."""
_LONGEST = 4_000
"""Bytes of a form with a password."""
_HEALTH = "/_stcore/health"
"""What a proxy or a container asks: whether the server lives."""
_INSIDE = "in"
_PAGE = Template(Path(__file__).with_suffix(".html").read_text("utf-8"))
_FORM = """<p{role}>{told}</p>
<form method="post">
<input name="username" value="MNIST Dash" autocomplete="username" hidden>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
<button>Enter</button>
</form>"""
_ASKED = "This server asks for the password of your course or team."
_WRONG = "That is not the password. Capital and small letters differ; whoever runs this server knows it."
_CLOSED = "Nobody can come in: {fault}"


class Lock:
    """What the password opens; raises nothing for whatever a stranger sends."""

    def __init__(self, password: str) -> None:
        """A lock for this password."""
        self._password = password.encode()
        self._signer = TimestampSigner(hashlib.scrypt(self._password, salt=COOKIE.encode(), n=2**14, r=8, p=1))

    def is_opened_by(self, given: str) -> bool:
        """Whether that is the password."""
        return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), self._password)

    def issue(self) -> str:
        """A cookie for whoever has come in."""
        return self._signer.sign(_INSIDE).decode()

    def accepts(self, cookie: str) -> bool:
        """Whether that cookie was issued for this password, less than `SECONDS` ago."""
        try:
            return self._signer.unsign(cookie, max_age=SECONDS) == _INSIDE.encode()
        except BadSignature:
            return False


class Door:
    """Middleware that lets in those alone who know the password, where one is set."""

    def __init__(self, app: ASGIApp, environ: Mapping[str, str]) -> None:
        """Stand before `app`; where the settings of `environ` cannot be read, a door with a password stays shut."""
        self._app = app
        self._lock: Lock | None = None
        self._fault: str | None = None
        self._tries = asyncio.Semaphore(AT_ONCE)
        if environ.get("MNIST_DASH_PASSWORD"):
            try:
                self._lock = Lock(Settings.from_environment(environ).password or "")
            except SettingsError as e:
                self._fault = str(e)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what somebody inside asks for, and ask all others for the password."""
        if scope["type"] not in ("http", "websocket") or self._is_open(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
        else:
            response = await self._ask(Request(scope, receive))
            await response(scope, receive, send)

    def _is_open(self, scope: Scope) -> bool:
        # Every request comes through here: nothing is made of it where nobody is asked.
        if (self._lock is None and self._fault is None) or scope["path"].endswith(_HEALTH):
            return True
        return self._lock is not None and self._lock.accepts(HTTPConnection(scope).cookies.get(COOKIE, ""))

    async def _ask(self, request: Request) -> Response:
        if self._lock is not None and request.method == "POST":
            given = await _read_password(request)
            if given is not None:
                return await self._try(self._lock, given, request)
        elif request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return _make_page(_ask_again(_ASKED) if self._fault is None else _tell_closed(self._fault))
        return PlainTextResponse("Open the page, and enter the password first.", 401)

    async def _try(self, lock: Lock, given: str, request: Request) -> Response:
        async with self._tries:
            if not lock.is_opened_by(given):
                await asyncio.sleep(WAIT)
                return _make_page(_ask_again(_WRONG, wrong=True))
        # Never two slashes: they would lead to another host.
        asked = request.scope["query_string"].decode("latin-1")
        here = "/" + request.scope["path"].lstrip("/") + (f"?{asked}" if asked else "")
        response = RedirectResponse(here, 303, {"cache-control": "no-store"})
        secure = "https" in (request.scope["scheme"], request.headers.get("x-forwarded-proto"))
        response.set_cookie(COOKIE, lock.issue(), httponly=True, secure=secure, samesite="lax")
        return response


async def _read_password(request: Request) -> str | None:
    """The password of a form, None for anything else."""
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > _LONGEST:
            return None
    try:
        return parse_qs(content.decode("ascii"), max_num_fields=4).get("password", [None])[0]
    except ValueError:
        return None


def _ask_again(told: str, *, wrong: bool = False) -> str:
    return _FORM.format(told=escape(told), role=' role="alert"' if wrong else "")


def _tell_closed(fault: str) -> str:
    return f'<p role="alert">{escape(_CLOSED.format(fault=fault))}</p>'


def _make_page(body: str) -> Response:
    from mnist_dash.figures.theme import load_palette  # with pandas, which a server without a door can do without

    light, dark = (_list_colours(load_palette(dark=dark)) for dark in (False, True))
    return HTMLResponse(_PAGE.substitute(light=light, dark=dark, body=body), headers={"cache-control": "no-store"})


def _list_colours(palette: object) -> str:
    names = ("paper", "panel", "ink", "line", "muted", "accent", "wrong")
    return " ".join(f"--{name}: {getattr(palette, name)};" for name in names)
