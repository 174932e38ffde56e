"""More seeds of a spec: what training them will take, the start, and what a run's other seeds say of it."""

from collections.abc import Sequence

import streamlit as st

from mnist_dash.analysis.seeds import SeedGroup, group_by_seed
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import seeds
from mnist_dash.runs.estimate import estimate_cost, estimate_together
from mnist_dash.runs.finding import find_repeats
from mnist_dash.runs.pace import describe_duration
from mnist_dash.runs.records import Run
from mnist_dash.runs.seeds import SeedPlan
from mnist_dash.runs.starting import start_runs
from mnist_dash.ui.shell import machine, resources
from mnist_dash.words import interval, percent

ENOUGH = 5
"""Seeds that are offered where nobody asks for another number: fewer leave very wide intervals."""
_SEEDS = (
    "Runs that differ in their seed alone: the mean of their test accuracies. The interval is by Student's t over the "
    "seeds; it covers the luck of the seed, not that of the test images."
)


def describe_plan(plan: SeedPlan, images: int | None) -> str:
    """What will be trained, on so many `images`, and how long all of it will take, where that is known."""
    return f"{plan.describe()} {tell_time([estimate(plan, images)])}".strip()


def tell_time(seconds: Sequence[float | None]) -> str:
    """How long all of it will take, in words; nothing where that is not known."""
    known = [each for each in seconds if each is not None]
    if not known or len(known) < len(seconds):
        return ""
    return f"About {describe_duration(max(1.0, sum(known)), machine.find_pace())} in all."


def estimate(plan: SeedPlan, images: int | None) -> float | None:
    """Seconds that a plan takes; None where nothing is to be trained, or nobody knows on how many images.

    Raises SpecError where a run needs more memory than there is.
    """
    if not plan.new or images is None:
        return None
    cost = estimate_cost(plan.new[0], images, machine.find_pace(), resources.machine_memory())
    return estimate_together(cost, len(plan.new), resources.settings().slots)


def start(plan: SeedPlan, name: str | None = None) -> tuple[int, ...]:
    """Start what is to be trained; the numbers of all runs of the plan, those that were there first."""
    runs = start_runs(resources.settings(), resources.database(), plan.new, name)
    return tuple(run.id for run in (*plan.present, *runs))


def find_same(spec: RunSpec) -> list[Run]:
    """The newest runs that differ from `spec` in the seed alone, or not at all; no trial is ever tested."""
    return seeds.find_same(spec, find_repeats(resources.database(), spec))


def find_group(run: Run) -> SeedGroup | None:
    """The runs that differ from `run` in their seed alone, with it; None where there is no other."""
    (group,) = group_by_seed(find_same(run.spec)) or (None,)
    several = group and len({other.spec.seed for other in group.runs}) > 1
    return group if several and run.kind.keeps_model else None


def tell_group(run: Run) -> None:
    """Say that a run is one of several seeds, what these say together, and lead to them; nothing where it is alone."""
    group = find_group(run)
    if group is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="one_of_several"):
        st.markdown(_describe(group), help=_SEEDS, width="content")
        query = {"runs": ",".join(str(run_id) for run_id in sorted(other.id for other in group.runs))}
        st.page_link("pages/runs.py", label="Compare the seeds", icon=":material/table_rows:", query_params=query)


def _describe(group: SeedGroup) -> str:
    seeds, tested = len({run.spec.seed for run in group.runs}), len(group.tested)
    if not group.is_several:
        return f"One of {seeds} seeds. Their mean test accuracy is told as soon as two have been tested."
    mean, low, high = group.interval
    some = "" if tested == seeds else f", {tested} of them tested"
    return f"One of {seeds} seeds{some}: mean **{percent(mean)}**, {interval(low, high)}."
