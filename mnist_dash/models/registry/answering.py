"""Who answers under a name, and with which epoch: a bundled model, an ended run, or one that goes on learning."""

from collections.abc import Sequence
from dataclasses import dataclass

from mnist_dash.models.bundled import bundled, card_of
from mnist_dash.models.registry.lookup import BEST, answering_epoch, is_run, number_of, run_named
from mnist_dash.runs.queries import kept_of, present
from mnist_dash.runs.records import Form, Run, State
from mnist_dash.store.database import Database


@dataclass(frozen=True, slots=True)
class Answering:
    """A model by its `name`, as it answers now; `title` says in full and `short` in a word what people call it.

    `run` is None where it comes with the program; `epoch` is the one that answers, None where there is none: of a
    method that learns nothing, or of a run at work before its first. `parameters` are the numbers that it has learnt.
    """

    name: str
    title: str
    short: str
    run: Run | None
    epoch: int | None
    parameters: int

    @property
    def learning(self) -> bool:
        """Whether a newer epoch will answer soon."""
        return self.run is not None and self.run.state is State.RUNNING

    @property
    def waiting(self) -> bool:
        """Whether its first epoch is still to come."""
        return self.learning and self.epoch is None


def answering(database: Database, name: str) -> Answering:
    """Who answers under a name of `choices`, as the database knows it now; raises RunError where that is no run."""
    if name in bundled():
        card = card_of(name)
        return Answering(name, f"Bundled: {card.title}", name, None, None, card.parameters)
    run, best = run_named(database, name), name.endswith(BEST)
    epoch = answering_epoch(database, run, best=best)
    which = f", best epoch {epoch}" if best and epoch else ""
    title, short = f"Run {run.id}: {run.name}{which}", f"Run {run.id}{which}"
    return Answering(name, title, short, run, epoch, run.spec.parameter_count)


def answering_all(database: Database, names: Sequence[str]) -> list[Answering]:
    """Who answers under these names, without the runs that have been deleted meanwhile."""
    there = present(database, [number_of(name) for name in names if is_run(name)])
    return [answering(database, name) for name in names if not is_run(name) or number_of(name) in there]


def answers_at_once(database: Database, who: Answering) -> bool:
    """Whether it can answer within milliseconds: its Keras file need not be converted first."""
    if who.run is None or who.run.spec.network is None:
        return True
    return who.epoch in kept_of(database, who.run.id, Form.LITERT)
