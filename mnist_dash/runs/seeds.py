"""Runs that differ in their seed alone: which belong together, and which are still to be trained."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import count, islice
from operator import attrgetter

from mnist_dash.methods.kinds import Group, Number
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.records import Run, State
from mnist_dash.words import join_words

SEEDS = Number(
    "seeds",
    "Seeds",
    "How many runs are trained that differ in their seed alone. Their spread shows how much is luck.",
    2,
    20,
    Group.RUN,
)
_HIGHEST = 2**31 - 1
# Not a spec with another seed: to make one is to check all of it, and a page asks this of every run.
_BUT_SEED, _BUT_SEED_AND_DATA = (
    attrgetter(*(field.name for field in fields(RunSpec) if field.name not in ignored))
    for ignored in (("seed",), ("seed", "data"))
)


@dataclass(frozen=True, slots=True)
class SeedPlan:
    """Several seeds of one spec: the `new` ones are to be trained, the runs `present` are taken as they are."""

    new: tuple[RunSpec, ...]
    present: tuple[Run, ...] = ()

    def describe(self) -> str:
        """What will be trained, in words."""
        seeds = [f"{spec.seed}" for spec in self.new]
        if not seeds:
            return f"All are there already: {list_seeds(self.present)}."
        words = f"{'Seed' if len(seeds) == 1 else 'Seeds'} {join_words(seeds, 20)} will be trained."
        return f"{words} Taken as it stands: {list_seeds(self.present)}." if self.present else words


def ignore_seed(spec: RunSpec) -> tuple[object, ...]:
    """What is the same in two specs that differ in their seed alone, and in no others."""
    everything: tuple[object, ...] = _BUT_SEED(spec)
    return everything


def ignore_seed_and_data(spec: RunSpec) -> tuple[object, ...]:
    """What is the same in two specs that differ in seed and data set at most, and in no others."""
    everything: tuple[object, ...] = _BUT_SEED_AND_DATA(spec)
    return everything


def find_same(spec: RunSpec, runs: Iterable[Run]) -> list[Run]:
    """Those of `runs` whose specs differ from `spec` in the seed alone, or not at all; no trial is ever tested."""
    return [run for run in runs if run.kind.is_tested and ignore_seed(run.spec) == ignore_seed(spec)]


def plan_seeds(spec: RunSpec, seeds: int, runs: Sequence[Run]) -> SeedPlan:
    """So many seeds from that of `spec` on; those that one of `runs` has or will have are not trained again.

    Raises SpecError where the number of seeds is not allowed. A run that failed or was stopped is trained anew.
    """
    SEEDS.check(seeds)
    there = {run.spec.seed: run for run in find_same(spec, runs) if run.state.active or run.state is State.DONE}
    wanted = list(islice(_seeds_from(spec), seeds))
    return SeedPlan(
        tuple(each for each in wanted if each.seed not in there),
        tuple(there[each.seed] for each in wanted if each.seed in there),
    )


def plan_more_seeds(spec: RunSpec, more: int, runs: Sequence[Run]) -> SeedPlan:
    """The next `more` seeds after that of `spec` with which none of `runs` repeats it."""
    used = {spec.seed, *(run.spec.seed for run in find_same(spec, runs))}
    return SeedPlan(tuple(islice((each for each in _seeds_from(spec) if each.seed not in used), more)))


def _seeds_from(spec: RunSpec) -> Iterator[RunSpec]:
    """The spec with its own seed and those after it; behind the highest they begin anew."""
    return (replace(spec, seed=(spec.seed + i) % (_HIGHEST + 1)) for i in count())


def list_seeds(runs: Sequence[Run]) -> str:
    """The numbers of runs with seed and state, in words."""
    return join_words([f"run {run.id} (seed {run.spec.seed}, {run.state})" for run in runs], 20)
