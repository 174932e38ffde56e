"""What the process of a run writes down, so that nothing it has shown as finished can be lost."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Connection, delete, insert, select, update

from mnist_dash.errors import DataError, RunError
from mnist_dash.runs.outputs import keep_output
from mnist_dash.runs.records import Batches, Epoch, ModelFormat, Run, RunScore, State
from mnist_dash.runs.rows import find_best_epoch, write_batches, write_epoch
from mnist_dash.store import tables
from mnist_dash.store.database import Database

ModelFiles = Mapping[tuple[int, ModelFormat], bytes]
"""Models by epoch and format."""
T = TypeVar("T")


class Command(StrEnum):
    """What people want of a run."""

    GO_ON = "go on"
    PAUSE = "pause"
    STOP = "stop"


class RunRecorder:
    """The pen of one attempt at a run.

    Every write checks that the run still belongs to this attempt and raises RunError where another one took it; by that
    it locks the run, of which nobody else writes then. Where the database's server goes away in the midst of a write,
    it is done anew when the server is back, and changes nothing if it was recorded after all.
    """

    def __init__(self, database: Database, run: Run) -> None:
        """Write for `run`, claimed."""
        self._database, self._run, self._attempt = database, run.id, run.attempt
        self._keeps_every_epoch = run.spec.keeps_every_epoch

    def begin(self, train_images: int, steps: int, digest: str | None = None) -> None:
        """Start the attempt; what an interrupted epoch left behind goes, since that epoch is trained anew.

        `digest` is that of the data; raises DataError where the epochs before have learnt from others.
        """

        def write(connection: Connection, _: bool) -> None:
            run = self._update(connection, train_images=train_images, steps=steps, data_digest=digest)
            if run.epoch and digest != (run.data_digest or digest):
                raise DataError(
                    "The data under this name are not those that the epochs before have learnt from. Bring these back "
                    "under the name, or start a new run."
                )
            unfinished = tables.batches.c.epoch > run.epoch
            connection.execute(delete(tables.batches).where(tables.batches.c.run == self._run, unfinished))
            if run.started is None:
                self._update(connection, started=time.time())

        self._write(write)

    def phase(self, text: str) -> Command:
        """Say what is being done; returns what is wanted."""
        return self._write(lambda connection, _: _find_command(self._update(connection, phase=text)))

    def batches(self, batches: Batches) -> Command:
        """Record some batches; returns what is wanted."""
        table, row = tables.batches, write_batches(self._run, batches, self._attempt)

        def write(connection: Connection, again: bool) -> Command:
            run = self._update(connection)
            same = [table.c[name] == row[name] for name in ("run", "epoch", "step", "attempt")]
            if not again or connection.scalar(select(table.c.id).where(*same)) is None:
                connection.execute(insert(table).values(row))
            return _find_command(run)

        return self._write(write)

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

        def write(connection: Connection, again: bool) -> Command:
            if again and (run := self._mine(connection, State.RUNNING)).epoch == epoch.epoch:
                return _find_command(run)
            best = find_best_epoch(connection, self._run, epoch) if model_format is ModelFormat.KERAS else None
            seconds = tables.runs.c.seconds + epoch.seconds
            # The score of an earlier epoch is there where a tested run is trained further.
            run = self._update(connection, epoch=epoch.epoch, best=best, deaths=0, seconds=seconds, score=None)
            row = write_epoch(self._run, epoch) | {"finished": time.time()}
            connection.execute(insert(tables.epochs).values(row))
            self._keep(connection, epoch.epoch, best, model_format, checkpoint)
            if litert is not None:
                self._keep(connection, epoch.epoch, best, ModelFormat.LITERT, litert)
            return _find_command(run, epoch.epoch)

        return self._write(write)

    def answering(self, epoch: int, litert: bytes) -> None:
        """Keep the model of an epoch in the format that answers while the run goes on."""

        def write(connection: Connection, _: bool) -> None:
            self._keep(connection, epoch, self._update(connection).best, ModelFormat.LITERT, litert)

        self._write(write)

    def pause(self, *, attached: bool) -> Command:
        """Pause where that is still wanted, with this process waiting or not; returns what is wanted."""

        def write(connection: Connection, again: bool) -> Command:
            command = _find_command(self._mine(connection, State.RUNNING, *_ended_as(again, State.PAUSED)))
            if command is Command.PAUSE:
                self._set(connection, state=State.PAUSED, phase="", **({} if attached else {"host": None}))
            return command

        return self._write(write)

    def read_command(self) -> Command:
        """What is wanted of the run that this process has paused; raises RunError where another one took it."""

        def read(_: bool) -> tables.Columns:
            with self._database.read() as connection:
                return self._mine(connection, State.PAUSED, State.RUNNING, lock=False)

        run = self._database.repeat(read)
        if run.state == State.PAUSED:
            return Command.PAUSE
        # One that was resumed and is to pause again does so at its next look.
        return Command.STOP if run.stop_requested else Command.GO_ON

    def leave(self) -> bool:
        """Give the paused run up, so that the next process takes it from its last epoch; false where it was resumed."""

        def write(connection: Connection, _: bool) -> bool:
            if self._mine(connection, State.PAUSED, State.RUNNING).state != State.PAUSED:
                return False
            self._set(connection, host=None)
            return True

        return self._write(write)

    def stop(self) -> None:
        """End as stopped at once; what its model scores may follow by `end`."""

        def write(connection: Connection, again: bool) -> None:
            self._mine(connection, State.RUNNING, *_ended_as(again, State.STOPPED))
            self._set(connection, state=State.STOPPED, ended=time.time(), pause_at=None, phase="testing the model")

        self._write(write)

    def end(self, state: State, models: ModelFiles, score: RunScore | None, reason: str | None = None) -> None:
        """End, with models and the score of the last finished epoch in the same transaction; None leaves them."""

        def write(connection: Connection, again: bool) -> None:
            run = self._mine(connection, State.RUNNING, State.STOPPED, *_ended_as(again, state))
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

        self._write(write)

    def fail(self, reason: str, said: str = "") -> None:
        """End as failed, with the reason that people will read, and what the process said."""

        def write(connection: Connection, again: bool) -> None:
            self._mine(connection, State.RUNNING, State.STOPPED, *_ended_as(again, State.FAILED))
            self._close(connection, State.FAILED, reason=reason)
            keep_output(connection, self._run, said)

        self._write(write)

    def _write(self, write: Callable[[Connection, bool], T]) -> T:
        """What `write` gives in one transaction; it is told where it may have been recorded already."""

        def transact(again: bool) -> T:
            with self._database.write(in_turn=False) as connection:
                return write(connection, again)

        return self._database.repeat(transact)

    def _close(self, connection: Connection, state: State, **values: object) -> None:
        ended = {"state": state, "ended": time.time(), "phase": "", "pause_at": None, "host": None}
        self._set(connection, **(ended | values))

    def _update(self, connection: Connection, **values: object) -> tables.Columns:
        row = self._mine(connection, State.RUNNING)
        if values:
            self._set(connection, **values)
        return row

    def _set(self, connection: Connection, **values: object) -> None:
        connection.execute(update(tables.runs).where(tables.runs.c.id == self._run).values(values))

    def _mine(self, connection: Connection, *states: State, lock: bool = True) -> tables.Columns:
        runs = tables.runs
        mine = select(runs).where(runs.c.id == self._run, runs.c.attempt == self._attempt, runs.c.state.in_(states))
        row = connection.execute(mine.with_for_update() if lock else mine).one_or_none()
        if row is None:
            raise RunError(f"Run {self._run} was taken over or ended; this process (attempt {self._attempt}) stops.")
        return row

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


def _ended_as(again: bool, state: State) -> tuple[State, ...]:
    """The state that a write leads to, where it may have led there already."""
    return (state,) if again else ()


def _find_command(run: tables.Columns, epoch: int | None = None) -> Command:
    """What is wanted of a run; `epoch` where one was finished since the row was read."""
    if run.stop_requested:
        return Command.STOP
    reached = run.epoch if epoch is None else epoch
    return Command.PAUSE if run.pause_at is not None and run.pause_at <= reached else Command.GO_ON
