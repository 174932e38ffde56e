"""Sweeps without processes: what their trials have read is made up."""

from collections.abc import Callable
from functools import partial

import pytest

from mnist_dash.runs import supervisor
from mnist_dash.runs.records import Run
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps.control import start_sweep
from mnist_dash.sweeps.records import Sweep, Trial
from tests.swept import a_plan, act_on, learn_trial

Act = Callable[..., list[Trial]]
Learn = Callable[..., Run]


@pytest.fixture(autouse=True)
def no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is started."""
    monkeypatch.setattr(supervisor, "ensure", lambda _settings: None)


@pytest.fixture
def sweep(settings: Settings, database: Database) -> Sweep:
    """A sweep of three trials that has just been started."""
    return start_sweep(settings, database, a_plan())


@pytest.fixture
def act(database: Database) -> Act:
    """Lets a new process of a sweep do what is to be done now."""
    return partial(act_on, database)


@pytest.fixture
def learn(database: Database) -> Learn:
    """Lets a waiting trial learn, and end."""
    return partial(learn_trial, database)
