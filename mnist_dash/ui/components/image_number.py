"""An image by its place in the file, which the page's link holds."""

import streamlit as st

from mnist_dash.data.dataset import Split
from mnist_dash.ui.shell import link


def choose(split: Split, index: int, images: int) -> int:
    """Ask for an image of a split, of so many; the field starts anew with each image that is looked at."""
    key, last = f"go_to_{split}_{index}", images - 1

    def go() -> None:
        link.IMAGE.keep(st.session_state[key])

    words = f"From 0 to {last:,}, as in the file."
    return int(st.number_input("Go to", 0, last, index, key=key, on_change=go, width=140, help=words))
