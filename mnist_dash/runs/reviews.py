"""What people decide about the labels that an audit doubts, and the data set that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, insert, select

from mnist_dash.data.correction import correct_labels
from mnist_dash.data.dataset import CLASSES, Dataset
from mnist_dash.data.store import named_sets
from mnist_dash.errors import DataError, RunError
from mnist_dash.runs.queries import run_of
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.users import LOCAL, User, check_may_change


class Verdict(StrEnum):
    """What becomes of a training image."""

    KEEP = "keep"
    RELABEL = "relabel"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on one image, with the `label` that it gets where it is relabelled."""

    verdict: Verdict
    label: int | None = None

    def __post_init__(self) -> None:
        """Refuse a new label without relabelling, and the other way round."""
        allowed = range(CLASSES) if self.verdict is Verdict.RELABEL else (None,)
        if self.label not in allowed:
            raise RunError(f"The label for {self.verdict} is {self.label}; relabel to a digit from 0 to 9.")


def decide(database: Database, run_id: int, decisions: Mapping[int, Decision | None]) -> None:
    """Write down what was decided of training images, by index; None takes a decision back.

    Raises NotAllowedError where the audit is somebody else's.
    """
    run, table = run_of(database, run_id), tables.reviews
    check_may_change(database.user, f"Run {run_id}", run.account, run.owner)
    with database.write() as connection:
        for image, decision in decisions.items():
            connection.execute(delete(table).where(table.c.run == run_id, table.c.image == image))
            if decision is not None:
                row = {"run": run_id, "image": image, "verdict": decision.verdict, "label": decision.label}
                connection.execute(insert(table).values(row))


def decisions_of(database: Database, run_id: int) -> dict[int, Decision]:
    """What was decided after an audit, by the index of the training image."""
    table = tables.reviews
    with database.read() as connection:
        rows = connection.execute(select(table).where(table.c.run == run_id).order_by(table.c.image)).all()
    return {row.image: Decision(Verdict(row.verdict), row.label) for row in rows}


def make_set(
    settings: Settings, dataset: Dataset, decisions: Mapping[int, Decision], name: str, user: User = LOCAL
) -> Dataset:
    """Keep `dataset` as decided under a new name as that user's; its test images stay as they are.

    Raises NotAllowedError or DataError.
    """
    relabelled = {i: d.label for i, d in decisions.items() if d.label is not None}
    dropped = [i for i, d in decisions.items() if d.verdict is Verdict.DROP]
    if not relabelled and not dropped:
        raise DataError("Nothing was relabelled or dropped yet, so the new set would be the old one. Decide first.")
    named_sets.check_name(settings, name)
    return named_sets.save(settings, name, correct_labels(dataset, relabelled, dropped), user)
