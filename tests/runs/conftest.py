"""Runs on their way: queued, claimed, with epochs done, paused, ended."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, process, queue
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Batches, Epoch, ModelFormat, Run, RunScore, State
from mnist_dash.store.database import Database

SCORE = RunScore(0.97, 0.96, 0.98, 1_000)
Take = Callable[[], Run]
Bring = Callable[[str], Run]


def an_epoch(number: int, loss: float = 0.5, accuracy: float | None = 0.8) -> Epoch:
    """Figures of an epoch; `accuracy` is that on validation images."""
    return Epoch(number, loss, 0.9, None if accuracy is None else 0.6, accuracy, 2.0)


def some_batches(epoch: int, step: int = 0) -> Batches:
    """Two batches of an epoch."""
    return Batches(epoch, step, (2.25, 1.5), (0.25, 0.5), 0.75, 0.001)


@pytest.fixture
def spec() -> RunSpec:
    """A run of five epochs."""
    return RunSpec.of("dense_128", "mnist")


@pytest.fixture
def take(database: Database, spec: RunSpec) -> Take:
    """Claims the next queued run, or a new one, for host `here`."""

    def take() -> Run:
        run = queue.claim(database, "here")
        if run is None:
            queue.submit(database, spec)
            run = queue.claim(database, "here")
        assert run is not None
        return run

    return take


@pytest.fixture
def run(take: Take) -> Run:
    """A claimed run."""
    return take()


@pytest.fixture
def recorder(database: Database, run: Run) -> RunRecorder:
    """The recorder of the claimed run."""
    return RunRecorder(database, run)


def _pause(database: Database, recorder: RunRecorder, run: Run, *, attached: bool) -> None:
    control.pause(database, run.id)
    recorder.pause(attached=attached)


_ON: dict[str, Callable[[Database, RunRecorder, Run], object]] = {
    "running": lambda *_: None,
    "pausing": lambda database, _, run: control.pause(database, run.id),
    "stopping": lambda database, _, run: control.stop(database, run.id),
    "paused": lambda database, recorder, run: _pause(database, recorder, run, attached=True),
    "left": lambda database, recorder, run: _pause(database, recorder, run, attached=False),
    "interrupted": lambda database, _, run: queue.mark_dead(database, run.id, run.attempt, "Dead."),
    "testing": lambda _, recorder, __: recorder.stop(),
    "done": lambda _, recorder, __: recorder.end(State.DONE, {(1, ModelFormat.LITERT): b"litert"}, SCORE),
    "stopped": lambda _, recorder, __: recorder.end(State.STOPPED, {}, None),
    "failed": lambda _, recorder, __: recorder.fail("The loss became NaN."),
}
SITUATIONS = ("queued", *_ON)
"""Where a run can stand. All but the first have finished an epoch; a `paused` one has a process, a `left` one none."""


@pytest.fixture
def bring(database: Database, spec: RunSpec) -> Bring:
    """Brings a new run to one of the SITUATIONS."""

    def bring(situation: str) -> Run:
        run = queue.submit(database, spec)
        if situation == "queued":
            return run
        claimed = queue.claim(database, "here", run.id)
        assert claimed is not None
        recorder = RunRecorder(database, claimed)
        recorder.epoch(an_epoch(1), b"model")
        _ON[situation](database, recorder, claimed)
        return run_of(database, run.id)

    return bring


@dataclass
class Child:
    """A process that lives until it is told its exit status."""

    code: int | None = None

    def poll(self) -> int | None:
        return self.code


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[Child]:
    """Stands for the processes that are started: none is."""
    children: list[Child] = []

    def start(arguments: list[str], _log: Path, *, detached: bool = False) -> Child:
        assert detached == ("worker" in arguments)
        children.append(Child())
        return children[-1]

    monkeypatch.setattr(process, "start", start)
    return children
