"""A class room with two hundred phones: whether every digit is kept once, and how soon the next one is asked for.

`MNIST_DASH_STROKES=FILE python -m benchmarks.classroom [MINUTES] [PHONES]` (9 and 200 unless told otherwise). The file
holds pen strokes of people, JSON lines. A server of its own; each phone is a client of Streamlit's own protocol on a
websocket that follows the link of the class, tells its number, and writes ten digits with strokes of people, at the
pace of people; no two write the same strokes. Meanwhile its page looks whether the class is open still. Beside them a
projector has the wall open, which looks again every two seconds. `answer_ms` is the time from the message that holds a
digit to the one that holds the next prompt, as phones see both; `join_ms` that from the connection to the first prompt.
All run on one machine, so that the clients take their part of its time.
"""

import asyncio
import gzip
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from websockets.asyncio.client import ClientConnection

from benchmarks import record
from benchmarks.clients import Client, opened
from mnist_dash.own_digits.class_room import ClassRoom, count_phones, open_room
from mnist_dash.own_digits.collection import read_every
from mnist_dash.own_digits.records import drawing_of
from mnist_dash.own_digits.sets import make_own_set
from mnist_dash.settings import Settings
from mnist_dash.sketch.traces import pack
from mnist_dash.store.database import open_database
from tests.browser.conftest import Server, started

MINUTES, PHONES, EACH = 9.0, 200, 10
SEED = 0
ARRIVING = 0.1
"""The share of the time in which all phones come."""
BREADTH = 20
SHEET = "mnist_dash_phone_sheet"
Strokes = list[list[float]]


@dataclass
class Pens:
    """Strokes of people by digit, each given out once, and what was written with them: label and strokes."""

    left: dict[int, list[Strokes]]
    written: list[tuple[int, Strokes]] = field(default_factory=list)

    def write(self, label: int) -> Strokes:
        """A digit as somebody wrote it, which nobody else sends."""
        strokes = self.left[label].pop()
        self.written.append((label, strokes))
        return strokes


@dataclass
class Times:
    """Milliseconds of every answer and of every arrival, and how often wall and phones looked again."""

    answers: list[float] = field(default_factory=list)
    joins: list[float] = field(default_factory=list)
    looks: int = 0
    looks_of_phones: int = 0


class Phone(Client):
    """The page of a class, as a phone holds it."""

    def __init__(self, socket: ClientConnection, query: str, page: str) -> None:
        """A connection, and the page that is opened on it."""
        super().__init__(socket, query, page)
        self._number = f"{random.getrandbits(128):032x}"
        self._sheet = ""

    def message(self, **fields: Any) -> BackMsg:  # noqa: ANN401 - whatever the message takes
        """A request for a run of the script, with the state of the sheet where it is there."""
        message = super().message(**fields)
        if self._sheet:
            states = message.rerun_script.widget_states.widgets
            states.add(id=self._sheet, json_value=json.dumps({"phone": self._number}))
        return message

    async def tell(self, digit: dict[str, object]) -> None:
        """Press Keep."""
        message = self.message()
        event = json.dumps([{"event": "digit", "value": digit}])
        states = message.rerun_script.widget_states.widgets
        states.add(id=f"$$STREAMLIT_INTERNAL_KEY_{self._sheet}__events", json_trigger_value=event)
        await self.send(message)

    async def rest(self, seconds: float) -> int:
        """Wait so long, and look again meanwhile whenever the page wants to; how often it did."""
        looks, end = 0, time.monotonic() + seconds
        while True:
            ((part, pause),) = self.looks.items()
            left = end - time.monotonic()
            await asyncio.sleep(max(0.0, min(pause, left)))
            if left <= pause:
                return looks
            await self.ask(fragment_id=part, is_auto_rerun=True)
            await self.end()
            looks += 1

    async def sheet(self) -> dict[str, Any]:
        """What the sheet is shown with next."""
        async for message in self.hear():
            found = message.delta.new_element.bidi_component
            if found.component_name == SHEET:
                self._sheet = found.id
                return read_data(found)
        raise AssertionError("the server has gone")


def read_data(found: BidiComponent) -> dict[str, Any]:
    """What a component is given."""
    data: dict[str, Any] = json.loads(found.json or found.mixed.json)
    return data


async def write(url: str, room: ClassRoom, pens: Pens, times: Times, minutes: float) -> None:
    """One person with a phone: comes, is asked ten times, and goes."""
    await asyncio.sleep(random.uniform(0, ARRIVING * 60 * minutes))
    begun = time.perf_counter()
    async with opened(url) as socket:
        phone = Phone(socket, f"class={room.code}", "class_room")
        await phone.ask()
        await phone.sheet()
        await phone.end()
        await phone.ask()
        shown = await phone.sheet()
        times.joins.append(1000 * (time.perf_counter() - begun))
        await phone.end()
        for place in range(EACH):
            pause = random.uniform(0.3, 1.5) * (1 - ARRIVING) * 60 * minutes / EACH / 1.5
            # `+=` would add to what it was before the pause, and forget what others have added meanwhile.
            looks = await phone.rest(pause)
            times.looks_of_phones += looks
            asked = shown["asked"]
            digit = {"id": f"{place}", "label": asked, "strokes": pens.write(asked), "seconds": 3.0}
            sent = time.perf_counter()
            await phone.tell(digit)
            if place < EACH - 1:
                shown = await phone.sheet()
                times.answers.append(1000 * (time.perf_counter() - sent))
                assert shown["heard"] == f"{place}"
            told = await phone.end()
            assert not shown["refused"], told


async def look(url: str, name: str, times: Times) -> None:
    """The projector: the wall looks again whenever the server has told it to."""
    async with opened(url) as socket:
        page = Phone(socket, f"set={name}&own_view=class", "own_digits")
        looks = page.watch()
        # The page as it is opened.
        await anext(looks)
        async for _ in looks:
            times.looks += 1


async def fill(server: Server, room: ClassRoom, pens: Pens, minutes: float, phones: int) -> Times:
    """All phones at once, and the wall beside them."""
    times = Times()
    wall = asyncio.create_task(look(server.url, "class-7a", times))
    try:
        await asyncio.gather(*(write(server.url, room, pens, times, minutes) for _ in range(phones)))
    finally:
        wall.cancel()
    if wall.done() and not wall.cancelled():
        wall.result()
    return times


def read_pens(path: Path) -> Pens:
    """Strokes of people, as the sheet of a phone tells them, in an order of chance; the same ones once."""
    left: dict[int, list[Strokes]] = defaultdict(list)
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            found = json.loads(line)
            strokes = [_place(stroke) for stroke in found["strokes"]]
            if strokes not in left[found["label"]]:
                left[found["label"]].append(strokes)
    for each in left.values():
        random.shuffle(each)
    return Pens(left)


def _place(stroke: list[list[float]]) -> list[float]:
    """A stroke on a sheet of 280 pixels; the largest digits of the file are 1,000 high."""
    return [BREADTH, 0, *(round(40 + 0.2 * x, 1) for point in stroke for x in point)]


def _as_text(label: int | None, strokes: object) -> str:
    return json.dumps([label, strokes])


def main(minutes: float = MINUTES, phones: int = PHONES) -> None:
    """Fill a class and write the result."""
    random.seed(SEED)
    pens = read_pens(Path(os.environ["MNIST_DASH_STROKES"]))
    with tempfile.TemporaryDirectory() as folder, started(Path(folder)) as server:
        with open_database(Settings(home=Path(folder), offline=True)) as database:
            room = open_room(database, make_own_set(database, "class-7a").key, EACH, named=False)
            begun = time.perf_counter()
            times = asyncio.run(fill(server, room, pens, minutes, phones))
            took = time.perf_counter() - begun
            kept = Counter(
                _as_text(digit.label, [[float(x) for x in row] for row in pack(drawing_of(digit.strokes or "")[0])])
                for digit in read_every(database, room.set_key)
            )
            came = count_phones(database, room.code)
        memory = psutil.Process(server.pid).memory_info().rss / 2**20
        faults = server.faults()
    sent = Counter(_as_text(label, [[float(x) for x in row] for row in rows]) for label, rows in pens.written)
    record.write(
        "classroom",
        {
            "phones": came,
            "digits_sent": sum(sent.values()),
            "digits_kept": sum(kept.values()),
            "lost": sum((sent - kept).values()),
            "twice": sum((kept - sent).values()),
            "minutes": round(took / 60, 1),
            "answer_ms": round(median(times.answers)),
            "answer_ms_95": round(quantiles(times.answers, n=20)[-1]),
            "answer_ms_most": round(max(times.answers)),
            "join_ms": round(median(times.joins)),
            "join_ms_95": round(quantiles(times.joins, n=20)[-1]),
            "looks_of_the_wall": times.looks,
            "looks_of_phones": times.looks_of_phones,
            "memory_mb": round(memory),
            "faults": faults,
            "seed": SEED,
        },
    )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(*(kind(text) for kind, text in zip((float, int), arguments, strict=False)))
