"""Who knows the password comes in; nobody else hears anything of the server."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic
from urllib.parse import quote

import pytest
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from mnist_dash.ui.shell import door
from mnist_dash.ui.shell.door import Door, Lock
from tests.ui.serving import Ask, serving

PASSWORD = "chalk & cheese ä"  # noqa: S105 - of this test alone
HTML = {"accept": "text/html,*/*"}
HELLO = {
    "connection": "Upgrade",
    "upgrade": "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


async def _answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"secret {request.url.query}")


async def _connect(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


ROUTES: list[BaseRoute] = [
    WebSocketRoute("/app/_stcore/stream", _connect),
    Route("/{rest:path}", _answer, methods=["GET", "POST"]),
]


@contextmanager
def behind(**settings: str) -> Iterator[Ask]:
    """A server behind a door with these settings."""
    environ = {f"MNIST_DASH_{name.upper()}": value for name, value in settings.items()}
    with serving(ROUTES, [Middleware(Door, environ)]) as ask:
        yield ask


def enter(ask: Ask, password: str, address: str = "/app/train", **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and words of the answer to a password."""
    reply = ask(address, f"password={quote(password)}".encode(), headers)
    return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read().decode()


def connect(ask: Ask, headers: dict[str, str] | None = None) -> int:
    """The status of the answer to a page that wants to connect."""
    reply = ask("/app/_stcore/stream", headers=HELLO | (headers or {}))
    reply.close()
    return reply.status


def cookie_of(headers: dict[str, str]) -> str:
    """What a browser sends from then on."""
    return headers["set-cookie"].partition(";")[0]


def test_without_a_password_everybody_is_in() -> None:
    with behind() as ask:
        assert ask("/app/train", headers=HTML).read() == b"secret "


def test_a_stranger_gets_the_form_for_a_page_and_nothing_for_all_else() -> None:
    with behind(password=PASSWORD) as ask:
        reply = ask("/app/train?run=3", headers=HTML)
        page = reply.read().decode()
        assert (reply.status, reply.getheader("cache-control")) == (200, "no-store")
        assert '<input id="password" name="password" type="password"' in page
        assert "secret" not in page
        for headers in ({}, {"accept": "application/json"}):
            reply = ask("/served/digits.png", headers=headers)
            assert (reply.status, b"secret" in reply.read()) == (401, False)
        reply = ask("/answers/drawing", b'{"strokes": []}')
        assert (reply.status, b"secret" in reply.read()) == (401, False)
        assert connect(ask) == 403


def test_who_knows_the_password_goes_on_where_it_was_asked_for_and_is_in_from_then_on() -> None:
    with behind(password=PASSWORD) as ask:
        status, headers, _ = enter(ask, PASSWORD, "/app/train?run=3")
        assert (status, headers["location"]) == (303, "/app/train?run=3")
        assert {"httponly", "samesite=lax"} <= set(headers["set-cookie"].lower().split("; "))
        known = {"cookie": f"other=1; {cookie_of(headers)}"}
        assert ask("/app/train?run=3", headers=HTML | known).read() == b"secret run=3"
        assert ask("/app/answers", b"{}", known).read() == b"secret "
        assert connect(ask, known) == 101


def test_over_https_the_cookie_stays_there() -> None:
    with behind(password=PASSWORD) as ask:
        assert "secure" not in enter(ask, PASSWORD)[1]["set-cookie"].lower()
        assert "secure" in enter(ask, PASSWORD, **{"x-forwarded-proto": "https"})[1]["set-cookie"].lower()


def test_the_way_on_never_leads_to_another_host() -> None:
    with behind(password=PASSWORD) as ask:
        assert enter(ask, PASSWORD, "//elsewhere.example/train")[1]["location"] == "/elsewhere.example/train"
        assert enter(ask, PASSWORD, "/%5Celsewhere.example")[1]["location"] == "/%5Celsewhere.example"


@pytest.mark.parametrize("given", ["", "chalk", PASSWORD.upper(), PASSWORD + " ", "x" * 5_000, "\udcff"])
def test_a_wrong_password_costs_time_and_opens_nothing(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setattr(door, "WAIT", 0.2)
    with behind(password=PASSWORD) as ask:
        began = monotonic()
        reply = ask("/app/train", b"password=" + quote(given, errors="surrogatepass").encode(), HTML)
        words = reply.read().decode()
        assert reply.getheader("set-cookie") is None
        assert "secret" not in words
        if reply.status == 200:
            assert 'role="alert">That is not the password' in words
            assert monotonic() - began >= 0.2
        else:
            assert (reply.status, given in ("", "x" * 5_000)) == (401, True)


@pytest.mark.parametrize("most", [1, 2, 5])
def test_no_more_guesses_are_looked_at_side_by_side_than_allowed(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    waiting, seen = 0, 0

    async def watched(seconds: float) -> None:
        nonlocal waiting, seen
        assert seconds == door.WAIT
        waiting += 1
        seen = max(seen, waiting)
        over = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(0.01, over.set_result, None)
        await over
        waiting -= 1

    monkeypatch.setattr(door, "AT_ONCE", most)
    monkeypatch.setattr(asyncio, "sleep", watched)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, _guess(10)).result()
    assert seen == most


async def _guess(times: int) -> None:
    """So many wrong passwords at the same moment."""
    stranger = Door(_refuse, {"MNIST_DASH_PASSWORD": PASSWORD})
    scope: Scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}

    async def receive() -> Message:
        return {"type": "http.request", "body": b"password=wrong"}

    async def send(_message: Message) -> None:
        """Whatever it says."""

    await asyncio.gather(*(stranger({**scope}, receive, send) for _ in range(times)))


async def _refuse(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise AssertionError("nobody comes in")


def test_a_cookie_that_was_not_issued_for_this_password_or_long_ago_opens_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lock = Lock(PASSWORD)
    cookie = lock.issue()
    assert lock.accepts(cookie)
    assert Lock(PASSWORD).accepts(cookie)
    assert not Lock("another one").accepts(cookie)
    for forged in ("", "in", cookie[:-1], cookie[1:], cookie.replace("in.", "out."), "in.AAAA.ÄÖ", "\x00", "a.b.c.d"):
        assert not lock.accepts(forged)
    monkeypatch.setattr(door, "SECONDS", -1)
    assert not lock.accepts(cookie)


def test_whether_the_server_lives_is_told_to_everybody() -> None:
    with behind(password=PASSWORD) as ask:
        assert ask("/app/_stcore/health").read() == b"secret "


@pytest.mark.parametrize("settings", [{"password": "short"}, {"password": PASSWORD, "slots": "none"}])
def test_a_door_whose_settings_are_wrong_stays_shut_and_says_why(settings: dict[str, str]) -> None:
    with behind(**settings) as ask:
        reply = ask("/app/train", headers=HTML)
        words = reply.read().decode()
        assert "Nobody can come in: MNIST_DASH_" in words
        assert "short" not in words
        assert enter(ask, settings["password"])[0] == 401
        assert connect(ask) == 403
