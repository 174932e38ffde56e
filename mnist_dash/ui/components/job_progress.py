"""Jobs as they are waited for: how far one is, how long it may still take, and a way to stop it."""

import streamlit as st

from mnist_dash.escaping import escape_markdown
from mnist_dash.runs.background_command import BackgroundCommand
from mnist_dash.ui.shell.look_again import look_again, redraw_page
from mnist_dash.words import duration

GLANCE = 0.4
"""Seconds between two looks."""


def follow_command(job: BackgroundCommand, text: str, key: str) -> None:
    """Show a job until it ends; then the page, or the part of it that this stands in, is drawn once more."""
    if job.ended:
        return

    @look_again(GLANCE)
    def look() -> None:
        if job.ended:
            redraw_page()
        left = "" if job.left is None else f", {duration(max(1.0, job.left))} left"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(min(1.0, job.share), f"{escape_markdown(_tell_wait(job.before) or job.text or text)}{left}")
            st.button("Stop", icon=":material/stop:", key=f"stop_{key}", on_click=job.stop)

    look()


def _tell_wait(before: int) -> str:
    return "" if not before else f"Waits for {'1 other' if before == 1 else f'{before} others'}"
