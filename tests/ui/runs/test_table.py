"""The table of runs: which are shown, and what stands in their rows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mnist_dash.methods.audit import audit_spec
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.finding import RunFilter
from mnist_dash.runs.records import Run, State
from mnist_dash.store.database import Database
from mnist_dash.ui.runs.table import row_of
from tests.trained import trained


@pytest.fixture
def run(database: Database) -> Run:
    """A run that is done, with two tags."""
    run = trained(database, RunSpec.of("dense_128", "mnist"))
    return replace(run, name="Wide and Deep", tags=("baseline", "for class"), started=0.0)


@pytest.mark.parametrize(
    "wanted",
    [
        RunFilter(),
        RunFilter("wide"),
        RunFilter("  DEEP wide "),
        RunFilter("class"),
        RunFilter("dense_128"),
        RunFilter("1"),
        RunFilter(methods=["cnn", "dense_128"]),
        RunFilter(states=[State.DONE]),
        RunFilter(tags=["baseline", "other"]),
        RunFilter("deep", ["dense_128"], [State.DONE], ["for class"]),
    ],
)
def test_a_run_that_has_what_is_wanted_is_shown(run: Run, wanted: RunFilter) -> None:
    assert wanted.fits(run)


@pytest.mark.parametrize(
    "wanted",
    [
        RunFilter("shallow"),
        RunFilter("wide shallow"),
        RunFilter(methods=["cnn"]),
        RunFilter(states=[State.FAILED, State.RUNNING]),
        RunFilter(tags=["base"]),
        RunFilter("deep", ["dense_128"], [State.QUEUED]),
    ],
)
def test_a_run_that_lacks_any_of_it_is_not(run: Run, wanted: RunFilter) -> None:
    assert not wanted.fits(run)


def test_a_row_gives_accuracies_in_per_cent_and_the_rest_as_numbers(run: Run) -> None:
    row = row_of(run, 0.8456)
    assert row == {
        "run": run.id,
        "name": "Wide and Deep",
        "tags": ["baseline", "for class"],
        "owner": None,
        "method": "dense_128",
        "state": "Done",
        "epoch": 2,
        "epochs": 5,
        "validation": pytest.approx(84.56),
        "test": pytest.approx(91.0),
        "interval": "89.07 to 92.62 %",
        "images": 450,
        "seconds": 4.0,
        "started": datetime(1970, 1, 1, tzinfo=UTC),
    }


def test_an_audit_says_what_it_is_and_counts_its_folds(database: Database) -> None:
    run = trained(database, audit_spec("mnist", folds=4))
    row = row_of(run, 0.9)
    assert (row["name"], row["method"], row["epoch"], row["epochs"]) == ("Label audit, 4 folds", "audit, 4 folds", 2, 4)
    named = replace(run, name="mine")
    for wanted in (RunFilter("audit"), RunFilter("4 folds"), RunFilter("cnn"), RunFilter(methods=["cnn"])):
        assert wanted.fits(named)


def test_what_a_run_does_not_have_is_left_empty(database: Database) -> None:
    run = replace(trained(database, RunSpec.of("random", "mnist"), scores=()), score=None, started=None)
    row = row_of(run, None)
    missing = {"owner", "epoch", "epochs", "validation", "test", "interval", "seconds", "started"}
    assert {name for name, value in row.items() if value is None} == missing


def test_what_a_spreadsheet_would_compute_is_a_word_in_the_table_that_is_downloaded(run: Run) -> None:
    row = row_of(replace(run, name="=HYPERLINK(1)", tags=("+1+1", "plain"), owner="@Ada"), None)
    assert row["owner"] == "\N{WORD JOINER}@Ada"
    assert row["name"] == "\N{WORD JOINER}=HYPERLINK(1)"
    assert row["tags"] == ["\N{WORD JOINER}+1+1", "plain"]
