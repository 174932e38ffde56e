"""One click from a class to a network that learns from its digits."""

import streamlit as st

from mnist_dash.data.dataset import MNIST, Dataset
from mnist_dash.data.io.discovery import TEST_SHARE
from mnist_dash.data.progress import silent
from mnist_dash.data.store.named_sets import suggest_name
from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.methods.few_images import suggest_spec
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.sets import OwnSet
from mnist_dash.runs.starting import start_run
from mnist_dash.ui.shell import resources, state
from mnist_dash.ui.shell.keys import Key

_TRAIN = (
    "Makes a data set of the digits of this moment, starts a network on it, and shows how it learns; the class may go "
    f"on. The last seventh of each digit is for the test, or MNIST's where no digit is there {TEST_SHARE} times."
)


def offer(chosen: OwnSet) -> None:
    """The button; what cannot be trained on is said."""
    pressed = st.button(
        "Train on these digits", icon=":material/play_arrow:", key="train_on_class", type="primary", help=_TRAIN
    )
    if not pressed:
        return
    try:
        with st.spinner("Making a data set"):
            run = _start(_make(chosen))
    except MnistDashError as e:
        st.error(escape_markdown(e), icon=":material/error:")
        return
    state.open_page("pages/train.py", {Key.RUN: str(run)})


def _make(chosen: OwnSet) -> Dataset:
    database, settings = resources.database(), resources.settings()
    counts = collection.count_by_label(database, chosen.key)
    enough = any(count >= TEST_SHARE for label, count in counts.items() if label is not None)
    test = None if enough else resources.datasets().dataset(MNIST, silent).test
    return collection.make_set(database, settings, suggest_name(settings, chosen.name), chosen.key, test)


def _start(made: Dataset) -> int:
    return start_run(resources.settings(), resources.database(), suggest_spec(made.name, len(made.train))).id
