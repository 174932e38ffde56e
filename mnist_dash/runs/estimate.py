"""How long runs will take and how much memory they need on this machine, before they start and while they wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

from mnist_dash.errors import SpecError
from mnist_dash.methods import cost
from mnist_dash.methods.distillation import Distillation
from mnist_dash.methods.method import Cost
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.records import Run
from mnist_dash.words import size

STARTING = 10.0
"""Seconds from a process' start to its first batch, and from its last one to the tested model."""
MOST_KEPT = 2 * 10**9
"""Bytes that the models of all epochs of a run may take in the database."""
_TEACHER = 0.4
"""How much longer a network learns where a teacher answers too: 0.3 with the bundled reader, 0.6 with a vote of three
champions (the records `methods` and `champion`, on the same machine)."""
_LATEST = 7
"""Runs that the speed of the machine is read from."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will cost: seconds of training and bytes of memory."""

    seconds: float
    memory: int


def measure_pace(runs: Sequence[Run]) -> float | None:
    """How much longer than calculated runs take here: the median over the latest of `runs`, newest first; None of none.

    Only of those that took, or were calculated to take, as long as a start: a shorter one has mostly compiled.
    """
    took = [
        run.seconds / calculated
        for run in runs
        if run.epoch and run.seconds and run.spec.has_epochs and run.train_images
        if max(run.seconds, calculated := _calculate(run.spec, run.train_images, run.epoch)) >= STARTING
    ]
    return median(took[:_LATEST]) if took else None


def estimate_cost(spec: RunSpec, images: int, pace: float | None, machine: int) -> Estimate | None:
    """What a run that learns from `images` will cost; None where nothing is learnt.

    Without a `pace` it takes as long as calculated. Raises SpecError where it needs more memory than the `machine` has,
    or would keep more than MOST_KEPT.
    """
    if not spec.learns:
        return None
    needed = _memory(spec, images)
    if needed > machine:
        remedy = "a smaller batch, fewer units or fewer filters" if spec.has_epochs else "fewer training images"
        raise SpecError(
            f"This run needs about {size(needed)} of memory, and the machine has {size(machine)}. Choose {remedy}."
        )
    check_kept(spec)
    return Estimate(_seconds(spec, images, spec.rounds, pace), needed)


def check_kept(spec: RunSpec) -> None:
    """Refuse a run that would keep more than MOST_KEPT; raises SpecError."""
    if spec.kept_bytes > MOST_KEPT:
        raise SpecError(
            f"The models of all {spec.epochs:,} epochs would take about {size(spec.kept_bytes)}; allowed are "
            f"{size(MOST_KEPT)}. Choose fewer epochs, or keep the last and the best model alone."
        )


def estimate_seconds_left(run: Run, images: int, pace: float | None) -> float:
    """Seconds that a run still takes, by its own epochs where it has some."""
    rounds = max(0, run.spec.rounds - run.epoch)
    if not run.spec.learns:
        return STARTING / 10
    if run.epoch and run.seconds:
        return STARTING + rounds * run.seconds / run.epoch
    learnt = run.train_images or min(images, run.spec.train_size or images)
    return STARTING + _seconds(run.spec, learnt, rounds, pace)


def estimate_together(found: Estimate | None, runs: int, slots: int) -> float:
    """Seconds until so many runs have ended that cost what was `found` each, where no other waits."""
    each = STARTING + found.seconds if found else STARTING / 10
    return ceil(runs / slots) * each


def estimate_wait(before: Sequence[Run], images: int, pace: float | None, slots: int) -> float:
    """Seconds until a run starts that waits for the runs `before` it, running or queued."""
    return sum(estimate_seconds_left(run, images, pace) for run in before) / slots


def _memory(spec: RunSpec, images: int) -> int:
    """Bytes that the process of a run needs at its peak."""
    if spec.network is None:
        fit = _cost_of_fit(spec, images)
        return fit.memory if fit else 0
    return cost.estimate_memory(spec.network, spec.batch_size, spec.optimizer)


def _cost_of_fit(spec: RunSpec, images: int) -> Cost | None:
    return spec.fitting.estimate(spec.parameters, images) if spec.fitting else None


def _seconds(spec: RunSpec, images: int, rounds: int, pace: float | None) -> float:
    """Seconds that so many rounds are calculated to take, at that pace."""
    return (pace or 1.0) * _calculate(spec, images, rounds)


def _calculate(spec: RunSpec, images: int, rounds: int) -> float:
    if spec.network is None:
        fit = _cost_of_fit(spec, images)
        return rounds * fit.seconds if fit else 0.0
    seen, epochs = spec.count_seen(images), rounds * spec.epochs_a_round
    alone = cost.estimate_seconds(spec.network, seen, epochs, spec.batch_size, spec.optimizer)
    return alone * (1 + _TEACHER) if Distillation.of(spec.own) else alone
