"""What the process of a run writes down, so that nothing it has shown as finished can be lost."""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select, update

from mnist_dash.errors import RunError
from mnist_dash.runs.records import Batches, Epoch, ModelFormat, Run, RunScore, State
from mnist_dash.store import tables
from mnist_dash.store.database import Database

_DIGITS = 5
"""Significant digits of a batch's loss; more only make the database larger."""

ModelFiles = Mapping[tuple[int, ModelFormat], bytes]
"""Models by epoch and format."""


class Command(StrEnum):
    """What people want of a run."""

    GO_ON = "go on"
    PAUSE = "pause"
    STOP = "stop"


def write_epoch(run_id: int, epoch: Epoch) -> dict[str, object]:
    """A finished epoch as a row of its table."""
    details = json.dumps(asdict(epoch.details)) if epoch.details else None
    return {"run": run_id} | asdict(epoch) | {"details": details}


def write_batches(run_id: int, batches: Batches, attempt: int) -> dict[str, object]:
    """Some batches as a row of their table."""
    answers = json.dumps(asdict(batches.answers)) if batches.answers else None
    numbers = {"loss": _numbers(batches.loss), "accuracy": _numbers(batches.accuracy)}
    return {"run": run_id, "attempt": attempt} | asdict(batches) | numbers | {"answers": answers}


class RunRecorder:
    """The pen of one attempt at a run.

    Every write checks that the run still belongs to this attempt and raises RunError where another one took it.
    """

    def __init__(self, database: Database, run: Run) -> None:
        """Write for `run`, claimed."""
        self._database, self._run, self._attempt = database, run.id, run.attempt
        self._keeps_every_epoch = run.spec.keeps_every_epoch

    def begin(self, train_images: int, steps: int) -> None:
        """Start the attempt; what an interrupted epoch left behind goes, since that epoch is trained anew."""
        with self._database.write() as connection:
            run = self._update(connection, train_images=train_images, steps=steps)
            unfinished = tables.batches.c.epoch > run.epoch
            connection.execute(delete(tables.batches).where(tables.batches.c.run == self._run, unfinished))
            if run.started is None:
                self._update(connection, started=time.time())

    def phase(self, text: str) -> Command:
        """Say what is being done; returns what is wanted."""
        with self._database.write() as connection:
            return _find_command(self._update(connection, phase=text))

    def batches(self, batches: Batches) -> Command:
        """Record some batches; returns what is wanted."""
        with self._database.write() as connection:
            run = self._update(connection)
            connection.execute(insert(tables.batches).values(write_batches(self._run, batches, self._attempt)))
            return _find_command(run)

    def epoch(
        self,
        epoch: Epoch,
        checkpoint: bytes,
        model_format: ModelFormat = ModelFormat.KERAS,
        litert: bytes | None = None,
    ) -> Command:
        """Record a finished epoch, or fold, with its checkpoint in one transaction; returns what is wanted.

        `litert` is the model that answers, where a run keeps that of every epoch.
        """
        with self._database.write() as connection:
            best = self._best(connection, epoch) if model_format is ModelFormat.KERAS else None
            seconds = tables.runs.c.seconds + epoch.seconds
            # The score of an earlier epoch is there where a tested run is trained further.
            run = self._update(connection, epoch=epoch.epoch, best=best, deaths=0, seconds=seconds, score=None)
            connection.execute(insert(tables.epochs).values(write_epoch(self._run, epoch)))
            self._keep(connection, epoch.epoch, best, model_format, checkpoint)
            if litert is not None:
                self._keep(connection, epoch.epoch, best, ModelFormat.LITERT, litert)
            return _find_command(run, epoch.epoch)

    def answering(self, epoch: int, litert: bytes) -> None:
        """Keep the model of an epoch in the format that answers while the run goes on."""
        with self._database.write() as connection:
            self._keep(connection, epoch, self._update(connection).best, ModelFormat.LITERT, litert)

    def pause(self, *, attached: bool) -> Command:
        """Pause where that is still wanted, with this process waiting or not; returns what is wanted."""
        with self._database.write() as connection:
            command = _find_command(self._update(connection))
            if command is Command.PAUSE:
                self._update(connection, state=State.PAUSED, phase="", **({} if attached else {"host": None}))
            return command

    def read_command(self) -> Command:
        """What is wanted of the run that this process has paused; raises RunError where another one took it."""
        with self._database.read() as connection:
            run = self._mine(connection, State.PAUSED, State.RUNNING)
        if run.state == State.PAUSED:
            return Command.PAUSE
        # One that was resumed and is to pause again does so at its next look.
        return Command.STOP if run.stop_requested else Command.GO_ON

    def leave(self) -> bool:
        """Give the paused run up, so that the next process takes it from its last epoch; false where it was resumed."""
        runs = tables.runs
        with self._database.write() as connection:
            run = self._mine(connection, State.PAUSED, State.RUNNING)
            if run.state != State.PAUSED:
                return False
            connection.execute(update(runs).where(runs.c.id == self._run).values(host=None))
            return True

    def stop(self) -> None:
        """End as stopped at once; what its model scores may follow by `end`."""
        with self._database.write() as connection:
            self._update(connection, state=State.STOPPED, ended=time.time(), pause_at=None, phase="testing the model")

    def end(self, state: State, models: ModelFiles, score: RunScore | None, reason: str | None = None) -> None:
        """End, with models and the score of the last finished epoch in the same transaction; None leaves them."""
        with self._database.write() as connection:
            run = self._mine(connection, State.RUNNING, State.STOPPED)
            table = tables.models.c
            passed = [table.run == self._run, table.epoch.not_in([run.epoch, run.best or run.epoch])]
            if self._keeps_every_epoch:
                passed.append(table.format != ModelFormat.LITERT)
            connection.execute(delete(tables.models).where(*passed))
            for (epoch, model_format), content in models.items():
                self._put(connection, epoch, model_format, content)
            written: dict[str, object] = {"score": json.dumps(asdict(score))} if score else {}
            if state is State.DONE and run.pruned_after is not None:
                # Its sweep gave it up when the last epoch was all but over.
                written |= {"pruned_after": None, "reason": None}
            self._close(connection, state, **written | ({} if reason is None else {"reason": reason}))

    def fail(self, reason: str) -> None:
        """End as failed, with the reason that people will read."""
        with self._database.write() as connection:
            self._close(connection, State.FAILED, reason=reason)

    def _close(self, connection: Connection, state: State, **values: object) -> None:
        self._mine(connection, State.RUNNING, State.STOPPED)
        ended = {"state": state, "ended": time.time(), "phase": "", "pause_at": None, "host": None}
        connection.execute(update(tables.runs).where(tables.runs.c.id == self._run).values(ended | values))

    def _update(self, connection: Connection, **values: object) -> tables.Columns:
        row = self._mine(connection, State.RUNNING)
        if values:
            connection.execute(update(tables.runs).where(tables.runs.c.id == self._run).values(values))
        return row

    def _mine(self, connection: Connection, *states: State) -> tables.Columns:
        runs = tables.runs
        mine = (runs.c.id == self._run, runs.c.attempt == self._attempt, runs.c.state.in_(states))
        row = connection.execute(select(runs).where(*mine).with_for_update()).one_or_none()
        if row is None:
            raise RunError(f"Run {self._run} was taken over or ended; this process (attempt {self._attempt}) stops.")
        return row

    def _best(self, connection: Connection, epoch: Epoch) -> int | None:
        """The epoch that is best on validation images so far: most right, and of equals the least loss, then the first.

        Only an epoch whose model is kept can be it.
        """
        table, models = tables.epochs.c, tables.models.c
        kept = select(models.epoch).where(models.run == self._run, models.format == ModelFormat.KERAS)
        ranked = select(table.epoch, table.validation_accuracy, table.validation_loss)
        ranked = ranked.where(table.run == self._run, table.epoch.in_(kept))
        found = [tuple(row) for row in connection.execute(ranked)]
        found.append((epoch.epoch, epoch.validation_accuracy, epoch.validation_loss))
        validation = [(-accuracy, loss, number) for number, accuracy, loss in found if accuracy is not None]
        return min(validation)[2] if validation else None

    def _keep(
        self, connection: Connection, epoch: int, best: int | None, model_format: ModelFormat, content: bytes
    ) -> None:
        """Keep the model of `epoch`, and of the others in that format the best one alone, or all that answer."""
        table = tables.models
        if not (self._keeps_every_epoch and model_format is ModelFormat.LITERT):
            others = (table.c.run == self._run, table.c.format == model_format, table.c.epoch != (best or 0))
            connection.execute(delete(table).where(*others))
        self._put(connection, epoch, model_format, content)

    def _put(self, connection: Connection, epoch: int, model_format: ModelFormat, content: bytes) -> None:
        table = tables.models
        connection.execute(
            delete(table).where(table.c.run == self._run, table.c.format == model_format, table.c.epoch == epoch)
        )
        connection.execute(insert(table).values(run=self._run, epoch=epoch, format=model_format, content=content))


def _find_command(run: tables.Columns, epoch: int | None = None) -> Command:
    """What is wanted of a run; `epoch` where one was finished since the row was read."""
    if run.stop_requested:
        return Command.STOP
    reached = run.epoch if epoch is None else epoch
    return Command.PAUSE if run.pause_at is not None and run.pause_at <= reached else Command.GO_ON


def _numbers(values: tuple[float, ...]) -> str:
    return json.dumps([float(f"{value:.{_DIGITS}g}") for value in values])
