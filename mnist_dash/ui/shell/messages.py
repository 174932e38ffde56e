"""What a person is told when something is missing, wrong or unusual."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import TYPE_CHECKING, ParamSpec

import streamlit as st

from mnist_dash.data.dataset import MNIST
from mnist_dash.data.present_digits import describe_missing
from mnist_dash.data.progress import silent
from mnist_dash.errors import DataError, MnistDashError, UnreachableError
from mnist_dash.escaping import escape_markdown
from mnist_dash.ui.shell import frame, resources
from mnist_dash.ui.shell.look_again import redraw_page

if TYPE_CHECKING:
    from mnist_dash.data.dataset import Dataset

P = ParamSpec("P")
GLANCE = 10.0
"""Seconds between two looks whether a database that could not be reached can be: rarely, since all pages do it then."""
READY_SOON = "ready to answer, which is done once: about ten seconds"


@contextmanager
def explain_errors() -> Iterator[None]:
    """Show an error that is meant for people in place of what could not be shown, and end the page there.

    Where the database could not be reached, the page is drawn anew when it can be.
    """
    try:
        yield
    except MnistDashError as e:
        st.error(escape_markdown(e), icon=":material/error:")
        if isinstance(e, UnreachableError):
            _wait_for_database()
        frame.stop()


def _wait_for_database() -> None:
    looks = count()

    # As often however many people there are: there is nothing else to leave room for.
    @st.fragment(run_every=GLANCE)
    def look() -> None:
        if next(looks) and _has_answered():
            redraw_page()

    look()


def _has_answered() -> bool:
    try:
        with resources.database().read():
            return True
    except UnreachableError:
        return False
    except MnistDashError:
        # Something else is wrong now, which the page says.
        return True


def redraw_after(action: Callable[[], object]) -> None:
    """Do it and draw the page anew, or say why it cannot be done."""
    try:
        action()
    except MnistDashError as e:
        st.error(escape_markdown(e), icon=":material/error:")
    else:
        st.rerun()


def do_or_tell(action: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Do it, or say in passing why it cannot be done: for what a press does before the page is drawn."""
    try:
        action(*args, **kwargs)
    except MnistDashError as e:
        st.toast(escape_markdown(e), icon=":material/info:")


def making_ready() -> AbstractContextManager[None]:
    """Say that a model is made ready, for as long as the block takes."""
    return st.spinner(f"Making this model {READY_SOON}")


def open_with_progress(name: str = MNIST) -> "Dataset":
    """A data set, with progress while it is opened for the first time, and words on what is unusual about it.

    Its errors are those of `data.store.catalog.open_dataset`.
    """
    datasets = resources.datasets()
    # One place for all of it, so that nothing below moves when the progress bar goes.
    with st.container():
        found = datasets.dataset(name, silent) if datasets.holds(name) else _opened(name)
        if found.notice:
            _banner(name, found)
        missing = describe_missing(found)
        if missing:
            st.caption(f":material/info: {missing}")
    return found


def _opened(name: str) -> "Dataset":
    bar = st.progress(0.0, f"Looking for {escape_markdown(name)}")
    try:
        return resources.datasets().dataset(name, lambda text, share: _advance(bar, text, share))
    except DataError:
        st.button("Look again", icon=":material/refresh:", key="retry_data")
        raise
    finally:
        bar.empty()


def _advance(bar: "st.delta_generator.DeltaGenerator", text: str, share: float) -> None:
    bar.progress(min(1.0, max(0.0, share)), escape_markdown(text))


def _banner(name: str, found: "Dataset") -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if found.name == name:
            st.caption(f":material/info: {escape_markdown(found.notice)}")
            return
        st.warning(escape_markdown(found.notice or ""), icon=":material/info:")
        st.button(
            "Look again",
            icon=":material/refresh:",
            on_click=resources.datasets().forget,
            args=(name,),
            key="retry_data",
        )
