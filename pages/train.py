"""Train: choose a method, start it, steer it and watch it learn; leaving and coming back loses nothing."""

from mnist_dash.ui.shell import frame, link

frame.head(
    "Train", "Choose a method and start it. It learns in a process of its own: leave, reload or come back as you like."
)

# What follows is loaded with the head of the page on the screen already.
from functools import partial

import streamlit as st

from mnist_dash.runs import finding, quotas
from mnist_dash.runs.records import Run
from mnist_dash.ui.components import dataset_picker
from mnist_dash.ui.components.numbered_choice import choose_number
from mnist_dash.ui.shell import messages, resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.look_again import look_again, redraw_page
from mnist_dash.ui.train import example, form, launch, run_view
from mnist_dash.ui.train.glance import choose_glance
from mnist_dash.words import percent

_RUNS = f"The newest {finding.WINDOW} runs at most. Choose one to look at it; the page Runs finds the older ones too."
database = resources.database()
full = quotas.refuse_runs(database)
choices, results = st.columns([2, 6], gap="large")

with choices, st.container(key="form"):
    data = messages.open_with_progress(dataset_picker.choose())
    form.show_form(data, partial(launch.show_launch, digits=data.train, full=full))

with results:
    runs = {run.id: run for run in finding.find_newest(database)}
    run_id = link.RUN.recall()
    if run_id is not None and run_id not in runs:
        runs |= {run.id: run for run in finding.find_named(database, [run_id])}
    if not runs:
        st.info("No runs yet. Train your first network: press Start training. The fast one takes about half a minute.")
        example.show()
        frame.stop()
    if run_id is not None and run_id not in runs:
        st.warning(f"There is no run {run_id}. The newest run is shown instead.", icon=":material/info:")
    if run_id not in runs:
        run_id = max(runs)
    link.RUN.keep(run_id)


glance = choose_glance(runs[run_id], full=bool(full))


@look_again(glance)
def watch(run_id: int, glance: float | None, was_full: bool) -> None:
    """The run as it is; the page is drawn once more when it is to be looked at more often, less often or no more.

    So it is when no more runs may be started, or some may again: the button stands outside of what looks by itself.
    """
    with messages.explain_errors():
        run = run_view.show(run_id, dataset_picker.of_run(runs[run_id].spec.data, data))
        is_full = quotas.refuse_runs(database) is not None
        goes_on = choose_glance(run, full=is_full) == glance and is_full is was_full
    if not goes_on:
        redraw_page()


def titled(run: Run) -> str:
    """The name of a run in the list, with how it ended."""
    ended = "in progress" if run.state.active else run.state
    scored = f", {percent(run.score.accuracy)}" if run.score else ""
    return f"{run.id}: {run.name}, {ended}{scored}"


with results:
    watch(run_id, glance, bool(full))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titles = {run.id: titled(run) for run in runs.values()}
        choose_number("All runs", titles, run_id, Key.CHOSEN_RUN, link.RUN, _RUNS)
        st.page_link("pages/runs.py", label="Compare runs", icon=":material/table_rows:")
