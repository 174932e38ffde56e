"""What is known of a run that people watch, read from the database bit by bit and shared by all who watch it."""

from collections import deque
from dataclasses import dataclass, field
from threading import Lock

from mnist_dash.figures.curves import Curves, extend_curves, start_curves
from mnist_dash.runs import queries
from mnist_dash.runs.queries import Cursor
from mnist_dash.runs.records import Answers, Batches, Epoch, Run
from mnist_dash.store.database import Database
from mnist_dash.ui.shell.drawings import Drawings

DRAWN = 4 * 2**20
"""Bytes of figures of one moment of a run that are kept: each for two themes, two scales and some smoothings."""
_RECENT = 400
"""Records of batches that are kept as they are: what speed and advice are read from."""


@dataclass(frozen=True, slots=True, eq=False)
class RunSnapshot:
    """A run at one moment: its row, its finished epochs, its curves, the latest batches and the latest answers.

    `drawings` are those of this moment.
    """

    run: Run
    epochs: list[Epoch]
    curves: Curves
    recent: list[Batches]
    answers: Answers | None
    drawings: Drawings = field(default_factory=lambda: Drawings(DRAWN))


class RunFeed:
    """Follows one run; every look reads what is new alone."""

    def __init__(self, database: Database, run_id: int) -> None:
        """Nothing is read yet."""
        self._database, self._run_id = database, run_id
        # Guards everything below: several sessions may look at once.
        self._lock = Lock()
        self._cursor, self._curves = Cursor(), start_curves(1, 1)
        self._recent: deque[Batches] = deque(maxlen=_RECENT)
        self._answers: Answers | None = None
        self._shown: tuple[Run, int] | None = None
        self._drawings = Drawings(DRAWN)

    def look(self) -> RunSnapshot:
        """The run as it is now; raises RunError where it is no more."""
        with self._lock:
            run = queries.run_of(self._database, self._run_id)
            epochs = queries.epochs_of(self._database, self._run_id)
            fresh, self._cursor = queries.batches_after(self._database, self._run_id, self._cursor)
            self._take(run, epochs, fresh)
            if fresh or self._shown != (run, len(epochs)):
                self._shown, self._drawings = (run, len(epochs)), Drawings(DRAWN)
            return RunSnapshot(run, epochs, self._curves, list(self._recent), self._answers, self._drawings)

    def _take(self, run: Run, epochs: list[Epoch], fresh: list[Batches]) -> None:
        if not len(self._curves.step):
            self._curves = start_curves(run.steps or 1, run.spec.batch_size)
        self._curves = extend_curves(self._curves, fresh, epochs)
        self._recent.extend(fresh)
        self._answers = next((batch.answers for batch in reversed(fresh) if batch.answers), self._answers)
