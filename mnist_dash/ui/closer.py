"""Looking closer at a sketch that was read: one view at a time, since each has its cost."""

from collections.abc import Sequence
from enum import StrEnum
from importlib import import_module

import streamlit as st

from mnist_dash.sketch.procedure import Stages
from mnist_dash.ui import beside, seen, state
from mnist_dash.ui.keys import Key


class Closer(StrEnum):
    """The views, by what they are in the page's link."""

    SEES = "sees"
    WHY = "why"
    MODELS = "models"


_TITLES = {Closer.SEES: "What it sees", Closer.WHY: "Why", Closer.MODELS: "Models side by side"}
_VIEWS = "What to look at from near. Only the open view is computed."


def show(name: str, sketches: Sequence[Stages], chosen: int) -> None:
    """The open view of the chosen digit, as the model of that name reads it."""
    state.from_link(Key.CLOSER, tuple(Closer))
    view = st.segmented_control(
        "Look closer",
        tuple(Closer),
        format_func=_TITLES.__getitem__,
        default=None if Key.CLOSER in st.session_state else Closer.SEES,
        required=True,
        key=Key.CLOSER,
        persist_state="session",
        on_change=state.to_link,
        args=(Key.CLOSER,),
        help=_VIEWS,
    )
    match view:
        case Closer.SEES:
            seen.show(sketches[chosen] if sketches else None)
        case Closer.WHY:
            # What it stands on is loaded when it is looked at first.
            import_module("mnist_dash.ui.why").show(name, sketches[chosen] if sketches else None)
        case Closer.MODELS:
            beside.show(name, sketches, chosen)
