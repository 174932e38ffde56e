"""The tables of the database of runs."""

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
    String,
    Table,
    Text,
)

VERSION = 1
"""Counts up with every change of the tables; kept in the database."""

Columns = Row[*tuple[Any, ...]]
"""A row with whatever columns were asked for."""

metadata = MetaData()

version = Table("version", metadata, Column("version", Integer, nullable=False))

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("spec", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("created", Float, nullable=False),
    Column("started", Float),
    Column("ended", Float),
    Column("host", Text),
    Column("attempt", Integer, nullable=False, default=0),
    Column("deaths", Integer, nullable=False, default=0),
    Column("epoch", Integer, nullable=False, default=0),
    Column("phase", Text, nullable=False, default=""),
    Column("reason", Text),
    Column("stop_requested", Boolean, nullable=False, default=False),
    Column("train_images", Integer),
    Column("steps", Integer),
    Column("seconds", Float, nullable=False, default=0.0),
    Column("figures", Text),
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
)

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("loss", Text, nullable=False),
    Column("accuracy", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Index("batches_of_a_run", "run", "epoch"),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

artifacts = Table(
    "artifacts",
    metadata,
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
