"""The tables of own digits, their sets, and the class rooms that fill them."""

import time

from sqlalchemy import Boolean, Column, Connection, Float, ForeignKey, Index, Integer, LargeBinary, Table, event, insert

from mnist_dash.store.tables import metadata
from mnist_dash.store.text import Name, Words

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
