"""Was it luck? What several seeds say of a difference, and what one seed cannot tell."""

from collections.abc import Sequence

import streamlit as st

from mnist_dash.analysis import comparison
from mnist_dash.analysis.run_titles import call_group, list_numbers, name_of
from mnist_dash.analysis.seeds import SeedGroup, compare_seeds
from mnist_dash.escaping import escape_markdown
from mnist_dash.runs.records import Run
from mnist_dash.runs.seeds import plan_more_seeds
from mnist_dash.ui.components import several_seeds
from mnist_dash.ui.components.several_seeds import ENOUGH
from mnist_dash.ui.runs import more_seeds

_MOST = 3
"""Runs of which more seeds are offered at once: more would take a day."""
_WELCH = (
    "The best mean against each other one, by Welch's t over the seeds: it covers the luck of the seed, not that of "
    "the test images. Of twenty such differences that are pure luck, one passes for real."
)
_MORE = "Trains the same again with other seeds. Then the spread of the seeds says whether the difference is luck."


def show(groups: Sequence[SeedGroup]) -> None:
    """What can be said of luck in two or more of `groups`."""
    tested = [group for group in groups if group.tested]
    runs = [run for group in tested for run in group.tested]
    if len(tested) < 2 or not comparison.are_comparable(runs):
        return
    st.markdown("**Was it luck?**", help=_WELCH)
    for words in write_differences([group for group in tested if group.is_several]):
        st.markdown(words)
    _offer([group.tested[0] for group in tested if not group.is_several])


def write_differences(groups: Sequence[SeedGroup]) -> list[str]:
    """What the seeds of each of `groups`, two or more of each, say of its distance to the best one."""
    ordered = sorted(groups, key=lambda group: -group.interval[0])
    return [
        compare_seeds(best.accuracies, other.accuracies).describe(_call(best, groups), _call(other, groups))
        for best in ordered[:1]
        for other in ordered[1:]
    ]


def write_limit(alone: Sequence[Run]) -> str:
    """What a single seed of each of these runs cannot tell."""
    if len(alone) == 1:
        return f"Run {alone[0].id} has one seed: how much of its figure is luck, one seed cannot tell."
    return f"Runs {list_numbers(alone)} have one seed each: how much of their figures is luck, one seed cannot tell."


def _call(group: SeedGroup, groups: Sequence[SeedGroup]) -> str:
    """The name of a group, with its runs where another one is called the same."""
    name, same = escape_markdown(name_of(group)), [name_of(other) for other in groups].count(name_of(group))
    runs = call_group(group)
    return f"{name} ({runs[0].lower()}{runs[1:]})" if same > 1 else name


def _offer(alone: Sequence[Run]) -> None:
    """What one seed cannot tell of these runs, with more of them to train."""
    if not alone:
        return
    st.markdown(write_limit(alone))
    if len(alone) > _MOST:
        st.caption(f"Select up to {_MOST} of them to train more seeds.")
        return
    more = ENOUGH - 1
    plans = [plan_more_seeds(run.spec, more, several_seeds.find_same(run.spec)) for run in alone]
    took = [several_seeds.estimate(plan, run.train_images) for plan, run in zip(plans, alone, strict=True)]
    st.caption(f"{sum(len(plan.new) for plan in plans)} runs. {several_seeds.tell_time(took)}".strip())
    label = f"Train {more_seeds.count_seeds(more)}" + (" of each" if len(alone) > 1 else "")
    if st.button(label, icon=":material/casino:", key="luck_seeds", help=_MORE):
        more_seeds.start(alone, more)
