"""The palette of the theme that a session shows."""

import streamlit as st

from mnist_dash.figures.theme import Palette, load_palette


def colours() -> Palette:
    """The colours of the light or the dark theme, whichever is on this person's screen."""
    return load_palette(dark=is_dark())


def is_dark() -> bool:
    """Whether the dark theme is on this person's screen."""
    return bool(st.context.theme.type == "dark")
