"""What the process of a run writes down, so that nothing it has shown as finished can be lost."""

import json
import time
from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select, update

from mnist_dash.errors import RunError
from mnist_dash.runs import tables
from mnist_dash.runs.database import Database
from mnist_dash.runs.records import Artifact, Batches, Epoch, Figures, Run, State

_DIGITS = 5
"""Significant digits of a batch's loss; more only make the database larger."""


class Journal:
    """The pen of one attempt at a run.

    Every write checks that the run still belongs to this attempt and raises RunError where another one took it.
    """

    def __init__(self, database: Database, run: Run) -> None:
        """Write for `run`, claimed."""
        self._database, self._run, self._attempt = database, run.id, run.attempt

    def begin(self, train_images: int, steps: int) -> None:
        """Start the attempt; what an interrupted epoch left behind goes, since that epoch is trained anew."""
        with self._database.write() as connection:
            run = self._update(connection, train_images=train_images, steps=steps)
            unfinished = tables.batches.c.epoch > run.epoch
            connection.execute(delete(tables.batches).where(tables.batches.c.run == self._run, unfinished))
            if run.started is None:
                self._update(connection, started=time.time())

    def phase(self, text: str) -> bool:
        """Say what is being done; true where a stop was asked for."""
        with self._database.write() as connection:
            return bool(self._update(connection, phase=text).stop_requested)

    def batches(self, batches: Batches) -> bool:
        """Record some batches; true where a stop was asked for."""
        with self._database.write() as connection:
            run = self._update(connection)
            connection.execute(
                insert(tables.batches).values(
                    run=self._run,
                    epoch=batches.epoch,
                    step=batches.step,
                    loss=_numbers(batches.loss),
                    accuracy=_numbers(batches.accuracy),
                    seconds=batches.seconds,
                )
            )
            return bool(run.stop_requested)

    def epoch(self, epoch: Epoch, checkpoint: bytes) -> bool:
        """Record a finished epoch with its checkpoint in one transaction; true where a stop was asked for."""
        with self._database.write() as connection:
            run = self._update(connection, epoch=epoch.epoch, deaths=0, seconds=tables.runs.c.seconds + epoch.seconds)
            connection.execute(insert(tables.epochs).values(run=self._run, **asdict(epoch)))
            self._replace_checkpoint(connection, epoch.epoch, checkpoint)
            return bool(run.stop_requested)

    def end(
        self,
        state: State,
        artifacts: dict[Artifact, bytes],
        figures: Figures | None,
        reason: str | None = None,
    ) -> None:
        """End, with the model of the last finished epoch and its figures in the same transaction."""
        with self._database.write() as connection:
            for kind, content in artifacts.items():
                connection.execute(insert(tables.artifacts).values(run=self._run, kind=kind, content=content))
            written = json.dumps(asdict(figures)) if figures else None
            why = {} if reason is None else {"reason": reason}
            self._update(connection, state=state, ended=time.time(), phase="", figures=written, **why)

    def fail(self, reason: str) -> None:
        """End as failed, with the reason that people will read."""
        with self._database.write() as connection:
            self._update(connection, state=State.FAILED, ended=time.time(), phase="", reason=reason)

    def _update(self, connection: Connection, **values: object) -> tables.Columns:
        runs = tables.runs
        mine = (runs.c.id == self._run, runs.c.attempt == self._attempt, runs.c.state == State.RUNNING)
        columns = (runs.c.epoch, runs.c.started, runs.c.stop_requested)
        row = connection.execute(select(*columns).where(*mine)).one_or_none()
        if row is None:
            raise RunError(f"Run {self._run} was taken over or ended; this process (attempt {self._attempt}) stops.")
        if values:
            connection.execute(update(runs).where(*mine).values(values))
        return row

    def _replace_checkpoint(self, connection: Connection, epoch: int, content: bytes) -> None:
        connection.execute(delete(tables.checkpoints).where(tables.checkpoints.c.run == self._run))
        connection.execute(insert(tables.checkpoints).values(run=self._run, epoch=epoch, content=content))


def _numbers(values: tuple[float, ...]) -> str:
    return json.dumps([float(f"{value:.{_DIGITS}g}") for value in values])
