"""What stands around every page: the navigation, and the head with title and purpose."""

import time
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import NoReturn
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import RerunException, StopException, get_script_run_ctx

from mnist_dash.errors import SignInError
from mnist_dash.escaping import escape_markdown
from mnist_dash.ui.shell import link, resources, sign_in, state
from mnist_dash.users import Role

ICON = Path(__file__).with_name("icon.png")
_MAY = {Role.LOOK: "may look", Role.TRAIN: "may train", Role.ADMINISTER: "administers this server"}
_OUT = "Signs you out here, and at your provider where it knows how. Runs go on without you."


def navigation() -> StreamlitPage:
    """Set up the frame with the pages in their groups; returns the page that is asked for."""
    st.set_page_config(page_title="MNIST Dash", page_icon=str(ICON), layout="wide")
    pages = {
        "Start": [
            st.Page("pages/home.py", title="Home", icon=":material/home:", default=True),
            st.Page("pages/sketch.py", title="Sketch", icon=":material/draw:"),
            st.Page("pages/lessons.py", title="Lessons", icon=":material/school:"),
        ],
        "Data": [
            st.Page("pages/explore.py", title="Explore", icon=":material/grid_view:"),
            st.Page("pages/datasets.py", title="Data sets", icon=":material/folder_open:"),
            st.Page("pages/own_digits.py", title="Own digits", icon=":material/edit_square:"),
            # Nobody looks for it here: it is opened by the link of a class.
            st.Page("pages/class_room.py", title="Class room", visibility="hidden"),
        ],
        "Learn": [
            st.Page("pages/train.py", title="Train", icon=":material/show_chart:"),
            st.Page("pages/runs.py", title="Runs", icon=":material/table_rows:"),
            st.Page("pages/sweeps.py", title="Sweeps", icon=":material/tune:"),
            st.Page("pages/methods.py", title="Methods", icon=":material/compare:"),
        ],
        "Models": [
            st.Page("pages/models.py", title="Models", icon=":material/neurology:"),
            st.Page("pages/stress.py", title="Stress", icon=":material/cyclone:"),
        ],
    }
    _ask_by_address({page.url_path for group in pages.values() for page in group})
    return st.navigation(pages, position="hidden" if link.CLASS.read_link() else "sidebar")


def _ask_by_address(names: Set[str]) -> None:
    """Ask for the page of these names that the address has, where the browser asks for none.

    One whose connection was cut before it had heard which pages there are, as on many phones at once, asks Streamlit
    1.67 for the script that shows them all, which is Home, whatever its address.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or context.context_info is None:
        return
    known, name = context.pages_manager, PurePosixPath(urlsplit(context.context_info.url).path).name
    if known.intended_page_script_hash == known.main_script_hash and name in names:
        known.set_script_intent("", name)


def show_user() -> None:
    """Who is signed in, with the way out; where nobody is any more, the page ends with the way in."""
    if not sign_in.is_configured():
        return
    try:
        user = sign_in.current_user(resources.settings())
    except SignInError as e:
        st.error(escape_markdown(e), icon=":material/lock:")
        st.button("Sign in", type="primary", icon=":material/login:", key="sign_in", on_click=sign_in.begin)
        stop()
    # Whoever came by the link of a class sees its page alone.
    if not link.CLASS.read_link():
        with st.sidebar.container(horizontal=True, vertical_alignment="center", gap="small", key="user"):
            st.caption(f"{escape_markdown(user.name)}, {_MAY[user.role]}", width="stretch")
            st.button(
                "Sign out", icon=":material/logout:", type="tertiary", key="sign_out", on_click=st.logout, help=_OUT
            )


def head(title: str, purpose: str) -> None:
    """The head of a page: its title, and one sentence that says what can be done here."""
    enter()
    st.title(title, anchor=False)
    st.write(purpose)


def stop() -> NoReturn:
    """End the page here. After `st.stop` nothing more can be drawn, `mark_end`'s mark included."""
    raise StopException


@contextmanager
def measure_page() -> Iterator[None]:
    """Let what looks by itself leave room for pages such as that of the block."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        resources.glances().note_drawing(time.perf_counter() - begun)


@contextmanager
def mark_end() -> Iterator[None]:
    """Mark the page as drawn, whatever it ends by: a browser that is connected again waits for another mark."""
    try:
        yield
    except RerunException:  # the page is drawn once more at once
        raise
    except BaseException:
        _mark()
        raise
    _mark()


def _mark() -> None:
    with st.container(key="end"):
        st.html(f'<span data-drawn="{token_hex(4)}"></span>')


def enter() -> None:
    """Begin a page, which then says itself what it is."""
    if not state.has_entered():
        # Where a link to a page opens the first session of a new server, Streamlit takes pages/ for an app of its
        # older kind and runs the page alone, without app.py; it stops to do so once a navigation was set.
        navigation()
        st.rerun()
