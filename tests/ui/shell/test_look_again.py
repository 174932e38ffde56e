"""A page that draws itself once more leaves the way free for whoever goes to another one meanwhile."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.ui.shell.glances import Glances
from tests.awaiting import deadline


def two_pages() -> None:
    """A page during whose script a link to the other is pressed, before it draws itself once more."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx
    from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

    from mnist_dash.ui.shell.look_again import redraw_page

    def show_other() -> None:
        st.write("the other")

    def show_first() -> None:
        st.write("the first")
        if "pressed" not in st.session_state:
            st.session_state["pressed"] = True
            context = get_script_run_ctx()
            assert context is not None
            assert context.script_requests is not None
            context.script_requests.request_rerun(RerunData(page_script_hash=other._script_hash))
            redraw_page()

    other = st.Page(show_other, title="Other", url_path="other")
    st.navigation([st.Page(show_first, title="First", url_path="first", default=True), other]).run()


def test_who_presses_a_link_while_the_page_is_about_to_be_drawn_once_more_comes_to_the_other_page() -> None:
    app = AppTest.from_function(two_pages, default_timeout=deadline()).run()
    assert not app.exception
    assert [text.value for text in app.markdown] == ["the other"]


def only_once() -> None:
    """A page that draws itself once more."""
    import streamlit as st

    from mnist_dash.ui.shell.look_again import redraw_page

    seen = st.session_state["seen"] = st.session_state.get("seen", 0) + 1
    if seen == 1:
        redraw_page()
    st.write(f"seen {seen} times")


def test_otherwise_the_page_is_drawn_once_more() -> None:
    app = AppTest.from_function(only_once, default_timeout=deadline()).run()
    assert [text.value for text in app.markdown] == ["seen 2 times"]


def two_that_look_again() -> None:
    """Two parts that look again, one of which shows nothing of its own."""
    import streamlit as st

    from mnist_dash.ui.shell.look_again import look_again

    look_again(2.0)(lambda: st.write("looked"))()
    look_again(10.0, silent=True)(lambda: st.write("asked"))()


def test_with_its_page_only_what_shows_something_is_drawn_and_counts_as_no_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noted = []

    def note(_glances: Glances, seconds: float, pace: float) -> None:
        noted.append((seconds, pace))

    monkeypatch.setattr(Glances, "note_look", note)
    app = AppTest.from_function(two_that_look_again, default_timeout=deadline()).run()
    assert not app.exception
    assert [text.value for text in app.markdown] == ["looked"]
    assert noted == []


def test_how_rarely_a_page_looks_is_said_where_somebody_is_to_know(monkeypatch: pytest.MonkeyPatch) -> None:
    def rarely(_glances: Glances, _now: int = 1) -> int:
        return 4

    monkeypatch.setattr(Glances, "choose_pace", rarely)
    app = AppTest.from_function(two_that_look_again, default_timeout=deadline()).run()
    assert not app.exception
    assert [said.value for said in app.caption] == [
        ":material/groups: Many people are at work: this looks again every 8 s."
    ]
