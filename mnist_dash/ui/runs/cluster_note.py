"""Where runs go to a cluster: which nodes it has, and why runs wait."""

from collections.abc import Sequence

import streamlit as st

from mnist_dash.escaping import escape_markdown
from mnist_dash.runs.engines.cluster import explain_waiting
from mnist_dash.runs.records import Run
from mnist_dash.ui.shell import resources


def show(runs: Sequence[Run]) -> None:
    """Say it above the table while anything goes on; nothing where runs stay on this machine."""
    told = explain_waiting(resources.settings(), runs)
    if told:
        st.caption(escape_markdown(told))
