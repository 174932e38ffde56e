"""Everything that one session remembers: all session keys stand here."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from mnist_dash.sketch.procedure import Ink


_LONGEST_NUMBER = 19
"""Digits that a run's number may have in a link: what databases can hold."""


class Key(StrEnum):
    """The session keys; those of widgets are the widgets' own."""

    PAGE = "page"
    SKETCH = "sketch"
    RUN = "run"
    CHOSEN_RUN = "chosen_run"
    METHOD = "method"
    MODEL = "model"
    PEN = "pen"
    SAMPLE_SPLIT = "sample_split"
    SAMPLE_DIGIT = "sample_digit"
    SAMPLE_SEED = "sample_seed"


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """The drawing of this session, on whatever page it is shown.

    `version` names the canvas on the screen; a new one appears with the drawing `start`. `drawing` is what is on it
    now, `ink` how that looks, and `colour` that of the pen.
    """

    version: int = 0
    start: dict[str, Any] | None = None
    drawing: dict[str, Any] | None = None
    ink: "Ink | None" = None
    colour: str | None = None


def has_entered() -> bool:
    """Whether this session came in through `app.py`."""
    return Key.PAGE in st.session_state


def enter(page: str) -> None:
    """Note which page is shown; a canvas is lost with its page, so the next one starts with the same drawing."""
    if st.session_state.get(Key.PAGE) != page:
        st.session_state[Key.PAGE] = page
        put_sketch(replace(sketch(), version=sketch().version + 1, start=sketch().drawing))


def sketch() -> Sketch:
    """The drawing of this session."""
    kept: Sketch = st.session_state.get(Key.SKETCH, Sketch())
    return kept


def put_sketch(sketch: Sketch) -> None:
    """Remember the drawing."""
    st.session_state[Key.SKETCH] = sketch


def from_link(key: Key, allowed: Collection[str]) -> None:
    """Give a widget the value that the page's link names, where this session has not chosen another."""
    linked = st.query_params.get(key)
    if key not in st.session_state and linked in allowed:
        st.session_state[key] = linked


def to_link(key: Key) -> None:
    """Put a widget's value into the page's link."""
    st.query_params[key] = st.session_state[key]


def watch(run_id: int) -> None:
    """Show this run on the Train page, here and in the page's link."""
    st.session_state[Key.RUN] = run_id
    if st.query_params.get("run") != str(run_id):
        st.query_params["run"] = str(run_id)


def watched() -> int | None:
    """The run that the page's link names, or else the one that was shown last."""
    linked = st.query_params.get("run", "")
    if linked.isdecimal() and len(linked) < _LONGEST_NUMBER:
        st.session_state[Key.RUN] = int(linked)
    run_id: int | None = st.session_state.get(Key.RUN)
    return run_id
