"""A database of schema version 6, which knew no votes, is opened with all that it holds, and takes votes."""

from pathlib import Path

import pytest

from mnist_dash.models.registry.imported import list_unreadable
from mnist_dash.models.registry.votes import Vote, keep_vote, list_votes
from mnist_dash.runs.queries import kept_epochs_of, runs_of
from mnist_dash.runs.records import ModelFormat, RunScore
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.store.conftest import write_old
from tests.store.test_migration_from_4 import RUN, SCHEMA_4, SPEC

# As the program wrote it at that version: other names of columns, and a table more.
SCHEMA_6 = f"""{SCHEMA_4.replace("INSERT INTO version VALUES (4)", "INSERT INTO version VALUES (6)")}
ALTER TABLE runs RENAME COLUMN figures TO score;
ALTER TABLE epochs RENAME COLUMN insight TO details;
ALTER TABLE models RENAME COLUMN form TO format;
CREATE TABLE imported_models (
    name VARCHAR(40) NOT NULL, created FLOAT NOT NULL, record TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (name)
);
INSERT INTO imported_models VALUES ('friend', 13.0, '{{}}', X'0102');
"""  # noqa: S608


@pytest.fixture
def path(settings: Settings) -> Path:
    """The file of a database of schema version 6 with a tested run and a model by others."""
    run = {"score" if name == "figures" else name: value for name, value in RUN.items()}
    return write_old(settings, SCHEMA_6, run)


def test_everything_is_kept_and_votes_are_taken(migrated: Database) -> None:
    (run,) = runs_of(migrated)
    assert (run.spec, run.score) == (SPEC, RunScore(0.97, 0.96, 0.98, 200))
    assert kept_epochs_of(migrated, 1, ModelFormat.KERAS) == [1, 2]
    assert [model.name for model in list_unreadable(migrated)] == ["friend"]
    assert list_votes(migrated) == []
    keep_vote(migrated, Vote("both", ("reader", "1")))
    assert list_votes(migrated) == [Vote("both", ("reader", "1"))]
