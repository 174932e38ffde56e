"""A wire to a server that can be cut at a chosen moment: around a commit, where it matters who has heard what."""

import socket
from contextlib import suppress
from enum import Enum
from threading import Thread

_COMMIT = b"COMMIT"
"""What both sides say: the one as it asks, the other when it is done."""


class Cut(Enum):
    """When the wire is cut: nobody hears of the commit, or it is done and nobody hears that it is."""

    BEFORE = "before the commit"
    AFTER = "after the commit"


class Wire:
    """Passes on what comes at its own `port` of loopback; `cut` is to be set, and holds for one commit."""

    def __init__(self, port: int) -> None:
        """Lead to the server at that port of loopback."""
        self.cut: Cut | None = None
        self.cuts = 0
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._threads = [Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """Take no more connections."""
        # Closed alone, a socket goes on to listen for as long as a thread waits at it.
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                for pair, when in (((near, far), Cut.BEFORE), ((far, near), Cut.AFTER)):
                    self._threads.append(Thread(target=self._pass_on, args=(*pair, when), daemon=True))
                    self._threads[-1].start()

    def _pass_on(self, source: socket.socket, target: socket.socket, when: Cut) -> None:
        with suppress(OSError):
            while content := source.recv(65_536):
                if self.cut is when and _COMMIT in content:
                    self.cut, self.cuts = None, self.cuts + 1
                    break
                target.sendall(content)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
