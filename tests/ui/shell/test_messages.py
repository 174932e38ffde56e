"""What people see of a database that goes away: pages say so, and are there again by themselves when it is back."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from streamlit.proto.Alert_pb2 import Alert

from benchmarks.clients import AGAIN, Client, opened
from mnist_dash.own_digits.class_room import open_room
from mnist_dash.own_digits.sets import make_own_set
from mnist_dash.store.database import Database
from mnist_dash.ui.shell.messages import GLANCE
from tests import postgres
from tests.browser.conftest import Server, started

pytestmark = [pytest.mark.browser, pytest.mark.on_postgresql]

PAGES = ("runs", "train", "sweeps", "own_digits", "lessons")


@pytest.fixture
def server(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The app, whose runs a server keeps."""
    monkeypatch.setenv("MNIST_DASH_DB", database.url)
    with started(tmp_path) as server:
        yield server


def test_pages_are_there_again_by_themselves_when_the_database_is(
    server: Server, database: Database, away: postgres.Server
) -> None:
    room = open_room(database, make_own_set(database, "class-7a").key, 2, named=True)
    # In a thread of its own: a browser of this process may have a loop at work.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, visit_all(server, f"class={room.code}", away)).result()
    assert server.faults() == []


async def visit_all(server: Server, link: str, away: postgres.Server) -> None:
    """Pages that are opened while the database is away, at first and once more, and a phone that has a class open."""
    async with AsyncExitStack() as held:

        async def come(page: str, query: str = "") -> Client:
            return Client(await held.enter_async_context(opened(server.url)), query, page)

        pages = [*[await come(page) for page in PAGES], await come("class_room", link)]
        phone = await come("class_room", link)
        for known in (False, True):
            away.stop()
            if known:
                # Whoever writes goes on: what becomes of a class is not known now.
                assert await look(phone) == []
            for client in pages:
                assert "cannot be reached now" in " ".join(await draw(client))
                # It waits, and draws nothing anew meanwhile.
                assert await look(client) == []
                assert GLANCE in client.looks.values()
            away.start()
            for client in pages:
                assert await look(client) == []
                assert (GLANCE in client.looks.values()) is (client is pages[-1])
            assert await draw(phone) == []


async def draw(client: Client) -> list[str]:
    """The errors on a page that somebody opens or presses something on."""
    await client.ask()
    return await hear_errors(client)


async def look(client: Client) -> list[str]:
    """The errors that come with the next look by itself, of the page once more where it draws that."""
    (part,) = (part for part, seconds in client.looks.items() if seconds == GLANCE)
    await client.ask(fragment_id=part, is_auto_rerun=True)
    return await hear_errors(client)


async def hear_errors(client: Client) -> list[str]:
    """What a page says in its errors, until it is drawn."""
    told = []
    async for message in client.hear():
        alert = message.delta.new_element.alert
        if alert.format == Alert.ERROR:
            told.append(alert.body)
        if message.WhichOneof("type") == "script_finished" and message.script_finished != AGAIN:
            break
    return told
