"""Methods: every method and every claim of its source, beside what was measured here."""

from mnist_dash.ui.shell import frame

frame.head(
    "Methods", "Every method and what its author says of it, beside what was measured here. Choose one to try it."
)

# What follows is loaded with the head of the page on the screen already.
import streamlit as st

from mnist_dash.methods.measured import read_record
from mnist_dash.ui.methods import comparison, details, table

record = read_record()


@st.fragment
def show() -> None:
    """The picture with the chosen method beside it, and the table of all."""
    chosen = table.choose()
    picture, words = st.columns([3, 2], gap="large")
    with picture:
        comparison.show(record.measured, chosen)
    with words:
        details.show(chosen, record.measured.get(chosen))
    table.show(record.measured)
    st.caption(
        f"On MNIST, on {record.cores} cores of {record.processor}. `python -m benchmarks.methods` measures it again."
    )


show()
