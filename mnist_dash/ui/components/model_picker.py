"""A model by its name, chosen from those that can answer; the page's link holds it and the session remembers it."""

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from mnist_dash.ui.shell import link
from mnist_dash.ui.shell.keys import Key


def choose(
    label: str, models: Mapping[str, str], key: Key, words: str, *, width: int | Literal["stretch"] = "stretch"
) -> str:
    """The name of the model that is chosen here, among `models` with what people call each."""
    link.start_widget(key, models)
    return st.selectbox(
        label,
        tuple(models),
        format_func=models.__getitem__,
        key=key,
        persist_state="session",
        on_change=link.publish_widget,
        args=(key,),
        help=words,
        width=width,
    )
