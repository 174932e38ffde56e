"""The tables of what would else be in files of one machine alone.

Named data sets, where a database is shared: homes have their copies from them. What processes of runs said last. And
who is there of those that share the database.
"""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, Table, text

from mnist_dash.store.tables import metadata
from mnist_dash.store.text import Name, Words

_THERE = text("deleted IS NULL")

data_sets = Table(
    "data_sets",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", Name(40), nullable=False),
    # Of images, labels and writers: whether two sets are the same, whatever else is known about them.
    Column("digest", Name(64), nullable=False),
    # Name, bytes and SHA-256 of each file, in JSON.
    Column("files", Words, nullable=False),
    Column("created", Float, nullable=False),
    # Whose it is, as of runs; empty where it is nobody's who signs in.
    Column("account", Words, nullable=False, server_default=""),
    Column("owner", Words, nullable=False, server_default=""),
    # The row stays, so that homes know which of their copies have to go.
    Column("deleted", Float),
    Index("data_sets_by_name", "name", unique=True, sqlite_where=_THERE, postgresql_where=_THERE),
)

data_set_parts = Table(
    "data_set_parts",
    metadata,
    # The files one after another, cut into parts, each compressed by zlib.
    Column("data_set", ForeignKey("data_sets.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

run_outputs = Table(
    "run_outputs",
    metadata,
    # The last lines of the process of a run that came to a bad end.
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("content", Words, nullable=False),
)

machines = Table(
    "machines",
    metadata,
    # When a machine said last that it is there, by its own clock: for others it matters alone whether that changes.
    Column("host", Words, primary_key=True),
    Column("seen", Float, nullable=False),
)
