"""Write: one digit is asked for after another, with a sheet, one button, and how far one is."""

from collections.abc import Callable, Sequence

import streamlit as st

from mnist_dash.data.dataset import CLASSES
from mnist_dash.escaping import escape_markdown
from mnist_dash.own_digits.asking import Order, Tally, count_left, estimate_seconds
from mnist_dash.own_digits.records import LONGEST_NAME, name_label
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.ui.components import sheet
from mnist_dash.ui.own_digits import data_set, prompt
from mnist_dash.ui.own_digits.prompt import GOALS, Prompt
from mnist_dash.ui.shell import link, state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.words import duration

_WIDTH = 340
"""Pixels of the column with the sheet."""
_COUNTS = 480
"""Pixels of two rows of five counts."""
_ORDERS = {
    Order.BALANCED: "Fewest first",
    Order.QUICKEST: "Quickest first",
    Order.UNSURE: "Least sure first",
}
_ORDER = (
    "Fewest first: so there is as much of each. Quickest first: the digit that you write fastest. Least sure "
    "first: the one whose label the bundled reader finds least likely, by what you have written of it."
)
_GOAL = "How many digits of each you want to have in this set. You may go on when it is reached, or stop at any time."
_WRITER = "Kept beside every digit from now on. Leave it empty, and nobody is named."
_SHORTCUTS = {"Enter": "keep", **{str(digit): f"ask_{digit}" for digit in range(CLASSES)}}
_KEYS = "Enter keeps it. Ctrl+Z takes back a stroke. Keys 0 to 9 say that it is another digit."


def show(chosen: OwnSet) -> None:
    """The digit that is asked for, the sheet and its buttons; beside them the goal and what is reached of it."""
    row = st.container(horizontal=True, gap="large")
    left, right = row.container(width=_WIDTH), row.container(width="stretch", key="reading")
    # With something in it, the column has its place before the other, which would jump aside for it.
    title = left.empty()
    with right:
        # First, since what is asked for depends on it.
        _choose()
    asked = prompt.recall(chosen.key)
    with title.container(key="prompt"):
        st.header(f"Write {name_label(asked.digit)}", anchor=False)
    with left:
        _ask(asked)
    with right:
        tally = prompt.read(chosen.key)
        _show_progress(asked, tally)
        if not count_left(tally, prompt.read_goal()):
            _offer_more(chosen)


def _ask(asked: Prompt) -> None:
    sheet.show_canvas(sheet.WRITING, prompt.write_text(asked), prompt.restore, shortcuts=_SHORTCUTS)
    with st.container(horizontal=True, gap="xsmall"):
        _button("Keep", "keep", prompt.keep, icon="check", primary=True)
        _button("Skip", "skip", prompt.skip, icon="skip_next")
        _button("Take back", "take_back", prompt.take_back, icon="undo", disabled=not asked.kept)
    # A place of its own, so that what is below stays where it is.
    with st.container(key="own_told"):
        st.caption(escape_markdown(asked.told) or _KEYS)
    sheet.show_tools(sheet.WRITING)


def _button(
    label: str, key: str, action: Callable[[], None], icon: str, *, primary: bool = False, disabled: bool = False
) -> None:
    st.button(
        label,
        key=key,
        icon=f":material/{icon}:",
        on_click=action,
        type="primary" if primary else "secondary",
        disabled=disabled,
        width="stretch" if primary else "content",
    )


def _choose() -> None:
    """The goal, the order, and who writes."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        goals, orders = tuple(map(str, GOALS)), tuple(Order)
        _select("Goal", goals, _name_goal, (Key.OWN_GOAL, Key.OWN_GOAL_LIST), _GOAL)
        _select("Order", orders, lambda name: _ORDERS[Order(name)], (Key.OWN_ORDER, Key.OWN_ORDER_LIST), _ORDER)
        st.text_input(
            "Written by (optional)",
            key=Key.OWN_WRITER,
            persist_state="session",
            max_chars=LONGEST_NAME,
            help=_WRITER,
            width=200,
        )


def _select(label: str, options: Sequence[str], name: Callable[[str], str], keys: tuple[Key, Key], words: str) -> None:
    """A choice that the page's link holds under the first of the keys, in a list of the second."""
    key, shown = keys
    widget = state.mirror(shown, link.recall_one_of(key, options))
    st.selectbox(label, options, format_func=name, key=widget, on_change=_take, args=keys, help=words, width=180)


def _take(key: Key, shown: Key) -> None:
    link.keep_text(key, state.take_choice(shown))
    prompt.ask_anew()


def _name_goal(goal: str) -> str:
    return f"One of each: {CLASSES}" if goal == "1" else f"{goal} of each: {int(goal) * CLASSES:,}"


def _show_progress(asked: Prompt, tally: Tally) -> None:
    goal = prompt.read_goal()
    whole, left = goal * CLASSES, count_left(tally, goal)
    st.progress((whole - left) / whole, _describe_progress(tally, goal))
    with st.container(horizontal=True, gap="xsmall", width=_COUNTS, key="own_counts"):
        for digit in range(CLASSES):
            count = tally.counts[digit]
            st.button(
                f"**{digit}** :small[· {count:,}{' ✓' if count >= goal else f'/{goal}'}]",
                key=f"ask_{digit}",
                on_click=prompt.ask_for,
                args=(digit,),
                type="secondary" if digit == asked.digit else "tertiary",
                width=88,
            )


def _describe_progress(tally: Tally, goal: int) -> str:
    left, seconds = count_left(tally, goal), estimate_seconds(tally, goal)
    if not left:
        return f"All {goal * CLASSES:,} are written"
    time = "" if seconds is None else f", about {duration(seconds)} left"
    return f"{goal * CLASSES - left:,} of {goal * CLASSES:,} written{time}"


def _offer_more(chosen: OwnSet) -> None:
    """What can be done once the goal is reached."""
    goal = prompt.read_goal()
    with st.container(border=True):
        told = "One of each digit is there." if goal == 1 else f"{goal:,} of each digit are there."
        st.markdown(f"**{told}** Make a data set of them and train on it, or go on writing.")
        with st.container(horizontal=True):
            data_set.offer(chosen)
            if goal < GOALS[-1]:
                st.button("Write more", key="raise_goal", icon=":material/add:", on_click=prompt.raise_goal)
