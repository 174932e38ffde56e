"""Letting several models vote: which may, and the check of all that a person asked for before anything is kept."""

from collections.abc import Sequence

from mnist_dash.data.dataset import CLASSES
from mnist_dash.data.present_digits import find_digits
from mnist_dash.errors import ModelError
from mnist_dash.models.bundled import list_bundled
from mnist_dash.models.registry.answering import AnsweringModel, find_answering, identify
from mnist_dash.models.registry.imported import check_name
from mnist_dash.models.registry.lookup import FindData
from mnist_dash.models.registry.votes import FEWEST, MOST, Vote, describe_member, find_vote, keep_vote
from mnist_dash.store.database import Database
from mnist_dash.words import join_words


def add_vote(database: Database, name: str, members: Sequence[str], find_data: FindData) -> Vote:
    """Let `members` vote under a name; raises ModelError or RunError, and keeps nothing, where they cannot."""
    check_name(database, name)
    if not FEWEST <= len(members) <= MOST:
        raise ModelError(f"{len(members)} models are to vote; allowed are {FEWEST} to {MOST}. Choose others.")
    voters = [_find_voter(database, member) for member in members]
    _check_different(voters)
    _check_digits(voters, find_data)
    vote = Vote(name, tuple(members))
    keep_vote(database, vote)
    return vote


def _find_voter(database: Database, name: str) -> AnsweringModel:
    """A model that may vote; raises ModelError or RunError where there is none of that name, or it may not."""
    if find_vote(database, name):
        raise ModelError(f"{name} is a vote itself. Name its members instead.")
    who = find_answering(database, name)
    if who.run is None:
        return who
    if not who.run.kind.keeps_model:
        raise ModelError(f"Run {who.run.id} is an audit of labels, which keeps no networks. Choose another run.")
    if who.run.state.active:
        raise ModelError(f"Run {who.run.id} is {who.run.state}: only what has ended may vote. Wait, or stop it.")
    if who.epoch is None and who.run.spec.learns:
        raise ModelError(f"{who.short} keeps no epoch that could answer. Choose another run.")
    return who


def _check_different(voters: Sequence[AnsweringModel]) -> None:
    """Refuse a model that would vote twice, under whatever name."""
    known: dict[str, AnsweringModel] = {}
    for who in voters:
        first = known.setdefault(identify(who), who)
        if first is not who:
            names = f"{describe_member(first.name)} and {describe_member(who.name)}"
            raise ModelError(f"One model would vote twice: {names} are the same. Name each model once.")


def _check_digits(voters: Sequence[AnsweringModel], find_data: FindData) -> None:
    """Refuse models that have learnt different digits, as far as that is known: one has no opinion on some of them."""
    known = {who.name: digits for who in voters if (digits := _find_learnt(who, find_data))}
    if len(set(known.values())) > 1:
        told = [f"{describe_member(name)} {join_words(list(map(str, each)), CLASSES)}" for name, each in known.items()]
        raise ModelError(
            f"These models have learnt different digits: {'; '.join(told)}. Choose models that know the same digits."
        )


def _find_learnt(who: AnsweringModel, find_data: FindData) -> tuple[int, ...]:
    """The digits that a bundled model or a run has learnt; none where that is not known."""
    if who.name in list_bundled():
        return tuple(range(CLASSES))
    data = find_data(who.run.spec.data) if who.run else None
    return find_digits(data.train.labels) if data else ()
