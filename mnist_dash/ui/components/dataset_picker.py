"""The data set that a session looks at and trains on, the same on every page."""

import streamlit as st

from mnist_dash.data.dataset import MNIST, Dataset
from mnist_dash.data.progress import silent
from mnist_dash.ui.shell import link, resources, state
from mnist_dash.ui.shell.keys import Key

_NAMES = {MNIST: "MNIST", "generated": "Generated digits", "optdigits": "Optdigits (Turkey)"}
_HELP = "What is shown and learnt from. Bring digits of your own on the page Data sets."


def choose() -> str:
    """The name of the data set that is chosen here, which the page's link then holds."""
    names = resources.datasets().names()
    name = link.recall_one_of(Key.DATA, names)
    widget = state.mirror(Key.DATA_LIST, name)
    st.selectbox("Data set", names, format_func=title, key=widget, on_change=_take, help=_HELP, width=220)
    return name


def _take() -> None:
    link.keep_text(Key.DATA, state.take_choice(Key.DATA_LIST))


def adopt(name: str) -> None:
    """Choose this data set where it is here."""
    if name in resources.datasets().names():
        link.keep_text(Key.DATA, name)


def of_run(name: str, chosen: Dataset) -> Dataset:
    """The data set that a run learns from, where it is still here; otherwise the one that is chosen."""
    if name == chosen.name or name not in resources.datasets().names():
        return chosen
    return resources.datasets().dataset(name, silent)


def title(name: str) -> str:
    """A data set's name as people read it."""
    return _NAMES.get(name, name)
