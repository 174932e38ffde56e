"""A list of what has numbers, runs or sweeps, one of which a page shows whoever else chooses it too."""

from collections.abc import Mapping

import streamlit as st

from mnist_dash.ui.shell import state
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.link import Linked


def choose_number(label: str, titles: Mapping[int, str], shown: int, key: Key, linked: Linked[int], about: str) -> None:
    """Offer all by their titles, with the one that is shown; the page's link takes another one that is chosen."""

    def take() -> None:
        chosen = state.take_choice(key)
        # A browser that has not heard yet how one has ended sends its title of before, which is none of these.
        if chosen in titles:
            linked.keep(chosen)

    st.selectbox(
        label,
        list(titles),
        format_func=titles.__getitem__,
        key=state.mirror(key, shown),
        on_change=take,
        help=about,
    )
