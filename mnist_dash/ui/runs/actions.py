"""What can be done with the selected runs."""

from collections.abc import Sequence

import streamlit as st

from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.runs import housekeeping
from mnist_dash.runs.kind import TRIAL
from mnist_dash.runs.records import Run, State
from mnist_dash.ui.components import voting
from mnist_dash.ui.runs import downloads, more_seeds
from mnist_dash.ui.shell import link, resources, state
from mnist_dash.ui.shell.messages import redraw_after
from mnist_dash.users import refuse_change

_WIDE = 360
_DELETE = "Puts the selected runs out of sight. You can take it back; after a day they are gone for good."
_TAGS = "Your own words to find runs by, such as: baseline, for the report."
_BUSY = "Only runs that have ended can be deleted. Stop the others first."


def show(chosen: Sequence[Run], hidden: int) -> None:
    """The actions for the `chosen` runs, some of which are not in the table, in a row that is always there."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="selected"):
        st.markdown(_counted(chosen, hidden), width="content")
        if len(chosen) == 1:
            _one(chosen[0])
        elif chosen:
            voting.offer([str(run.id) for run in chosen], leads=True)
        busy = any(run.state.active for run in chosen)
        refused = next(filter(None, map(_refuse, chosen)), None)
        idle, words = busy or not chosen or bool(refused), refused or (_BUSY if busy else _DELETE)
        if st.button("Delete", icon=":material/delete:", disabled=idle, help=escape_markdown(words), key="delete"):
            redraw_after(lambda: _delete(chosen))
        if state.recall_deleted():
            st.space("stretch")
            undo()


def _refuse(run: Run) -> str | None:
    return refuse_change(resources.database().user, f"Run {run.id}", run.account, run.owner)


def _counted(chosen: Sequence[Run], hidden: int) -> str:
    if not chosen:
        return ":gray[No run is selected: the newest are compared. Select rows to choose.]"
    if len(chosen) == 1:
        return f"**Run {chosen[0].id}**" + (" (hidden)" if hidden else "")
    return f"**{len(chosen)} runs**" + (f" ({hidden} hidden)" if hidden else "")


def _one(run: Run) -> None:
    """What can be done with a single run."""
    query = {"run": str(run.id)}
    st.page_link("pages/train.py", label="Open on Train", icon=":material/show_chart:", query_params=query)
    if run.kind is TRIAL:
        query = {"sweep": str(run.sweep)}
        st.page_link("pages/sweeps.py", label="Open its sweep", icon=":material/tune:", query_params=query)
    # The networks of an audit are not kept: there is nothing to open and to download. No trial was tested.
    if (run.epoch or run.state is State.DONE) and run.kind.is_offered:
        query = {"model": str(run.id)}
        st.page_link("pages/models.py", label="Evaluate", icon=":material/neurology:", query_params=query)
        st.page_link("pages/sketch.py", label="Open in Sketch", icon=":material/draw:", query_params=query)
    if _refuse(run) is None:
        _naming(run)
    more_seeds.ask(run)
    if run.kind.keeps_model:
        with st.popover("Download", icon=":material/download:"):
            downloads.show(run)


def _naming(run: Run) -> None:
    popover, name, tags = (f"{of}_of_{run.id}" for of in ("naming", "name", "tags"))

    def save() -> None:
        try:
            _name(run, st.session_state[name], st.session_state[tags].split(","))
        except MnistDashError as e:
            st.toast(escape_markdown(e), icon=":material/error:")
        else:
            st.session_state[popover] = False

    with (
        st.popover("Name and tags", icon=":material/edit:", key=popover, on_change="rerun"),
        st.form(f"form_of_{run.id}", border=False),
    ):
        st.text_input("Name", run.name, key=name, width=_WIDE)
        st.text_input("Tags", ", ".join(run.tags), key=tags, placeholder="separated by commas", help=_TAGS, width=_WIDE)
        if st.form_submit_button("Save", icon=":material/check:", on_click=save):
            st.rerun()


def undo() -> None:
    """The deletion that can be taken back."""
    run_ids = state.recall_deleted()
    gone = f"Run {run_ids[0]}" if len(run_ids) == 1 else f"{len(run_ids)} runs"
    st.markdown(f":gray[{gone} deleted.]", width="content")
    if st.button("Undo", icon=":material/undo:", key="undo_delete"):
        redraw_after(lambda: _restore(run_ids))


def _name(run: Run, name: str, tags: Sequence[str]) -> None:
    housekeeping.rename(resources.database(), run.id, name)
    housekeeping.tag(resources.database(), run.id, tags)
    state.put_deleted(())


def _delete(runs: Sequence[Run]) -> None:
    run_ids = [run.id for run in runs]
    housekeeping.delete(resources.database(), run_ids)
    link.RUNS.keep(())
    state.put_deleted(run_ids)


def _restore(run_ids: Sequence[int]) -> None:
    housekeeping.restore(resources.database(), run_ids)
    link.RUNS.keep(tuple(run_ids))
    state.put_deleted(())
