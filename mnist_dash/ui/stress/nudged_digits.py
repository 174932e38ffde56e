"""In which directions the digits on the screen mislead a model most: found by a process of its own, once, and kept."""

import streamlit as st

from mnist_dash.analysis.nudges import VERSION, read_directions
from mnist_dash.arrays import Directions
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.store.results import ResultKind
from mnist_dash.escaping import escape_markdown
from mnist_dash.models.registry.answering import AnsweringModel, identify
from mnist_dash.ui.components import kept_result
from mnist_dash.ui.components.kept_result import Wanted

_SEED = 0


def find_directions(data: Dataset, who: AnsweringModel, count: int) -> Directions | None:
    """The directions for `count` test digits; None where they are still to be found, which is said."""
    if who.learning:
        st.info(f"{escape_markdown(who.short)} is still learning: it can be nudged when it has ended.")
        return None
    wanted = Wanted(
        ResultKind.NUDGES,
        make_key(who, data, count),
        read_directions,
        ["nudge", who.name, "--data", data.name, "--count", str(count), "--seed", str(_SEED)],
        f"Asking {who.short} where a little ink misleads it most",
        f"{count} digits are tried with a little more ink and a little less: it takes some seconds and is kept.",
        "Find the nudge",
        ":material/near_me:",
        at_once=True,
    )
    found = kept_result.find(wanted)
    return found if found is not None and len(found) == count else None


def make_key(who: AnsweringModel, data: Dataset, count: int) -> str:
    """What the directions are kept under."""
    return kept_result.make_key(VERSION, identify(who), dict(data.sha256), count, _SEED)
