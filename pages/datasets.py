"""Data sets: bring digits of your own, and download any set."""

from mnist_dash.ui.shell import frame

frame.head(
    "Data sets",
    "Bring digits of your own, see how they are understood before they are taken in, and download any set.",
)

# What follows is loaded with the head of the page on the screen already.
import streamlit as st

from mnist_dash.escaping import escape_markdown
from mnist_dash.ui.data import dataset_card, import_wizard, own_digits
from mnist_dash.ui.shell import messages, resources

yours, all_sets = st.columns([5, 6], gap="large")

with yours:
    st.subheader("Bring your own", anchor=False)
    with messages.explain_errors():
        taken = import_wizard.bring()
        own_digits.show()

with all_sets:
    st.subheader("All sets", anchor=False)
    if taken:
        st.success(f"{escape_markdown(taken)} is here now: explore it, train on it, or name it with `--data {taken}`.")
    for name in resources.datasets().names():
        dataset_card.show(name)
