"""What the server does on its own, whether anybody visits it or not.

A server that was started again after a power cut may be visited by nobody, and a page that comes back to it may ask for
nothing: runs that wait are brought on their way all the same. All of that, and what the first visitor would otherwise
wait for, is loaded when nobody asks for anything: beside a page on its way it would hold up the page.
Imports stand inside the functions: caches want a runtime, which is there when the server's life begins.
"""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event, Thread

import streamlit as st
from starlette.websockets import WebSocketDisconnected

from mnist_dash.errors import SettingsError
from mnist_dash.escaping import printable
from mnist_dash.ui.shell.lull import Lull

QUIET = 1.5
"""Seconds without a visitor's script: one who was there at once has a page on the screen by then."""
PATIENCE = 10.0
"""Seconds after which the server looks after its runs even where somebody asks all the time."""
COLLECTING = 5.0
"""Seconds at least from one full collection of garbage to the next."""


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Look after what waits from the server's start to its end."""
    logging.getLogger("uvicorn.error").addFilter(is_worth_telling)
    ended = Event()
    thread = Thread(target=_look_after, args=(ended,), daemon=True, name="guard")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        await asyncio.to_thread(thread.join, PATIENCE)


def is_worth_telling(record: logging.LogRecord) -> bool:
    """False for a browser that has gone: Streamlit 1.67 closes its connection once more, and uvicorn logs a traceback.

    It happens where a tab is closed while the server sends to it and hears from it at the same moment.
    """
    return not (record.exc_info and isinstance(record.exc_info[1], WebSocketDisconnected))


def _look_after(ended: Event) -> None:
    from mnist_dash.ui.shell import resources

    if not resources.lull().wait(QUIET, PATIENCE, ended):
        return
    from mnist_dash.runs import supervisor

    Thread(target=_prepare, args=(ended,), daemon=True, name="preparation").start()
    try:
        supervisor.guard(resources.settings(), ended)
    except SettingsError as e:
        # Every page shows it; a server reads its settings once, so that there is nothing to wait for.
        logging.getLogger(__name__).log(logging.WARNING, "%s", printable(str(e)))


def _prepare(ended: Event) -> None:
    """Load what the first page and the first stroke would wait for, and then collect what scripts leave behind."""
    import numpy as np

    from mnist_dash.figures.answer import plot_probabilities
    from mnist_dash.figures.theme import load_palette
    from mnist_dash.models.bundled import DEFAULT
    from mnist_dash.sketch.digits import segment_digits
    from mnist_dash.ui.shell import resources

    plot_probabilities(None, load_palette(dark=False))
    resources.bundled_model(DEFAULT)
    resources.digit_detector()
    segment_digits(np.ones((9, 9), bool))
    gc.collect()
    gc.freeze()
    collect(resources.lull(), ended, COLLECTING)


def collect(lull: Lull, ended: Event, pause: float) -> None:
    """Collect garbage in full when nobody asks for anything, and no more than once in `pause` seconds, until the end.

    Streamlit would do so after every script, which holds up all the others: with fifty sessions the half of all time.
    """
    seen = lull.latest
    while not ended.wait(pause):
        if lull.latest != seen and lull.wait(QUIET, PATIENCE, ended):
            seen = lull.latest
            gc.collect()
