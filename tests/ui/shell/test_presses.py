"""What a browser sends of presses, with what a page asks for by itself and without."""

import re
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import StringTriggerValue
from streamlit.proto.WidgetStates_pb2 import WidgetState

from mnist_dash.ui import shell
from mnist_dash.ui.shell.presses import Presses, take_presses_out

HERE = Path(shell.__file__).parent
MADE = {
    "undo": '_button(place, "Undo", UNDO',
    "redo": '_button(place, "Redo", REDO',
    "skip": '_button("Skip", "skip"',
    "take_back": '_button("Take back", "take_back"',
    "step": '_button("One epoch", "step"',
    "hand_previous": '_lead("Previous"',
    "hand_next": '_lead("Next"',
}
"""How buttons come by their names that get them from a function."""
KEPT = [
    WidgetState(id="epochs", int_value=5),
    WidgetState(id="tool", string_value="pen"),
    WidgetState(id="canvas", json_value="{}"),
]
PRESSED = [
    WidgetState(id="hold", trigger_value=True),
    WidgetState(id="menu", string_trigger_value=StringTriggerValue(data="one")),
    WidgetState(id="easel", json_trigger_value='[{"event": "found"}]'),
]


def asked(*states: WidgetState, by_itself: bool) -> bytes:
    """A page that asks to be drawn, with these states."""
    message = BackMsg()
    message.rerun_script.fragment_id = "look"
    message.rerun_script.is_auto_rerun = by_itself
    message.rerun_script.widget_states.widgets.extend(states)
    sent: bytes = message.SerializeToString()
    return sent


def test_what_a_page_asks_for_by_itself_brings_no_press() -> None:
    sent = asked(*KEPT, *PRESSED, by_itself=True)
    assert BackMsg.FromString(take_presses_out(sent)) == BackMsg.FromString(asked(*KEPT, by_itself=True))


@pytest.mark.parametrize(
    "sent",
    [
        asked(*KEPT, *PRESSED, by_itself=False),
        asked(*KEPT, by_itself=True),
        asked(by_itself=True),
        BackMsg(stop_script=True).SerializeToString(),
        b"no message of Streamlit's",
        b"\xff" * 40,
    ],
)
def test_all_else_goes_on_as_it_came(sent: bytes) -> None:
    assert take_presses_out(sent) is sent


def _pass_on(scope_type: str, message: Message) -> Message:
    """What an app behind the middleware receives."""
    heard: list[Message] = []

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        heard.append(await receive())

    async def receive() -> Message:
        return message

    async def send(_message: Message) -> None:
        raise AssertionError("nothing is answered")

    work: Coroutine[Any, Any, None] = Presses(app)({"type": scope_type}, receive, send)
    # Without a loop: where a browser is driven, this thread has one already.
    with pytest.raises(StopIteration):
        work.send(None)
    return heard[0]


def test_the_middleware_reads_what_comes_through_a_pages_connection_alone() -> None:
    sent = asked(*KEPT, *PRESSED, by_itself=True)
    received = {"type": "websocket.receive", "bytes": sent}
    assert _pass_on("websocket", received) == {**received, "bytes": take_presses_out(sent)}
    assert _pass_on("http", {"type": "http.request", "body": sent}) == {"type": "http.request", "body": sent}
    for other in ({"type": "websocket.connect"}, {"type": "websocket.receive", "text": "x", "bytes": None}):
        assert _pass_on("websocket", other) is other


def test_what_may_be_pressed_again_and_again_is_there() -> None:
    """The names of buttons that the browser's part goes by are those of the pages."""
    names = re.findall(r"\.st-key-(\w+)", (HERE / "presses.js").read_text("utf-8"))
    pages = "".join(path.read_text("utf-8") for path in HERE.parent.rglob("*.py"))
    assert set(MADE) < set(names)
    for name in names:
        assert MADE.get(name, f'key="{name}"') in pages
