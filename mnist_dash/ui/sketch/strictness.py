"""How readily a drawing is refused as no digit: a choice for the curious, with what each costs."""

import streamlit as st

from mnist_dash.models.bundled import DIGIT_OR_NOT, Strictness, read_card
from mnist_dash.ui.shell.keys import Key
from mnist_dash.words import percent

_NEVER = Strictness(0.0, 0.0, 0.0)
_HELP = (
    "A small network judges whether a drawing is a digit at all. The stricter it is, the more letters and scribbles it "
    "refuses, and the more true digits with them."
)


def show_choice() -> None:
    """The slider in a popover, and in words what its setting means for digits and for everything else."""
    with st.popover("Strictness", icon=":material/tune:", help=_HELP):
        levels = _levels()
        chosen = st.select_slider(
            "Refuse what is no digit",
            [level.threshold for level in levels],
            read_card(DIGIT_OR_NOT).threshold,
            format_func={level.threshold: _name(level) for level in levels}.__getitem__,
            key=Key.STRICTNESS,
            persist_state="session",
            help="The share of true digits that is refused along with what is none.",
        )
        st.caption(_meaning(next(level for level in levels if level.threshold == chosen)))


def read_threshold() -> float | None:
    """The likelihood below which a drawing is refused, as this session chose it; None as the network's card says."""
    chosen = st.session_state.get(Key.STRICTNESS)
    return None if chosen is None else float(chosen)


def _levels() -> tuple[Strictness, ...]:
    return (_NEVER, *read_card(DIGIT_OR_NOT).strictness)


def _name(level: Strictness) -> str:
    return percent(level.digits, 1) if level.digits else "never"


def _meaning(level: Strictness) -> str:
    if not level.digits:
        return "Everything is read as a digit, whatever it is."
    return (
        f"Of images that it has not learnt from, {percent(level.digits, 1)} of digits are refused, and "
        f"{percent(level.others, 1)} of letters, signs and scribbles."
    )
