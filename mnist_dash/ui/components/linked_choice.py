"""A choice between a few ways, side by side, that the page's link holds and the session remembers."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, TypeVar

import streamlit as st

from mnist_dash.ui.shell import link
from mnist_dash.ui.shell.keys import Key

E = TypeVar("E", bound=StrEnum)


def choose(
    label: str,
    titles: Mapping[E, str],
    key: Key,
    *,
    label_visibility: Literal["visible", "collapsed"] = "visible",
    help: str | None = None,  # noqa: A002 - as the widget calls it
) -> E:
    """Which of the ways, by their titles, is chosen; the first one where neither link nor session names another."""
    ways = tuple(titles)
    link.start_widget(key, ways)
    chosen = st.segmented_control(
        label,
        ways,
        format_func=titles.__getitem__,
        default=None if key in st.session_state else ways[0],
        required=True,
        key=key,
        persist_state="session",
        on_change=link.publish_widget,
        args=(key,),
        label_visibility=label_visibility,
        help=help,
    )
    # What a link has put into the session is a mere word.
    return type(ways[0])(chosen or ways[0])
