"""Who answers under a name, and with which epoch: a bundled model, an ended run, or one that goes on learning."""

from collections.abc import Sequence
from dataclasses import dataclass

from mnist_dash.models.bundled import list_bundled, read_card
from mnist_dash.models.registry.lookup import BEST, find_answering_epoch, find_run, is_run, number_of
from mnist_dash.runs.queries import find_present, kept_epochs_of
from mnist_dash.runs.records import ModelFormat, Run, State
from mnist_dash.store.database import Database


@dataclass(frozen=True, slots=True)
class AnsweringModel:
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


def find_answering(database: Database, name: str) -> AnsweringModel:
    """Who answers under a name of `choices`, as the database knows it now; raises RunError where that is no run."""
    if name in list_bundled():
        card = read_card(name)
        return AnsweringModel(name, f"Bundled: {card.title}", name, None, None, card.parameters)
    run, best = find_run(database, name), name.endswith(BEST)
    epoch = find_answering_epoch(database, run, best=best)
    which = f", best epoch {epoch}" if best and epoch else ""
    title, short = f"Run {run.id}: {run.name}{which}", f"Run {run.id}{which}"
    return AnsweringModel(name, title, short, run, epoch, run.spec.parameter_count)


def find_all_answering(database: Database, names: Sequence[str]) -> list[AnsweringModel]:
    """Who answers under these names, without the runs that have been deleted meanwhile."""
    there = find_present(database, [number_of(name) for name in names if is_run(name)])
    return [find_answering(database, name) for name in names if not is_run(name) or number_of(name) in there]


def answers_at_once(database: Database, who: AnsweringModel) -> bool:
    """Whether it can answer within milliseconds: its Keras file need not be converted first."""
    if who.run is None or who.run.spec.network is None:
        return True
    return who.epoch in kept_epochs_of(database, who.run.id, ModelFormat.LITERT)
