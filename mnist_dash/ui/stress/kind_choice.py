"""What is done, and by how much: each kind remembers its own amount, and the link names that of the chosen kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from mnist_dash.ui.shell import link
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.link import Linked


@dataclass(frozen=True, slots=True)
class KindChoice:
    """A choice among kinds by their `titles`, kept under `key`, and the `amount` of the one that is chosen.

    `usual` is the amount that a kind begins with, and `find_nearest` the one that it has next to any other.
    """

    key: Key
    titles: Mapping[str, str]
    amount: Linked[float]
    usual: Callable[[str], float]
    find_nearest: Callable[[str, float], float]

    def choose(self, label: str, words: str, width: int) -> str:
        """The kind that is chosen here."""
        link.start_widget(self.key, self.titles)
        return st.selectbox(
            label,
            tuple(self.titles),
            format_func=self.titles.__getitem__,
            key=self.key,
            persist_state="session",
            on_change=self._begin,
            help=words,
            width=width,
        )

    def start_slider(self, name: str) -> str:
        """The key of the slider of that kind, which has a value: the link's, or else the usual one."""
        widget = self._widget(name)
        if widget not in st.session_state:
            recalled = self.amount.read_link()
            st.session_state[widget] = self.usual(name) if recalled is None else self.find_nearest(name, recalled)
        return widget

    def publish_amount(self, name: str) -> None:
        """Name in the link what the slider of that kind shows."""
        self.amount.publish(st.session_state[self._widget(name)])

    def _begin(self) -> None:
        """Name in the link the kind, and by how much it was asked for last."""
        link.publish_widget(self.key)
        name = st.session_state[self.key]
        self.amount.publish(st.session_state.get(self._widget(name), self.usual(name)))

    def _widget(self, name: str) -> str:
        return f"{self.amount.key}_{name}"
