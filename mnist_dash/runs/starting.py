"""The one way in which runs are started: they are queued, and somebody is there who takes them."""

from collections.abc import Sequence

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue, spare, supervisor
from mnist_dash.runs.records import Run
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database


def start_run(
    settings: Settings, database: Database, spec: RunSpec, name: str | None = None, *, pause_at: int | None = None
) -> Run:
    """Queue a run, as `queue.submit` does, and see to it that it is taken."""
    return start_runs(settings, database, [spec], name, pause_at=pause_at)[0]


def start_runs(
    settings: Settings,
    database: Database,
    specs: Sequence[RunSpec],
    name: str | None = None,
    *,
    pause_at: int | None = None,
) -> list[Run]:
    """Queue these runs in their order, all of them or none, and see to it that they are taken."""
    runs = queue.submit_all(database, specs, name, pause_at=pause_at)
    supervisor.ensure(settings)
    return runs


def expect_run(settings: Settings) -> bool:
    """Have a process ready for a run that somebody may start soon; false where none is to be kept."""
    if not spare.announce_run(settings):
        return False
    supervisor.ensure(settings)
    return True
