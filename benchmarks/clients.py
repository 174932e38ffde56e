"""Clients of Streamlit's own protocol: what a browser says to the server and hears from it, without a browser."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

AGAIN = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN
PATIENCE = 120.0
"""Seconds after which a client that hears nothing has lost its server."""


class Client:
    """A session of Streamlit's, as a browser holds it."""

    def __init__(self, socket: ClientConnection, query: str, page: str) -> None:
        """A connection, and the page that is opened on it."""
        self._socket, self._query, self._page = socket, query, page
        # Which page that is, by the server's own name: without it, a page that is drawn once more would be the first.
        self._hash = ""
        self.looks: dict[str, float] = {}
        """The parts of the page that look again by themselves, with the seconds between two looks of each."""

    def message(self, **fields: Any) -> BackMsg:  # noqa: ANN401 - whatever the message takes
        """A request for a run of the script."""
        message = BackMsg()
        message.rerun_script.query_string = self._query
        if self._hash:
            message.rerun_script.page_script_hash = self._hash
        else:
            message.rerun_script.page_name = self._page
        for name, value in fields.items():
            setattr(message.rerun_script, name, value)
        return message

    async def send(self, message: BackMsg) -> None:
        """Tell the server."""
        await self._socket.send(message.SerializeToString())

    async def ask(self, **fields: Any) -> None:  # noqa: ANN401 - whatever the message takes
        """Ask for a run of the script."""
        await self.send(self.message(**fields))

    async def watch(self) -> AsyncIterator[tuple[float, float]]:
        """Open the page and look again whenever its one part that looks by itself wants to, as a browser does.

        Gives for each look how long it took, and how long the page waits from it to the next, in seconds.
        """
        begun = time.monotonic()
        await self.ask()
        while True:
            await self.end()
            if not self.looks:
                # A page that wants to be drawn once more is asked for by the server itself.
                continue
            ((part, seconds),) = self.looks.items()
            yield time.monotonic() - begun, seconds
            await asyncio.sleep(seconds)
            begun = time.monotonic()
            await self.ask(fragment_id=part, is_auto_rerun=True)

    async def hear(self) -> AsyncIterator[ForwardMsg]:
        """What the server says."""
        while True:
            message = ForwardMsg()
            # Python 3.11's `wait_for` goes on where it is cancelled in the moment in which the message comes.
            async with asyncio.timeout(PATIENCE):
                message.ParseFromString(await self._socket.recv(decode=False))
            if message.WhichOneof("type") == "auto_rerun":
                self.looks[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            elif message.WhichOneof("type") == "stop_auto_rerun":
                for part in message.stop_auto_rerun.fragment_ids:
                    self.looks.pop(part, None)
            elif message.WhichOneof("type") == "new_session" and not message.metadata.run.fragment_ids:
                self.looks.clear()
            elif message.WhichOneof("type") == "navigation":
                self._hash = message.navigation.page_script_hash
            yield message

    async def end(self) -> list[str]:
        """Wait until the script has run to its end, once more where it wants to; what it has written meanwhile."""
        told = []
        async for message in self.hear():
            told.append(message.delta.new_element.markdown.body)
            if message.WhichOneof("type") == "script_finished" and message.script_finished != AGAIN:
                break
        return [*filter(None, told)]


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[ClientConnection]:
    """A connection to the server at that address, http://…."""
    address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
    # As a browser, which never asks a server for a sign of life, however long it takes to answer, and takes whatever
    # comes, so that it gives one whenever it is asked.
    async with connect(
        address,
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
        max_queue=None,
        open_timeout=PATIENCE,
        ping_interval=None,
    ) as socket:
        yield socket
