"""The page's link, whose only owner stands here: nobody else reads or writes `st.query_params`.

A choice that a link holds is described once, as a `Linked`. Plain widgets whose value may go into the link as it is
have Streamlit's own `bind="query-params"` instead, always with a `Key`. What leads to another page names its link in
the `query_params` of that page link.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from mnist_dash.ui.shell.keys import Key

T = TypeVar("T")
_LONGEST_NUMBER = 19
"""Digits that a number may have in a link: fewer than these, so that databases can hold it."""


@dataclass(frozen=True, slots=True)
class Linked(Generic[T]):
    """A choice that the page's link and the session hold under `key`.

    `read` gives the value of a link's text, None where it names none; `write` gives the text, empty where the link
    shall not name the value.
    """

    key: Key
    read: Callable[[str], T | None]
    write: Callable[[T], str]

    def read_link(self) -> T | None:
        """What the link names."""
        return self.read(st.query_params.get(self.key, ""))

    def recall(self) -> T | None:
        """What the link names, or else what this session has chosen last."""
        linked = self.read_link()
        if linked is not None:
            st.session_state[self.key] = linked
        kept: T | None = st.session_state.get(self.key)
        return kept

    def keep(self, value: T) -> None:
        """Choose this value, here and in the link."""
        st.session_state[self.key] = value
        self.publish(value)

    def publish(self, value: T) -> None:
        """Put this value into the link alone: a widget holds it already."""
        text = self.write(value)
        if not text:
            st.query_params.pop(self.key, None)
        elif st.query_params.get(self.key) != text:
            st.query_params[self.key] = text


def read_number(text: str) -> int | None:
    """The number that a link's text names."""
    return int(text) if text.isdecimal() and len(text) < _LONGEST_NUMBER else None


def read_numbers(text: str) -> tuple[int, ...] | None:
    """The numbers that a link's text names, each once, between commas; what is no number is passed over."""
    numbers = [number for part in text.split(",") if (number := read_number(part)) is not None]
    return tuple(dict.fromkeys(numbers)) or None


def read_names(text: str) -> list[str] | None:
    """The names in a link's text, between commas."""
    return text.split(",") if text else None


def read_amount(text: str) -> float | None:
    """The amount that a link's text names, from 0."""
    return float(text) if re.fullmatch(r"\d{1,4}(\.\d{1,4})?", text) else None


def write_list(values: Sequence[object]) -> str:
    """The text that `read_numbers` and `read_names` read."""
    return ",".join(map(str, values))


RUN = Linked(Key.RUN, read_number, str)
"""The run that Train shows."""
SWEEP = Linked(Key.SWEEP, read_number, str)
"""The sweep that is shown."""
RUNS: Linked[tuple[int, ...]] = Linked(Key.RUNS, read_numbers, write_list)
"""The runs that are selected on Runs."""
IMAGE = Linked(Key.IMAGE, read_number, str)
"""The image of a split that Explore shows from near."""
BESIDE: Linked[list[str]] = Linked(Key.BESIDE, read_names, write_list)
"""The models that answer side by side."""


ALSO: Linked[list[str]] = Linked(Key.ALSO, read_names, write_list)
"""The models that read digits from elsewhere beside the one that is looked at."""
STRESSED: Linked[list[str]] = Linked(Key.STRESSED, read_names, write_list)
"""The models that are put under stress."""
OWN_SET: Linked[str] = Linked(Key.OWN_SET, lambda text: text or None, str)
"""The set of own digits that is shown, by its name."""
OWN_PAGES: Linked[list[str]] = Linked(Key.OWN_PAGES, read_names, write_list)
"""The files that were brought for own digits and are not looked through yet, by their keys."""
HAND = Linked(Key.HAND, read_number, str)
"""The writer whose digits stand beside own ones."""
CLASS: Linked[str] = Linked(Key.CLASS, lambda text: text or None, str)
"""The class that a phone writes for, by its code."""
LESSON: Linked[str] = Linked(Key.LESSON, lambda text: text or None, str)
"""The lesson that is shown."""
ROUND = Linked(Key.ROUND, read_number, str)
"""The round of digits that a person reads against the models."""
AMOUNT = Linked(Key.AMOUNT, read_amount, "{:g}".format)
"""By how much digits are stressed."""
DAMAGED_BY = Linked(Key.DAMAGED_BY, read_amount, "{:g}".format)
"""By how much a model is damaged."""


def follow(choice: Linked[T]) -> T | None:
    """What the link names, for a page that leads to itself by links.

    Streamlit 1.67 follows these, and leaves the address in the browser as it was: it is told once more.
    """
    named = choice.read_link()
    if st.session_state.get(choice.key, named) != named:
        st.query_params.from_dict(st.query_params.to_dict())
    st.session_state[choice.key] = named
    return named


def one_of(key: Key, options: Collection[str]) -> Linked[str]:
    """A choice of one of these options."""
    return Linked(key, lambda text: text if text in options else None, str)


def recall_one_of(key: Key, options: Sequence[str]) -> str:
    """Which option the link names, or else what this session has chosen last, or else the first one."""
    choice, first = one_of(key, options), options[0]
    recalled = choice.recall()
    kept = recalled if recalled is not None and recalled in options else first
    st.session_state[key] = kept
    # What holds without being named needs no place in the link.
    if kept != first or key in st.query_params:
        choice.publish(kept)
    return kept


def keep_text(key: Key, text: str) -> None:
    """Choose this option, here and in the link."""
    one_of(key, (text,)).keep(text)


def start_widget(key: Key, options: Collection[str]) -> None:
    """Give a widget what the link names, where this session has not chosen another."""
    if key not in st.session_state:
        one_of(key, options).recall()


def accept_old_words(key: Key, today: Mapping[str, str]) -> None:
    """Give a widget the value of `today` for an old word that the link names, as `start_widget` does."""
    linked = st.query_params.get(key, "")
    if key not in st.session_state and linked in today:
        st.session_state[key] = today[linked]


def publish_widget(key: Key) -> None:
    """Put a widget's value into the link."""
    value = st.session_state[key]
    one_of(key, (value,)).publish(value)


def read_settings(names: Collection[str]) -> dict[str, str]:
    """What the link says of several settings that belong together."""
    return {name: text for name, text in st.query_params.items() if name in names}


def write_settings(settings: Mapping[str, str], names: Collection[str]) -> None:
    """Let the link say this of those settings, and nothing of the others of `names`; all else in it stays."""
    others = {name: text for name, text in st.query_params.items() if name not in names}
    st.query_params.from_dict({**settings, **others})
