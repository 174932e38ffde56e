"""The head of a page as the browser gets it before it has heard anything else."""

from collections.abc import Coroutine
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from mnist_dash.ui.shell.first_paint import FirstPaint

PAGE = b"<html><head><title>x</title></head><body></body></html>"


async def _never() -> Message:
    raise AssertionError("nothing is read of a request for a page")


def _finish(work: Coroutine[Any, Any, None]) -> None:
    """Run what waits for nothing to its end, without a loop: where a browser is driven, this thread has one already."""
    with pytest.raises(StopIteration):
        work.send(None)


def answered(accept: str, kind: str = "text/html; charset=utf-8", **told: str) -> tuple[Scope, dict[str, str], bytes]:
    """What an app behind the middleware was asked, the headers of the answer, and its body; the app sends two parts."""
    asked: list[Scope] = []

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        asked.append(scope)
        headers = {"content-type": kind, "content-length": str(len(PAGE)), "etag": "before", **told}
        raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        await send({"type": "http.response.body", "body": PAGE[:20], "more_body": True})
        await send({"type": "http.response.body", "body": PAGE[20:]})

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    given = {"accept": accept, "accept-encoding": "gzip", "if-none-match": "before", "cookie": "kept"}
    headers = [(name.encode(), value.encode()) for name, value in given.items()]
    scope: Scope = {"type": "http", "method": "GET", "path": "/train", "headers": headers}
    _finish(FirstPaint(app)(scope, _never, send))
    told_back = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return asked[0], told_back, b"".join(message["body"] for message in sent[1:])


def test_a_page_gets_its_style_into_its_head_and_says_how_long_it_is_now() -> None:
    _, headers, body = answered("text/html,*/*")
    before, style, after = body.partition(b"<style>")
    assert before == b"<html><head><title>x</title>"
    assert style
    assert b".stMainBlockContainer" in after
    assert after.endswith(b"</script></head><body></body></html>")
    assert headers["content-length"] == str(len(body))
    assert "etag" not in headers


def test_a_page_is_asked_for_whole_and_in_plain_letters() -> None:
    asked, _, _ = answered("text/html")
    assert [name for name, _ in asked["headers"]] == [b"accept", b"cookie"]


@pytest.mark.parametrize(
    ("accept", "kind", "told"),
    [
        ("*/*", "text/html", {}),
        ("text/html", "application/json", {}),
        ("text/html", "text/html", {"content_encoding": "gzip"}),
    ],
)
def test_what_is_no_page_in_plain_letters_is_passed_on_as_it_is(accept: str, kind: str, told: dict[str, str]) -> None:
    _, headers, body = answered(accept, kind, **told)
    assert body == PAGE
    assert headers["etag"] == "before"
