"""How rarely pages look again by themselves: by what all looks take of the server."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from benchmarks.clients import Client, opened
from mnist_dash.ui.shell.glances import RAREST, REMEMBERED, SHARE, Glances
from tests.awaiting import deadline
from tests.browser.conftest import Server, started_alone

SECONDS, WATCHERS = 0.25, 8
# A look takes so long whatever else the machine does: work of a processor would take longer beside other tests.
PAGE = f"""
import time
import streamlit as st
from mnist_dash.ui.shell.look_again import look_again
from mnist_dash.ui.shell import glances
glances.REMEMBERED = 3.0
@look_again({SECONDS})
def look():
    time.sleep(0.08)
    st.write("looked")
look()
"""


class Clock:
    """A clock that stands still until it is told to go on."""

    now = 100.0

    def __call__(self) -> float:
        """What it shows."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock."""
    return Clock()


@pytest.fixture
def glances(clock: Clock) -> Glances:
    """Glances by that clock."""
    return Glances(clock)


def watch(glances: Glances, clock: Clock, need: float, pace: int, seconds: float = 2 * REMEMBERED) -> None:
    """Pages that would look so often that so many looks go on at a time look at that pace for so many seconds."""
    for _ in range(round(seconds)):
        clock.now += 1
        for _ in range(100):
            glances.note_look(need / 100 / pace, pace)


def test_pages_look_as_often_as_they_would_where_few_watch(glances: Glances, clock: Clock) -> None:
    assert glances.choose_pace() == 1
    watch(glances, clock, 0.9 * SHARE, 1)
    assert glances.choose_pace() == 1


@pytest.mark.parametrize(("need", "pace"), [(1.1, 2), (1.9, 2), (2.1, 4), (7.5, 8), (30.0, 32)])
def test_pages_look_as_rarely_as_leaves_room_for_others(glances: Glances, clock: Clock, need: float, pace: int) -> None:
    """Whatever the pace was by which that is seen."""
    for now in (1, pace, 2 * pace):
        watch(glances, clock, need * SHARE, now)
        assert glances.choose_pace() == pace


def test_no_page_looks_more_rarely_than_that(glances: Glances, clock: Clock) -> None:
    watch(glances, clock, 2.0, RAREST)
    watch(glances, clock, 10 * RAREST * SHARE, RAREST)
    assert glances.choose_pace() == RAREST


def test_a_pace_is_kept_until_a_quicker_one_would_do_easily(glances: Glances, clock: Clock) -> None:
    watch(glances, clock, 1.6 * SHARE, 8)
    assert (glances.choose_pace(), glances.choose_pace(4), glances.choose_pace(8)) == (2, 4, 2)
    watch(glances, clock, 7 * SHARE, 8)
    assert (glances.choose_pace(4), glances.choose_pace(8)) == (8, 8)


def test_what_was_long_ago_counts_no_more(glances: Glances, clock: Clock) -> None:
    watch(glances, clock, 20 * SHARE, 1)
    assert glances.choose_pace() > 1
    clock.now += REMEMBERED + 1
    assert glances.choose_pace(RAREST) == 1


def test_a_look_that_loads_what_a_page_is_made_of_slows_nobody(glances: Glances) -> None:
    glances.note_look(5.0, 1)
    assert glances.choose_pace() == 1


@pytest.mark.parametrize(("asked", "pace"), [(0.0, 1), (0.4, 2), (0.7, 4), (0.9, 16), (1.5, RAREST)])
def test_the_more_pages_take_the_less_is_left_for_looks(
    glances: Glances, clock: Clock, asked: float, pace: int
) -> None:
    watch(glances, clock, 0.9 * SHARE, 1)
    draw_pages(glances, asked)
    assert glances.choose_pace() == pace


def test_whole_pages_slow_no_looks_where_there_are_none(glances: Glances) -> None:
    draw_pages(glances, 1.5)
    assert glances.choose_pace() == 1


def test_a_page_that_loads_what_it_is_made_of_slows_nobody(glances: Glances, clock: Clock) -> None:
    watch(glances, clock, 0.9 * SHARE, 1)
    for _ in range(5):
        glances.note_drawing(30.0)
    assert glances.choose_pace() == 1


def draw_pages(glances: Glances, asked: float) -> None:
    """Note pages as if so many had been drawn at a time all the while."""
    for _ in range(1_000):
        glances.note_drawing(asked * REMEMBERED / 1_000)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A page that looks again, and takes a quarter of its time for it."""
    script = tmp_path / "page.py"
    script.write_text(PAGE)
    with started_alone(tmp_path, script) as server:
        yield server
        assert not server.faults()


@pytest.mark.browser
def test_many_who_watch_let_each_page_look_more_rarely_until_they_leave(server: Server) -> None:
    # In a thread of its own: a browser of this process may have a loop at work.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, asyncio.wait_for(watch_together(server), deadline())).result()


async def watch_together(server: Server) -> None:
    """One watches, then WATCHERS, then one again: its page looks often, rarely, and often again."""
    async with opened(server.url) as socket, AsyncExitStack() as held:
        first = Client(socket, "", "").watch()
        assert {(await anext(first))[1] for _ in range(6)} == {SECONDS}
        others = [Client(await held.enter_async_context(opened(server.url)), "", "") for _ in range(WATCHERS)]
        tasks = [asyncio.create_task(keep_watching(client)) for client in others]
        while (await anext(first))[1] < 2 * SECONDS:
            pass
        for task in tasks:
            task.cancel()
        while (await anext(first))[1] > SECONDS:
            pass


async def keep_watching(client: Client) -> None:
    """Watch until it is enough."""
    async for _ in client.watch():
        pass
