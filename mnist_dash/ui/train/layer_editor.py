"""The editor of a network's layers: words in, shapes and parameters out."""

from contextlib import suppress

import streamlit as st

from mnist_dash.errors import SpecError
from mnist_dash.methods.architecture import parse_network
from mnist_dash.ui.components.layer_table import show_layers

_HELP = """One layer a line, from the image to the ten digits; the output layer comes by itself.

| write | layer |
| --- | --- |
| conv 32 3 | 32 filters of 3×3 pixels (`same` after it keeps the size) |
| pool 2 | the maximum of each 2×2 window |
| average 2 | the mean of each 2×2 window |
| global | the mean of each filter |
| crop 2 | without two pixels at each side |
| flatten | all values in one row |
| dense 64 | 64 units |
| dropout 0.5 | half of the values switched off in each step |
| norm | batch normalisation |
| scale 255 | every value times 255: pixels as they are stored |
"""


def choose(key: str, start: str) -> str:
    """The layers as they are written on the page, with what each makes of the image."""
    text: str = st.text_area(
        "Layers", "\n".join(_parts(start)), key=key, height=196, help=_HELP, persist_state="session"
    )
    _table(text)
    return ", ".join(_parts(text))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]


def _table(text: str) -> None:
    # The page says beside the button what is wrong with the whole spec.
    with suppress(SpecError):
        show_layers(parse_network(text))
