"""Data sets: bring digits of your own, have some written by imaginary writers, and download any set."""

from mnist_dash.ui.shell import frame

frame.head(
    "Data sets",
    "Bring digits of your own, have imaginary writers write some, and download any set.",
)

# What follows is loaded with the head of the page on the screen already.
import streamlit as st

from mnist_dash.data.store import named_sets
from mnist_dash.escaping import escape_markdown
from mnist_dash.ui.components import linked_choice
from mnist_dash.ui.data import VIEWS, View, dataset_card, import_wizard
from mnist_dash.ui.shell import messages, resources
from mnist_dash.ui.shell.keys import Key

view = linked_choice.choose("View", VIEWS, Key.DATA_VIEW, label_visibility="collapsed")
if view == View.GENERATE:
    from mnist_dash.ui.data import generating

    with messages.explain_errors():
        generating.show()
    frame.stop()

yours, all_sets = st.columns([5, 6], gap="large")

with yours:
    st.header("Bring your own", anchor=False)
    with messages.explain_errors():
        taken = import_wizard.bring()
    st.header("Own digits", anchor=False)
    st.write("Write digits one after another, as many as you like, and make a data set of them.")
    st.page_link("pages/own_digits.py", label="Own digits", icon=":material/edit_square:")

with all_sets:
    st.header("All sets", anchor=False)
    if taken:
        st.success(f"{escape_markdown(taken)} is here now: explore it, train on it, or name it with `--data {taken}`.")
    named = named_sets.describe_sets(resources.settings())
    for name in resources.datasets().names():
        dataset_card.show(name, named.get(name))
