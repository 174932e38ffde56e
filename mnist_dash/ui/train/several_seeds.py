"""The same training with several seeds, started at once."""

import streamlit as st

from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.finding import find_repeats
from mnist_dash.runs.seeds import SEEDS, plan_seeds
from mnist_dash.ui.components import several_seeds
from mnist_dash.ui.components.several_seeds import ENOUGH
from mnist_dash.ui.shell import link, resources
from mnist_dash.ui.shell.keys import Key

_WHY = (
    "Trains the same again and again, with another seed each time. One run cannot tell how much of its figure is luck; "
    "the spread of several can."
)


def show(spec: RunSpec, images: int) -> None:
    """Ask how many seeds, say what that takes on so many `images`, and start them."""
    with st.popover("Several seeds", icon=":material/casino:", type="tertiary", help=_WHY):
        low, high = int(SEEDS.low), int(SEEDS.high)
        seeds = st.number_input(SEEDS.label, low, high, ENOUGH, key=Key.SEEDS, persist_state="session", help=SEEDS.help)
        plan = plan_seeds(spec, seeds, find_repeats(resources.database(), spec))
        st.caption(escape_markdown(several_seeds.describe_plan(plan, images)))
        if st.button(
            f"Train with {seeds} seeds", icon=":material/play_arrow:", disabled=not plan.new, key="several_seeds"
        ):
            try:
                runs = several_seeds.start(plan)
            except MnistDashError as e:
                st.error(escape_markdown(e), icon=":material/error:")
                return
            link.RUN.keep(runs[len(plan.present)])
            st.rerun()
