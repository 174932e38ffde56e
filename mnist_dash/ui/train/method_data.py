"""The data set that a method is meant to learn from, offered where another one is chosen: to be used, or to be made."""

import streamlit as st

from mnist_dash.data.dataset import MNIST, Dataset
from mnist_dash.data.progress import silent
from mnist_dash.data.store import reader_sets
from mnist_dash.errors import DataError
from mnist_dash.escaping import escape_markdown
from mnist_dash.methods.registry import Method
from mnist_dash.runs import process
from mnist_dash.ui.components import dataset_picker, job_progress
from mnist_dash.ui.shell import resources
from mnist_dash.users import refuse_training

_SOURCES = "MNIST, MNIST redrawn by other pens, and generated digits."
_HELP = "Made in a process of its own: leave or reload the page as you like. Training on another data set is fine too."


def offer_data(method: Method, chosen: str) -> None:
    """Say what the method is meant to learn from, where that is not the `chosen` set, with the button that gets it."""
    if method.data is None or method.data in (MNIST, chosen):
        return
    if method.data in resources.datasets().names():
        _offer_using(method.data)
    else:
        _offer_making(method.data)


def _offer_using(name: str) -> None:
    try:
        there = resources.datasets().dataset(name, silent)
    except DataError as e:
        st.error(escape_markdown(e), icon=":material/error:")
        return
    _say(f"the data set {name}", f"{there.origin}.", there)
    st.button("Use it", key="use_method_data", icon=":material/database:", on_click=dataset_picker.adopt, args=(name,))


def _offer_making(name: str) -> None:
    _say("a data set of its own", _SOURCES)
    # Known by the name of the set, so that other sessions, and this one after a reload, find it at work.
    job = resources.background_commands().find(_key(name))
    if job is not None and not job.ended:
        job_progress.follow_command(job, "Drawing digits", "method_data")
        return
    if job is not None and job.error:
        st.error(escape_markdown(job.error), icon=":material/error:")
    st.button(
        f"Make it ({reader_sets.describe_time()})",
        key="make_method_data",
        icon=":material/edit_square:",
        help=_HELP,
        on_click=_start,
        args=(name,),
        disabled=refuse_training(resources.database().user) is not None,
    )


def _say(which: str, sources: str, there: Dataset | None = None) -> None:
    """A line with whether strokes of people are in it; the rest where somebody asks for it."""
    settings = resources.settings()
    people = "with" if reader_sets.has_people(settings, there) else "without"
    st.caption(
        escape_markdown(f"Meant for {which}, {people} pen strokes of people."),
        help=escape_markdown(f"{sources} {reader_sets.describe_people(settings, there)}"),
    )


def _start(name: str) -> None:
    command = process.make_command("reader-set", "--name", name, "--progress", user=resources.database().user)
    resources.background_commands().send(_key(name), command)


def _key(name: str) -> str:
    return f"reader-set {name}"
