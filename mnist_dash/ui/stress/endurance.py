"""How far models hold: accuracy against the amount of stress, on many digits, measured on demand and kept."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from mnist_dash.analysis.robustness import VERSION, Robustness, read_robustness
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.store.results import ResultKind
from mnist_dash.data.stress.stresses import STRESSES
from mnist_dash.figures import robustness
from mnist_dash.models.registry.answering import AnsweringModel, identify
from mnist_dash.ui.components import kept_result
from mnist_dash.ui.components.chart import chart, plot_shared
from mnist_dash.ui.components.kept_result import Wanted
from mnist_dash.ui.shell.theme import colours

_SEED = 0
_HELP = (
    "Every model reads the same test digits at every amount. The bands are 95 % intervals: where two of them overlap "
    "much, the difference may be chance."
)


def show(data: Dataset, who: Sequence[AnsweringModel], name: str) -> None:
    """The curves where they are known; otherwise a button that measures them, and how far that is."""
    count = min(STRESSES[name].count, len(data.test))
    st.header("How far they hold", anchor=False, help=_HELP)
    if any(each.learning for each in who):
        st.caption("A run here is still learning: measure when it has ended.")
        return
    words = ["stress", *(each.name for each in who), "--kind", name, "--data", data.name, "--count", str(count)]
    wanted = Wanted(
        ResultKind.ROBUSTNESS,
        make_key(who, data, name, count),
        read_robustness,
        words,
        "Asking every model at every amount",
        f"Accuracy on {count:,} test digits, from no change to the most: it takes some seconds and is kept.",
        f"Measure on {count:,} digits",
        ":material/show_chart:",
    )
    found = kept_result.find(wanted)
    if found is not None:
        _show_curves(found, who, name)


def make_key(who: Sequence[AnsweringModel], data: Dataset, name: str, count: int) -> str:
    """What the curves of these models are kept under."""
    models, levels = [identify(each) for each in who], list(STRESSES[name].levels)
    return kept_result.make_key(VERSION, models, dict(data.sha256), name, levels, count, _SEED)


def _show_curves(found: Robustness, who: Sequence[AnsweringModel], name: str) -> None:
    kind = STRESSES[name]
    figure = plot_shared(
        robustness.plot_robustness, found, [each.short for each in who], f"{kind.title} ({kind.unit})", colours()
    )
    alt = f"Accuracy of each model against {kind.title.lower()}"
    chart(replace(figure, revision=name), "endurance", robustness.HEIGHT, alt)
    st.caption(f"Of {found.images:,} test digits, with 95 % intervals.")
