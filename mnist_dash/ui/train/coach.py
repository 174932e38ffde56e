"""What the coach says of a run, with the remedy as a button."""

import streamlit as st

from mnist_dash.analysis.coach import Advice, advise
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control
from mnist_dash.runs.records import Run
from mnist_dash.runs.starting import start_run
from mnist_dash.ui.shell import link, messages, resources
from mnist_dash.ui.shell.run_feed import RunSnapshot


def show(seen: RunSnapshot) -> None:
    """The gravest advice first; nothing where nothing is wrong."""
    for found in advise(seen.run, seen.epochs, seen.recent):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/school: **{found.title}.** {found.evidence}", width="stretch")
            _remedy(seen.run, found)


def _remedy(run: Run, found: Advice) -> None:
    remedy = found.remedy
    if not remedy.changes and not (remedy.stop and run.state.active):
        st.caption(remedy.label)
    elif st.button(remedy.label, key=f"remedy_{found.kind}", on_click=messages.do_or_tell, args=(_apply, run, found)):
        st.rerun()


def _apply(run: Run, found: Advice) -> None:
    database = resources.database()
    if found.remedy.stop and run.state.active:
        control.stop(database, run.id)
    if found.remedy.changes:
        spec = RunSpec.of(run.spec.method, run.spec.data, **{**run.spec.parameters, **found.remedy.changes})
        link.RUN.keep(start_run(resources.settings(), database, spec, run.name).id)
