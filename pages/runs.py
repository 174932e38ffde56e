"""Runs: every run there is, selected in one table and compared honestly below it."""

from mnist_dash.ui.shell import frame

frame.head("Runs", "All runs, done or going on. Select some to compare them, name them, or take their models with you.")

# What follows is loaded with the head of the page on the screen already.
import streamlit as st

from mnist_dash.runs import finding, queries, supervisor
from mnist_dash.runs.records import State
from mnist_dash.ui.components import several_seeds
from mnist_dash.ui.runs import actions, bringing, cluster_note, comparison, table
from mnist_dash.ui.shell import messages, resources, state
from mnist_dash.ui.shell.look_again import look_again, redraw_page

GLANCE = 2.0
"""Seconds between two looks while anything changes."""

database = resources.database()

if not finding.has_any(database):
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info("No runs yet. Train your first network: it takes about half a minute.", icon=":material/info:")
        st.page_link("pages/train.py", label="Train a network", icon=":material/show_chart:")
        if state.recall_deleted():
            actions.undo()
    bringing.offer()
    frame.stop()

bringing.tell()
with st.container(horizontal=True, gap="small"):
    with st.container(width="stretch"):
        wanted = table.narrow(database)
    bringing.offer()
changing = finding.is_changing(database)


@look_again(GLANCE if changing else None)
def compare() -> None:
    """The table and what is selected in it, as they are now; the page is drawn anew when all runs have ended."""
    with messages.explain_errors():
        cluster_note.show()
        most = table.recall_window()
        found = finding.find_newest(database, most + 1, wanted)
        shown = found[:most]
        table.show(shown, queries.last_validation_accuracies(database, [run.id for run in shown]))
        if len(found) > most:
            table.offer_more(most)
        chosen = table.find_selected(database)
        actions.show(chosen, hidden=len([run for run in chosen if run not in shown]))
        if len(chosen) == 1:
            several_seeds.tell_group(chosen[0])
        comparison.show(chosen, shown)
        if queries.has_runs(database, State.QUEUED, State.RUNNING):
            supervisor.ensure(resources.settings())
        if finding.is_changing(database) is not changing:
            redraw_page()


compare()
