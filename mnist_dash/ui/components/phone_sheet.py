"""A sheet as wide as a phone, for one digit after another: drawn on in the browser, and told whole when it is kept.

The canvas of the other pages tells each stroke, which costs the server a script run each; two hundred phones would be
too many for that. This one tells a digit once. It keeps it until it has heard that it is there, over a reload too, and
tells it again where no answer comes; a phone has one number for all its tabs, drawn by chance.
"""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "mnist_dash_phone_sheet",
    html='<div class="mnist-dash-phone"></div>',
    css=Path(__file__).with_suffix(".css").read_text("utf-8"),
    js=Path(__file__).with_suffix(".js").read_text("utf-8"),
)


def phone_sheet(
    key: str,
    room: str,
    asked: int | None,
    heard: str,
    on_phone: Callable[[], None],
    on_digit: Callable[[], None],
    *,
    refused: bool,
) -> None:
    """Show the sheet of a class, on which the digit that is `asked` is written; None where the phone is not known yet.

    `on_phone` is called when the browser has told the number of the phone, which then is in the session under `key` as
    `phone`, and `on_digit` when a digit shall be kept, as `digit`: its `id`, `label`, `strokes` as `traces.unpack`
    reads them, and `seconds`. What was `heard` last is said by that id, and whether it was `refused`. All that comes
    from a browser may be anything.
    """
    data = {"room": room, "asked": asked, "heard": heard, "refused": refused}
    _component(key=key, data=data, on_phone_change=on_phone, on_digit_change=on_digit)
