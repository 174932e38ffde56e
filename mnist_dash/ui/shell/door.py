"""The door of a server that a course or a team shares: who may come in does, and nobody else hears anything.

It stands before all that the server answers, Streamlit's connection included, and opens to a password, where one is
set, or to whoever has signed in (`sign_in.py`). Who knows the password is told by a signed cookie that ends with the
browser, or after half a day; another password makes all of them worthless.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from html import escape

from itsdangerous import BadSignature, TimestampSigner
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from mnist_dash.errors import SettingsError
from mnist_dash.settings import Settings
from mnist_dash.ui.shell import sign_in
from mnist_dash.ui.shell.door_page import accepts_page, find_address, is_secure, make_page, read_form
from mnist_dash.users import SECONDS

COOKIE = "mnist-dash-door"
WAIT, AT_ONCE = 1.0, 8
"""Seconds that a wrong password costs, and how many are looked at side by side: eight guesses a second in all."""
_HEALTH = "/_stcore/health"
"""What a proxy or a container asks: whether the server lives."""
_INSIDE = "in"
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
_OUTSIDE = "Open the page, and come in first."
_BOTH = (
    "MNIST_DASH_PASSWORD is set, and secrets.toml has a provider to sign in with; allowed is one of them. Unset the "
    "password, or take [auth] out of the file."
)


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


class Password:
    """What keeps a door shut before whoever does not know the password."""

    def __init__(self, password: str) -> None:
        """A door with this password."""
        self._lock = Lock(password)
        self._tries = asyncio.Semaphore(AT_ONCE)

    def admits(self, connection: HTTPConnection) -> bool:
        """Whether that is of somebody who has come in."""
        return self._lock.accepts(connection.cookies.get(COOKIE, ""))

    def go_on(self, _connection: HTTPConnection) -> Response | None:
        """Nothing: who enters the password does so on the page that they asked for."""
        return None

    async def answer(self, request: Request) -> Response | None:
        """The form, or what came of one; None for what is no page."""
        if request.method != "POST":
            return make_page(_ask_again(_ASKED)) if accepts_page(request) else None
        given = await read_form(request, "password")
        return None if given is None else await self._try(given, request)

    async def _try(self, given: str, request: Request) -> Response:
        async with self._tries:
            if not self._lock.is_opened_by(given):
                await asyncio.sleep(WAIT)
                return make_page(_ask_again(_WRONG, wrong=True))
        response = RedirectResponse(find_address(request), 303, {"cache-control": "no-store"})
        response.set_cookie(COOKIE, self._lock.issue(), httponly=True, secure=is_secure(request), samesite="lax")
        return response


class Closed:
    """What keeps a door shut before everybody, since nobody knows who may come in."""

    def __init__(self, fault: str) -> None:
        """Closed for this reason."""
        self._told = f'<p role="alert">{escape(_CLOSED.format(fault=fault))}</p>'

    def admits(self, _connection: HTTPConnection) -> bool:
        """Nobody."""
        return False

    def go_on(self, _connection: HTTPConnection) -> Response | None:
        """Nowhere."""
        return None

    async def answer(self, request: Request) -> Response | None:
        """A page with the reason."""
        return make_page(self._told) if accepts_page(request) else None


def _choose_guard(environ: Mapping[str, str]) -> "Password | Closed | sign_in.SignIn | None":
    """What keeps the door; None where it stands open. Where it cannot be read who may come in, it stays shut."""
    try:
        if sign_in.is_configured():
            if environ.get("MNIST_DASH_PASSWORD"):
                return Closed(_BOTH)
            return sign_in.SignIn(Settings.from_environment(environ))
        if environ.get("MNIST_DASH_PASSWORD"):
            return Password(Settings.from_environment(environ).password or "")
    except SettingsError as e:
        return Closed(str(e))
    return None


class Door:
    """Middleware that lets in those alone who may come in, where that is asked."""

    def __init__(self, app: ASGIApp, environ: Mapping[str, str]) -> None:
        """Stand before `app`, as the settings of `environ` and Streamlit's secrets say."""
        self._app = app
        self._guard = _choose_guard(environ)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what somebody inside asks for, and ask all others who they are."""
        # Every request comes through here: nothing is made of it where nobody is asked.
        guard = self._guard
        if guard is None or scope["type"] not in ("http", "websocket") or scope["path"].endswith(_HEALTH):
            await self._app(scope, receive, send)
        elif guard.admits(HTTPConnection(scope)):
            await (guard.go_on(HTTPConnection(scope)) or self._app)(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
        else:
            response = await guard.answer(Request(scope, receive))
            await (response or PlainTextResponse(_OUTSIDE, 401))(scope, receive, send)


def _ask_again(told: str, *, wrong: bool = False) -> str:
    return _FORM.format(told=escape(told), role=' role="alert"' if wrong else "")
