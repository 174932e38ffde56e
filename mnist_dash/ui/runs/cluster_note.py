"""Where runs go to a cluster: which nodes it has, and why runs wait."""

import streamlit as st

from mnist_dash.escaping import escape_markdown
from mnist_dash.runs.engines.cluster import explain_waiting
from mnist_dash.runs.queries import runs_of
from mnist_dash.runs.records import State
from mnist_dash.ui.shell import resources


def show() -> None:
    """Say it above the table while anything goes on; nothing where runs stay on this machine."""
    settings = resources.settings()
    if settings.cluster is None:
        return
    told = explain_waiting(settings, runs_of(resources.database(), State.QUEUED, State.RUNNING))
    if told:
        st.caption(escape_markdown(told))
