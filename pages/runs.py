"""Runs: every run there is, selected in one table and compared honestly below it."""

from mnist_dash.ui.shell import frame

frame.head("Runs", "All runs, done or going on. Select some to compare them, name them, or take their models with you.")

# What follows is loaded with the head of the page on the screen already.
import streamlit as st

from mnist_dash.runs import queries, supervisor
from mnist_dash.runs.records import State
from mnist_dash.ui.components import several_seeds
from mnist_dash.ui.runs import actions, bringing, cluster_note, comparison, table
from mnist_dash.ui.shell import messages, resources, state

GLANCE = 2.0
"""Seconds between two looks while anything changes."""

database = resources.database()
known = queries.runs_of(database)

if not known:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info("No runs yet. Train your first network: it takes a minute or two.", icon=":material/info:")
        st.page_link("pages/train.py", label="Train a network", icon=":material/show_chart:")
        if state.recall_deleted():
            actions.undo()
    bringing.offer()
    st.stop()

bringing.tell()
with st.container(horizontal=True, gap="small"):
    with st.container(width="stretch"):
        wanted = table.narrow(known)
    bringing.offer()
changing = any(run.changing for run in known)


@st.fragment(run_every=GLANCE if changing else None)
def compare() -> None:
    """The table and what is selected in it, as they are now; the page is drawn anew when all runs have ended."""
    with messages.explain_errors():
        runs = queries.runs_of(database)
        cluster_note.show(runs)
        shown = [run for run in runs if wanted.fits(run)]
        table.show(shown, queries.last_validation_accuracies(database))
        chosen = table.selected_of(runs)
        actions.show(runs, chosen, hidden=len([run for run in chosen if run not in shown]))
        if len(chosen) == 1:
            several_seeds.tell_group(chosen[0], runs)
        comparison.show(chosen, shown, runs)
    if any(run.state in (State.QUEUED, State.RUNNING) for run in runs):
        supervisor.ensure(resources.settings())
    if any(run.changing for run in runs) is not changing:
        st.rerun()


compare()
