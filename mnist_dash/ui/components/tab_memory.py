"""What a browser tab keeps until it is closed, and gives back after a reload; nobody else sees it."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "mnist_dash_tab_memory",
    html='<div class="mnist-dash-tab-memory"></div>',
    js=Path(__file__).with_suffix(".js").read_text("utf-8"),
)


def keep(key: str, kept: str | None, on_found: Callable[[], None]) -> None:
    """Let the tab keep the text `kept` under `key`.

    Where that is None, it looks for what it has kept before: `on_found` is called, and the text is in the session under
    `key`, as `found`.
    """
    _component(key=key, data={"name": key, "kept": kept}, on_found_change=on_found)
