"""Who answers under a name, and with which epoch: a bundled model, an ended run, or one that goes on learning."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from mnist_dash.errors import ModelError
from mnist_dash.models.bundled import digest_bundled, list_bundled, read_card
from mnist_dash.models.registry.imported import find_imported, list_imported
from mnist_dash.models.registry.lookup import find_answering_epoch, find_run
from mnist_dash.models.registry.run_names import BEST, is_run, number_of
from mnist_dash.models.registry.votes import Vote, check_members, find_vote, list_whole
from mnist_dash.runs.queries import find_present, kept_epochs_of
from mnist_dash.runs.records import ModelFormat, Run, State
from mnist_dash.store.database import Database


@dataclass(frozen=True, slots=True)
class AnsweringModel:
    """A model by its `name`, as it answers now; `title` says in full and `short` in a word what people call it.

    `run` is None where it comes with the program or was imported; `epoch` is the one that answers, None where there is
    none: of a method that learns nothing, or of a run at work before its first. `parameters` are the numbers that it
    has learnt. `version` tells forms of an imported model or a vote apart; `data` is the set that its figures are of.
    `members` are those that vote where it is a vote.
    """

    name: str
    title: str
    short: str
    run: Run | None
    epoch: int | None
    parameters: int
    version: str = ""
    data: str = ""
    members: tuple["AnsweringModel", ...] = ()

    @property
    def learning(self) -> bool:
        """Whether a newer epoch will answer soon."""
        return self.run is not None and self.run.state is State.RUNNING

    @property
    def waiting(self) -> bool:
        """Whether its first epoch is still to come."""
        return self.learning and self.epoch is None


def find_answering(database: Database, name: str) -> AnsweringModel:
    """Who answers under a name of `choices`, as the database knows it now; raises RunError or ModelError."""
    if name in list_bundled():
        card = read_card(name)
        return AnsweringModel(name, f"Bundled: {card.title}", name, None, None, card.parameters, data=card.data)
    record = find_imported(database, name)
    if record is not None:
        title = f"Imported: {name}"
        return AnsweringModel(name, title, name, None, None, record.parameters, record.version, record.data)
    vote = find_vote(database, name)
    if vote is not None:
        return _find_vote_answering(database, vote)
    if not is_run(name):
        raise ModelError(f"There is no imported model {name[:80]!r} any more. Choose another.")
    run, best = find_run(database, name), name.endswith(BEST)
    epoch = find_answering_epoch(database, run, best=best)
    which = f", best epoch {epoch}" if best and epoch else ""
    title, short = f"Run {run.id}: {run.name}{which}", f"Run {run.id}{which}"
    return AnsweringModel(name, title, short, run, epoch, run.spec.parameter_count, data=run.spec.data)


def _find_vote_answering(database: Database, vote: Vote) -> AnsweringModel:
    check_members(database, vote)
    members = tuple(find_answering(database, member) for member in vote.members)
    version = hashlib.sha256("\n".join(map(identify, members)).encode()).hexdigest()[:12]
    parameters, data = sum(who.parameters for who in members), {who.data for who in members}
    title = f"Vote: {vote.name} ({vote.describe_members()})"
    shared = data.pop() if len(data) == 1 else ""
    return AnsweringModel(vote.name, title, vote.name, None, None, parameters, version, shared, members)


def find_all_answering(database: Database, names: Sequence[str]) -> list[AnsweringModel]:
    """Who answers under these names, without what has been deleted meanwhile, or lacks a member."""
    runs = find_present(database, [number_of(name) for name in names if is_run(name)])
    votes = [vote.name for vote in list_whole(database)]
    there = {*list_bundled(), *votes, *(record.name for record in list_imported(database))}
    return [
        find_answering(database, name) for name in names if (number_of(name) in runs if is_run(name) else name in there)
    ]


def identify(who: AnsweringModel) -> str:
    """What tells this model, as it answers now, from every other one of this home."""
    if who.run is not None:
        return f"run {who.run.id} of {who.run.created}, epoch {who.epoch}"
    if who.members:
        return f"vote {who.version}"
    if who.version:
        return f"imported {who.name} {who.version}"
    return f"bundled {digest_bundled(who.name)} {read_card(who.name).temperature}"


def answers_at_once(database: Database, who: AnsweringModel) -> bool:
    """Whether it can answer within milliseconds: its Keras file need not be converted first."""
    if who.members:
        return all(answers_at_once(database, member) for member in who.members)
    if who.run is None or not who.run.spec.has_epochs:
        return True
    return who.epoch in kept_epochs_of(database, who.run.id, ModelFormat.LITERT)
