"""What is pressed counts once.

A browser with Streamlit 1.67 sends a press a moment after it was made. Where a part of the page looks again by itself
in that moment, its message brings the press as well, and the press follows once more: Pause came after Resume by the
same button, and two runs were started for one. What people press twice, `presses.js` drops in the browser.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

_PRESSES = ("trigger_value", "string_trigger_value", "json_trigger_value", "chat_input_value")
"""The kinds of values that widgets have for one script run alone."""


class Presses:
    """Middleware that takes the presses out of what a page asks for by itself: they follow on their own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and what comes through a page's connection without what comes once more."""

        async def receive_once() -> Message:
            message = await receive()
            sent = message.get("bytes")
            return {**message, "bytes": take_presses_out(sent)} if sent else message

        await self._app(scope, receive_once if scope["type"] == "websocket" else receive, send)


def take_presses_out(sent: bytes) -> bytes:
    """What a browser has sent, without the presses in it where no person asked for it; anything else as it is."""
    try:
        asked = BackMsg.FromString(sent)
    except Exception:  # noqa: BLE001 - whatever it is, Streamlit meets it as well and says so
        return sent
    if not asked.rerun_script.is_auto_rerun:
        return sent
    states = asked.rerun_script.widget_states.widgets
    kept = [state for state in states if not _is_press(state)]
    if len(kept) == len(states):
        return sent
    del states[:]
    states.extend(kept)
    anew: bytes = asked.SerializeToString()
    return anew


def _is_press(state: WidgetState) -> bool:
    return state.WhichOneof("value") in _PRESSES
