"""More seeds of a selected run, and all of them compared."""

from collections.abc import Sequence

import streamlit as st

from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.runs.records import Run
from mnist_dash.runs.seeds import SEEDS, plan_more_seeds
from mnist_dash.ui.components import several_seeds
from mnist_dash.ui.components.several_seeds import ENOUGH
from mnist_dash.ui.shell import link, state

_WHY = (
    "Trains the same once more with each of the next seeds. Runs that differ in the seed alone show how much is luck."
)


def ask(run: Run) -> None:
    """Ask how many more seeds of a run, say what they take, and start them."""
    with st.popover("More seeds", icon=":material/casino:", help=_WHY):
        known = several_seeds.find_same(run.spec)
        there = {same.spec.seed for same in known}
        most = int(SEEDS.high) - 1
        more = st.number_input("How many more", 1, most, max(1, ENOUGH - len(there)), key=f"more_seeds_of_{run.id}")
        plan = plan_more_seeds(run.spec, more, known)
        st.caption(escape_markdown(several_seeds.describe_plan(plan, run.train_images)))
        if st.button(f"Train {count_seeds(more)}", icon=":material/play_arrow:", key="more_seeds"):
            start([run], more)


def start(runs: Sequence[Run], more: int) -> None:
    """Train so many more seeds of each of `runs`, and compare them with those that there are, or say why not."""
    chosen: list[int] = []
    try:
        for run in runs:
            known = several_seeds.find_same(run.spec)
            same = [other.id for other in reversed(known)]
            chosen += [*same, *several_seeds.start(plan_more_seeds(run.spec, more, known), run.name)]
    except MnistDashError as e:
        st.error(escape_markdown(e), icon=":material/error:")
        return
    link.RUNS.keep(tuple(chosen))
    state.put_deleted(())
    st.rerun()


def count_seeds(more: int) -> str:
    """So many more seeds, in words."""
    return "1 more seed" if more == 1 else f"{more} more seeds"
