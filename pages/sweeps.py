"""Sweeps: a search for good settings, each trial of which is a run, watched as it goes on."""

from mnist_dash.ui.shell import frame, link

frame.head(
    "Sweeps",
    "Search for good settings. Each trial is a run that is compared on validation images: no test image is read.",
)

# What follows is loaded with the head of the page on the screen already.
import streamlit as st

from mnist_dash.runs.records import State
from mnist_dash.sweeps import queries
from mnist_dash.sweeps.records import Sweep
from mnist_dash.ui.components import dataset_picker
from mnist_dash.ui.components.numbered_choice import choose_number
from mnist_dash.ui.shell import messages, resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.look_again import look_again, redraw_page
from mnist_dash.ui.sweeps import controls, form, view

_SWEEPS = "Every sweep on this machine, the newest first. Choose one to look at it."
choices, results = st.columns([2, 6], gap="large")

with choices, st.container(key="form"):
    data = messages.open_with_progress(dataset_picker.choose())
    form.show_form(data)

with results:
    sweeps = {sweep.id: sweep for sweep in queries.sweeps_of(resources.database())}
    sweep_id = link.SWEEP.recall()
    controls.offer_undo()
    if not sweeps:
        st.info(
            "No sweeps yet. Choose what to vary and press Start sweep. As trials end, you see here which is best so "
            "far, which settings matter, and which values go together.",
            icon=":material/info:",
        )
        frame.stop()
    if sweep_id is not None and sweep_id not in sweeps:
        st.warning(f"There is no sweep {sweep_id}. The newest is shown instead.", icon=":material/info:")
    if sweep_id not in sweeps:
        sweep_id = max(sweeps)
    link.SWEEP.keep(sweep_id)


@look_again(view.GLANCE if sweeps[sweep_id].active else None)
def watch(sweep_id: int, was_active: bool) -> None:
    """The sweep as it is; the page is drawn once more when it ends or begins, which also ends or begins the looking."""
    with messages.explain_errors():
        sweep = view.show(sweep_id)
    if was_active is not sweep.active:
        redraw_page()


def titled(sweep: Sweep) -> str:
    """The name of a sweep in the list, with how it stands."""
    standing = "going on" if sweep.state is State.RUNNING else sweep.state
    return f"{sweep.id}: {sweep.name}, {sweep.trials} trials, {standing}"


with results:
    watch(sweep_id, sweeps[sweep_id].active)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titles = {sweep.id: titled(sweep) for sweep in sweeps.values()}
        choose_number("All sweeps", titles, sweep_id, Key.CHOSEN_SWEEP, link.SWEEP, _SWEEPS)
        st.page_link("pages/runs.py", label="All runs", icon=":material/table_rows:")
