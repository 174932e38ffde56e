"""The tables of the database of runs, sweeps, own digits, imported models and votes."""

import time
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Table,
    event,
    insert,
)

from mnist_dash.store.text import Name, Words

# A column that is added is nullable or has a server default; one that is renamed stands in migration.py.
VERSION = 14
"""The schema version: counts up with every change of the tables; kept in the database."""

Columns = Row[*tuple[Any, ...]]
"""A row with whatever columns were asked for."""

metadata = MetaData()
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

SKETCH = "sketch"
"""The key of the set of own digits that Sketch saves to: it is there from the first, whatever people call it."""

own_sets = Table(
    "own_sets",
    metadata,
    # Keys are never given twice, so that nobody writes into another set than the one that was deleted meanwhile.
    Column("key", Name(32), primary_key=True),
    Column("name", Name(40), nullable=False, unique=True),
    Column("owner", Words, nullable=False, server_default=""),
    Column("created", Float, nullable=False),
    Column("account", Words, nullable=False, server_default=""),
)


@event.listens_for(own_sets, "after_create")
def _add_first_set(_table: Table, connection: Connection, **_: object) -> None:
    connection.execute(insert(own_sets).values(key=SKETCH, name="own-digits", created=time.time()))


own_digits = Table(
    "own_digits",
    metadata,
    Column("set_key", ForeignKey("own_sets.key", ondelete="CASCADE"), primary_key=True),
    # A checksum of the ink: a set cannot keep the same drawing twice.
    Column("key", Name(32), primary_key=True),
    # No digit where there is none.
    Column("label", Integer),
    Column("created", Float, nullable=False),
    Column("source", Name(16), nullable=False),
    Column("without", Words, nullable=False),
    Column("program", Words, nullable=False),
    # Who wrote it, and for how long, where that is known.
    Column("writer", Words),
    Column("seconds", Float),
    # Of whom the answer is; a run may be deleted, and its number stays.
    Column("model", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("run", Integer),
    Column("epoch", Integer),
    Column("read", Integer, nullable=False),
    Column("probabilities", Words, nullable=False),
    Column("image", LargeBinary, nullable=False),
    Column("ink", LargeBinary, nullable=False),
    Column("strokes", Words),
    Column("account", Words, nullable=False, server_default=""),
    Index("own_digits_in_order", "set_key", "label", "created", "read", "key"),
    Index("own_digits_of_a_model", "set_key", "model"),
)

class_rooms = Table(
    "class_rooms",
    metadata,
    # What the link says: it stays when the set is renamed.
    Column("code", Name(16), primary_key=True),
    Column("set_key", ForeignKey("own_sets.key", ondelete="CASCADE"), nullable=False, unique=True),
    # Digits that each phone may keep.
    Column("most", Integer, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("created", Float, nullable=False),
)

class_phones = Table(
    "class_phones",
    metadata,
    # Which digits a phone has kept in a class, as their labels in turn; never which drawings these were.
    Column("code", ForeignKey("class_rooms.code", ondelete="CASCADE"), primary_key=True),
    Column("phone", Name(32), primary_key=True),
    Column("name", Words, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("written", Words, nullable=False),
    # The checksum of the last one's ink: a phone that has not heard of it sends it again.
    Column("latest", Name(32)),
    Column("seen", Float, nullable=False),
)
