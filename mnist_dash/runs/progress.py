"""How far a run is and how long it will still take."""

from collections.abc import Sequence
from dataclasses import dataclass

from mnist_dash.runs.records import Batches, Run

_RECENT = 40
"""Records that the speed is measured over: long enough to be calm, short enough to follow a change."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`step` of `steps` batches are done; `left` seconds remain, or None while the speed is unknown."""

    step: int
    steps: int
    left: float | None

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.step / self.steps) if self.steps else 0.0


def measure_progress(run: Run, batches: Sequence[Batches]) -> Progress:
    """How far `run` is, by its recorded `batches`, in order."""
    if not run.steps:
        return Progress(0, 0, None)
    steps = run.steps * run.spec.rounds
    step = max(run.epoch * run.steps, _reached(run.steps, batches[-1]) if batches else 0)
    speed = _speed(run.steps, batches[-_RECENT:])
    return Progress(step, steps, (steps - step) / speed if speed else None)


def _reached(steps: int, batches: Batches) -> int:
    return (batches.epoch - 1) * steps + batches.step + len(batches.loss)


def _speed(steps: int, batches: Sequence[Batches]) -> float | None:
    """Batches a second, or None where too little is known; the clock starts anew with each attempt."""
    for i in range(len(batches) - 1, 0, -1):
        if batches[i - 1].seconds > batches[i].seconds:
            return _speed(steps, batches[i:])
    if len(batches) < 2 or batches[-1].seconds <= batches[0].seconds:
        return None
    done = _reached(steps, batches[-1]) - _reached(steps, batches[0])
    return done / (batches[-1].seconds - batches[0].seconds)
