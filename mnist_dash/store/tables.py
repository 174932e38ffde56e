"""The tables of runs, sweeps, imported models and votes, and the version of all tables there are."""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Table,
    text,
)

from mnist_dash.store.text import Name, Words

# A column that is added is nullable or has a server default; one that is renamed stands in migration.py.
VERSION = 15
"""The schema version: counts up with every change of the tables; kept in the database."""

Columns = Row[*tuple[Any, ...]]
"""A row with whatever columns were asked for."""

metadata = MetaData()
_TAGGED = text("tags <> '[]'")
version = Table("version", metadata, Column("version", Integer, nullable=False))

sweeps = Table(
    "sweeps",
    metadata,
    # Its trials are runs; how many were asked for, when it last began, and who looks after it. Base and space are JSON.
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", Words, nullable=False),
    Column("base", Words, nullable=False),
    Column("space", Words, nullable=False),
    Column("sampler", Name(16), nullable=False),
    Column("pruner", Name(16), nullable=False),
    Column("seed", Integer, nullable=False),
    Column("trials", Integer, nullable=False),
    # The number of the next trial: none is ever given twice.
    Column("next_trial", Integer, nullable=False),
    Column("state", Name(16), nullable=False),
    Column("created", Float, nullable=False),
    Column("begun", Float, nullable=False),
    Column("ended", Float),
    Column("reason", Words),
    Column("host", Words),
    # How often its process was started since it last came through a look at its trials.
    Column("starts", Integer, nullable=False),
    Column("importance", Words),
    Column("account", Words, nullable=False, server_default=""),
    Column("owner", Words, nullable=False, server_default=""),
    Column("unlimited", Boolean, nullable=False, server_default="0"),
    Column("deleted", Float),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", Words, nullable=False),
    Column("spec", Words, nullable=False),
    # What runs are found by, as `runs.rows.write_spec` takes it from the spec. A digest is missing of runs of versions
    # before 15.
    Column("method", Name(64), nullable=False, server_default=""),
    Column("data", Words, nullable=False, server_default=""),
    Column("folds", Integer, nullable=False, server_default="0"),
    Column("settings_digest", Name(64)),
    Column("state", Name(16), nullable=False, index=True),
    Column("created", Float, nullable=False),
    Column("started", Float),
    Column("ended", Float),
    Column("host", Words),
    Column("attempt", Integer, nullable=False, default=0),
    Column("deaths", Integer, nullable=False, default=0),
    Column("epoch", Integer, nullable=False, default=0),
    Column("phase", Words, nullable=False, default=""),
    Column("reason", Words),
    Column("stop_requested", Boolean, nullable=False, default=False),
    Column("train_images", Integer),
    Column("data_digest", Name(64)),
    Column("steps", Integer),
    Column("seconds", Float, nullable=False, default=0.0),
    Column("score", Words),
    Column("best", Integer),
    Column("pause_at", Integer),
    Column("position", Float, nullable=False, server_default="0"),
    Column("tags", Words, nullable=False, server_default="[]"),
    Column("deleted", Float),
    # Of a trial: the sweep that asked for it, its number there, and the epoch after which the sweep gave it up.
    Column("sweep", Integer),
    Column("trial", Integer),
    Column("pruned_after", Integer),
    # Who queued it, as `users` knows them and as people do; both are empty for the local user.
    Column("account", Words, nullable=False, server_default=""),
    Column("owner", Words, nullable=False, server_default=""),
    # What makes it impossible to ask for a trial twice.
    Index("trials_of_a_sweep", "sweep", "trial", unique=True),
    Index("runs_of_an_account", "account", "started"),
    # No look for the newest, for what a machine holds or for what repeats a run goes through all that there are.
    Index("runs_of_a_method", "method", "id"),
    Index("runs_of_a_data_set", "data", "folds", "id"),
    Index("runs_of_some_settings", "settings_digest", "id"),
    Index("runs_of_a_host", "host"),
    Index("runs_in_order", "position"),
    Index("runs_with_tags", "id", sqlite_where=_TAGGED, postgresql_where=_TAGGED),
)

epochs = Table(
    "epochs",
    metadata,
    # The key is what makes it impossible to record an epoch twice.
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("loss", Float, nullable=False),
    Column("accuracy", Float, nullable=False),
    Column("validation_loss", Float),
    Column("validation_accuracy", Float),
    Column("seconds", Float, nullable=False),
    Column("details", Words),
    Column("finished", Float),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("loss", Words, nullable=False),
    Column("accuracy", Words, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("rate", Float),
    Column("answers", Words),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Index("batches_of_a_run", "run", "epoch"),
)

models = Table(
    "models",
    metadata,
    # The last finished epoch and the best one, in each format: the Keras file also holds what training goes on from.
    # Of a run that keeps every epoch's model, LiteRT files of all epochs.
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("format", Name(16), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

imported_models = Table(
    "imported_models",
    metadata,
    # Models by others, as LiteRT; the record is JSON.
    Column("name", Name(40), primary_key=True),
    Column("created", Float, nullable=False),
    Column("record", Words, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("account", Words, nullable=False, server_default=""),
)

votes = Table(
    "votes",
    metadata,
    # Models that answer together; the members are a list of names in JSON.
    Column("name", Name(40), primary_key=True),
    Column("created", Float, nullable=False),
    Column("members", Words, nullable=False),
    Column("account", Words, nullable=False, server_default=""),
)

reviews = Table(
    "reviews",
    metadata,
    # What a person has decided about a label that an audit doubts.
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("image", Integer, primary_key=True),
    Column("verdict", Name(16), nullable=False),
    Column("label", Integer),
)
