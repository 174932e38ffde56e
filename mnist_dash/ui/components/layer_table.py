"""The layers of a network as a table: what each gives, and how many numbers it learns."""

from collections.abc import Sequence

import streamlit as st

from mnist_dash.escaping import escape_markdown
from mnist_dash.methods.layers import Layer, Row, compute_shapes, write_shape

NO_BREAK = "\N{NO-BREAK SPACE}"


def show_layers(network: Sequence[Layer]) -> None:
    """A row for each layer; raises SpecError where one does not fit behind another."""
    rows = map(_line, compute_shapes(network))
    st.markdown("\n".join(["| Layer | Gives | Learns |", "| :--- | ---: | ---: |", *rows]))


def _line(row: Row) -> str:
    name = escape_markdown(row.layer.text).replace(" ", NO_BREAK)
    return f"| {name} | {write_shape(row.output)} | {row.parameters:,} |"
