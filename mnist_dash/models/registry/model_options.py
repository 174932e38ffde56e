"""The models that a person can choose from where one is to answer: bundled, of runs, imported, votes."""

from collections.abc import Iterator, Sequence

from mnist_dash.models.bundled import DEFAULT, list_bundled, read_card
from mnist_dash.models.registry.model_record import ImportedModel
from mnist_dash.models.registry.run_names import BEST
from mnist_dash.models.registry.votes import Vote
from mnist_dash.runs.records import Run, State
from mnist_dash.words import percent


def list_model_options(
    runs: Sequence[Run], imported: Sequence[ImportedModel] = (), votes: Sequence[Vote] = (), *, waiting: bool = False
) -> dict[str, str]:
    """Every model that can answer, or soon will: its name, and what people call it with how well it reads.

    Where it can be `waiting`, a run at work is among them before its first epoch too.

    An audit has none: its networks are gone once they have read their folds. Those of a sweep's trials, of which there
    may be hundreds, are not tested, and would drown all others.
    """
    cards = [read_card(name) for name in sorted(list_bundled(), key=lambda name: name != DEFAULT)]
    found = {card.name: f"Bundled: {card.title} ({percent(card.test_accuracy)})" for card in cards}
    found |= {vote.name: f"Vote: {vote.name} ({len(vote.members)} models)" for vote in votes}
    found |= {record.name: f"Imported: {record.name} ({_describe(record)})" for record in imported}
    return found | {name: title for run in runs if run.kind.is_offered for name, title in _of(run, waiting)}


def _describe(record: ImportedModel) -> str:
    return f"{percent(record.in_use.accuracy, 1)} of training images"


def _of(run: Run, waiting: bool) -> Iterator[tuple[str, str]]:
    title = f"Run {run.id}: {run.name}"
    if run.state is State.RUNNING and (run.epoch or (waiting and run.spec.learns)):
        yield str(run.id), f"{title}, learning"
    elif run.epoch or run.state is State.DONE:
        yield str(run.id), f"{title} ({percent(run.score.accuracy)})" if run.score else f"{title}, {run.state}"
        # The best epoch of a run at work is another one soon.
        if run.best not in (None, run.epoch):
            yield f"{run.id}{BEST}", f"{title}, best epoch {run.best}"
