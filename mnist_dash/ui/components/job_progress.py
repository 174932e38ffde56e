"""Errands as they are waited for: how far one is, how long it may still take, and a way to stop it."""

import streamlit as st

from mnist_dash.escaping import escape_markdown
from mnist_dash.runs.background_command import BackgroundCommand
from mnist_dash.words import duration

GLANCE = 0.4
"""Seconds between two looks."""


def follow_command(errand: BackgroundCommand, text: str, key: str) -> None:
    """Show an errand until it ends; then the page, or the part of it that this stands in, is drawn once more."""
    if errand.ended:
        return

    @st.fragment(run_every=GLANCE)
    def look() -> None:
        if errand.ended:
            st.rerun()
        left = "" if errand.left is None else f", {duration(max(1.0, errand.left))} left"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(min(1.0, errand.share), f"{escape_markdown(errand.text or text)}{left}")
            st.button("Stop", icon=":material/stop:", key=f"stop_{key}", on_click=errand.stop)

    look()
