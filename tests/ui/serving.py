"""A server that answers addresses of our own alone, asked as a browser asks."""

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from threading import Thread
from typing import Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from tests.awaiting import deadline, until


class Ask(Protocol):
    """Asks that server; with a `body` by POST."""

    def __call__(self, address: str, body: bytes | None = None, headers: Mapping[str, str] = ...) -> HTTPResponse: ...


@contextmanager
def serving(routes: Sequence[BaseRoute], middleware: Sequence[Middleware] = ()) -> Iterator[Ask]:
    """A server of these addresses, behind what stands before them."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        host = "{}:{}".format(*listening.getsockname())
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes, middleware=middleware), log_level="critical"))
        thread = Thread(target=server.run, args=([listening],))
        thread.start()
        until(lambda: server.started)
        connection = HTTPConnection(host, timeout=deadline())

        def ask(address: str, body: bytes | None = None, headers: Mapping[str, str] = {}) -> HTTPResponse:
            connection.request("GET" if body is None else "POST", address, body, dict(headers))
            return connection.getresponse()

        yield ask
        connection.close()
        server.should_exit = True
        thread.join(deadline())
