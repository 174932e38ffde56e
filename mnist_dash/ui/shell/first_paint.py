"""What a browser shows while it does not hear from the server: the page's frame, where it is going to be.

Streamlit's own HTML is a narrow page without a sidebar. It learns of both with the first message, and all that stands
on the page jumps aside. A page whose server was started again takes what is pressed before that server knows the page.
What it lacks is put into its head; where Streamlit changes, nothing is lost but that.
"""

from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HERE = Path(__file__).parent
_STYLE = b"<style>" + (_HERE / "page.css").read_bytes() + b"</style>"
_SCRIPTS = (
    b"<script>{" + (_HERE / name).read_bytes() + b"}</script>"
    for name in ("first_paint.js", "reconnection.js", "presses.js")
)
_HEAD = _STYLE + b"".join(_SCRIPTS)
_END = b"</head>"
_PLAIN = (b"accept-encoding", b"if-none-match", b"if-modified-since")
"""What a browser may ask for that would get it another answer than the whole page in plain letters."""


class FirstPaint:
    """Middleware that completes the head of every HTML page that the server sends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with a completed head where a page is asked for."""
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self._app(scope, receive, send)
            return
        asked = [(name, value) for name, value in scope["headers"] if name not in _PLAIN]
        await self._app({**scope, "headers": asked}, receive, _Page(send))


class _Page:
    """Passes an answer on; one that is HTML is held until it is whole."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._complete(self._start)

    async def _complete(self, start: Message) -> None:
        body = self._body.replace(_END, _HEAD + _END, 1)
        headers = MutableHeaders(raw=list(start["headers"]))
        # A page of before has the same tag and date, but another head.
        for name in ("etag", "last-modified"):
            del headers[name]
        headers["content-length"] = str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _is_html(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers
