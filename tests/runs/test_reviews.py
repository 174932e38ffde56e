"""What people decide about doubted labels is kept, and becomes a data set with a name."""

import pytest

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.store import named_sets
from mnist_dash.errors import DataError, RunError
from mnist_dash.methods.audit import audit_spec
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.housekeeping import delete_set
from mnist_dash.runs.records import Run
from mnist_dash.runs.reviews import Decision, Verdict, decide, decisions_of, make_set
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database, open_database

pytestmark = pytest.mark.both_databases

DROP, KEEP = Decision(Verdict.DROP), Decision(Verdict.KEEP)
SEVEN = Decision(Verdict.RELABEL, 7)


@pytest.fixture
def audit(database: Database) -> Run:
    """An audit, whatever its state."""
    return queue.submit(database, audit_spec("mnist"))


@pytest.fixture
def dataset(small: Digits) -> Dataset:
    """40 training and 10 test images."""
    return Dataset("mnist", small.take(slice(40)), small.take(slice(40, 50)), "here")


def test_decisions_outlive_the_process_that_took_them(settings: Settings, database: Database, audit: Run) -> None:
    decide(database, audit.id, {3: DROP, 5: SEVEN, 7: KEEP})
    again = open_database(settings)
    assert decisions_of(again, audit.id) == {3: DROP, 5: SEVEN, 7: KEEP}
    again.close()


def test_a_decision_is_replaced_or_taken_back(database: Database, audit: Run) -> None:
    decide(database, audit.id, {3: DROP, 5: SEVEN})
    decide(database, audit.id, {3: KEEP, 5: None})
    assert decisions_of(database, audit.id) == {3: KEEP}


def test_every_audit_has_decisions_of_its_own(database: Database, audit: Run) -> None:
    other = queue.submit(database, audit_spec("mnist"))
    decide(database, audit.id, {3: DROP})
    assert decisions_of(database, other.id) == {}


@pytest.mark.parametrize(("verdict", "label"), [(Verdict.RELABEL, None), (Verdict.RELABEL, 10), (Verdict.DROP, 3)])
def test_a_decision_that_makes_no_sense_is_refused(verdict: Verdict, label: int | None) -> None:
    with pytest.raises(RunError, match="0 to 9"):
        Decision(verdict, label)


def test_the_decisions_make_a_set_that_can_be_opened_by_its_name(settings: Settings, dataset: Dataset) -> None:
    made = make_set(settings, dataset, {3: DROP, 5: SEVEN, 7: KEEP}, "clean")
    assert (len(made.train), len(made.test)) == (39, 10)
    assert named_sets.open_set(settings, "clean").train.labels[4] == 7


@pytest.mark.parametrize("decisions", [{}, {7: KEEP}])
def test_a_set_that_would_be_the_old_one_is_refused(
    settings: Settings, dataset: Dataset, decisions: dict[int, Decision]
) -> None:
    with pytest.raises(DataError, match="Decide first"):
        make_set(settings, dataset, decisions, "clean")
    assert named_sets.names(settings) == ()


def test_a_set_that_runs_learn_from_is_kept(settings: Settings, database: Database, dataset: Dataset) -> None:
    make_set(settings, dataset, {3: DROP}, "clean")
    runs = [queue.submit(database, RunSpec.of("random", "clean")).id for _ in range(2)]
    with pytest.raises(DataError, match=f"Runs {runs[1]} and {runs[0]} learn"):
        delete_set(database, settings, "clean")
    assert named_sets.names(settings) == ("clean",)


def test_a_set_that_nobody_learns_from_goes(settings: Settings, database: Database, dataset: Dataset) -> None:
    make_set(settings, dataset, {3: DROP}, "clean")
    delete_set(database, settings, "clean")
    assert named_sets.names(settings) == ()
