"""Links go on meaning what they meant, whatever this session has chosen before."""

from typing import Any

import pytest
import streamlit as st

from mnist_dash.ui.shell import link
from mnist_dash.ui.shell.keys import Key


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session and a link, both empty: without a browser, Streamlit has neither."""
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "query_params", {})


@pytest.mark.parametrize(
    ("choice", "text", "value"),
    [
        (link.RUN, "7", 7),
        (link.RUN, "seven", None),
        (link.RUN, "-1", None),
        (link.RUN, "9" * 19, None),
        (link.RUNS, "1,2", (1, 2)),
        (link.RUNS, "2,x,2,,1", (2, 1)),
        (link.RUNS, "x", None),
        (link.IMAGE, "0", 0),
        (link.IMAGE, "1.5", None),
        (link.BESIDE, "cnn,1-best", ["cnn", "1-best"]),
        (link.one_of(Key.VIEW, ("overview", "samples")), "samples", "samples"),
        (link.one_of(Key.VIEW, ("overview", "samples")), "nowhere", None),
        (link.one_of(Key.CLOSER, ("sees", "why")), "why", "why"),
        (link.one_of(Key.DATA, ("mnist",)), "mnist", "mnist"),
    ],
)
def test_a_link_names_a_value_or_none(choice: link.Linked[Any], text: str, value: object) -> None:
    st.query_params[choice.key] = text
    assert choice.read_link() == value
    assert choice.recall() == value


def test_the_link_counts_more_than_the_session() -> None:
    link.RUN.keep(3)
    assert (st.query_params["run"], link.RUN.recall()) == ("3", 3)
    st.query_params["run"] = "4"
    assert link.RUN.recall() == 4
    del st.query_params["run"]
    assert link.RUN.recall() == 4


def test_nothing_chosen_stands_in_no_link() -> None:
    link.RUNS.keep((1, 3))
    assert st.query_params["runs"] == "1,3"
    link.RUNS.keep(())
    assert "runs" not in st.query_params


def test_the_first_option_is_not_named_unless_the_link_does_so() -> None:
    assert link.recall_one_of(Key.VIEW, ["overview", "map"]) == "overview"
    assert "view" not in st.query_params
    st.query_params["view"] = "nowhere"
    assert link.recall_one_of(Key.VIEW, ["overview", "map"]) == "overview"
    assert st.query_params["view"] == "overview"


def test_what_is_no_option_any_more_is_forgotten() -> None:
    link.one_of(Key.DATA, ("gone",)).keep("gone")
    assert link.recall_one_of(Key.DATA, ["mnist", "own"]) == "mnist"


def test_a_widget_starts_with_the_link_once() -> None:
    st.query_params["closer"] = "why"
    link.start_widget(Key.CLOSER, ("sees", "why"))
    assert st.session_state[Key.CLOSER] == "why"
    st.session_state[Key.CLOSER] = "sees"
    link.start_widget(Key.CLOSER, ("sees", "why"))
    assert st.session_state[Key.CLOSER] == "sees"
    link.publish_widget(Key.CLOSER)
    assert st.query_params["closer"] == "sees"
