"""Votes under a name: which models answer together, and which of them are still there."""

import json
import time
from dataclasses import dataclass

from sqlalchemy import Connection, Table, delete, insert, select

from mnist_dash.errors import ModelError
from mnist_dash.models.bundled import list_bundled
from mnist_dash.models.registry.run_names import is_run, number_of
from mnist_dash.runs.queries import find_present
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.users import User, check_may_change, check_may_train
from mnist_dash.words import join_words

FEWEST, MOST = 2, 9
"""Members that a vote has: of one there is nothing to vote on, and each of many takes its time."""
_table = tables.votes


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote: its name and the names of the models that answer together."""

    name: str
    members: tuple[str, ...]

    def describe_members(self) -> str:
        """Its members in words."""
        return join_words([describe_member(member) for member in self.members], MOST)


def describe_member(name: str) -> str:
    """A model by its name, as it is called in a sentence."""
    return f"run {name}" if is_run(name) else name


def list_votes(database: Database) -> list[Vote]:
    """All votes, the oldest first."""
    with database.read() as connection:
        rows = connection.execute(select(_table.c.name, _table.c.members).order_by(_table.c.created)).all()
    return [_read_vote(row) for row in rows]


def list_whole(database: Database) -> list[Vote]:
    """The votes all of whose members are there, the oldest first."""
    return [vote for vote in list_votes(database) if vote.members and not find_missing(database, vote)]


def find_vote(database: Database, name: str) -> Vote | None:
    """The vote of that name; None where there is none."""
    with database.read() as connection:
        row = connection.execute(select(_table.c.name, _table.c.members).where(_table.c.name == name)).one_or_none()
    return None if row is None else _read_vote(row)


def list_added_names(connection: Connection) -> set[str]:
    """The names that were given to votes and to models by others: each is given once."""
    tables_of_names = (_table, tables.imported_models)
    return {name for table in tables_of_names for name in connection.scalars(select(table.c.name))}


def explain_taken(name: str) -> ModelError:
    """That a name is given already, and what to do."""
    return ModelError(f"There is already a model {name!r}; every name is given once. Delete that one, or try another.")


def keep_vote(database: Database, vote: Vote) -> None:
    """Keep a vote; raises ModelError where its name was taken meanwhile, or NotAllowedError."""
    check_may_train(database.user)
    with database.write() as connection:
        if vote.name in list_added_names(connection):
            raise explain_taken(vote.name)
        row = {"name": vote.name, "created": time.time(), "members": json.dumps(vote.members)}
        row["account"] = database.user.account
        connection.execute(insert(_table).values(row))


def delete_vote(database: Database, name: str) -> None:
    """Remove a vote, none of its members; raises ModelError where there is none, or NotAllowedError."""
    with database.write() as connection:
        check_may_change_named(connection, database.user, _table, name)
        gone = connection.execute(delete(_table).where(_table.c.name == name)).rowcount
    if not gone:
        raise ModelError(f"There is no vote {name[:80]!r}. `python -m mnist_dash models` lists those that there are.")


def check_may_change_named(connection: Connection, user: User, table: Table, name: str) -> None:
    """Raise NotAllowedError where the model of that name is there, and another's."""
    account = connection.scalar(select(table.c.account).where(table.c.name == name))
    if account is not None:
        check_may_change(user, f"The model {name}", account)


def find_missing(database: Database, vote: Vote) -> list[str]:
    """The names of its members that are there no more."""
    runs = find_present(database, [number_of(member) for member in vote.members if is_run(member)])
    with database.read() as connection:
        imported = set(connection.scalars(select(tables.imported_models.c.name)))
    there = {*list_bundled(), *imported}
    return [name for name in vote.members if (number_of(name) not in runs if is_run(name) else name not in there)]


def explain_missing(vote: Vote, missing: list[str]) -> str:
    """What a vote lacks and what to do, in words."""
    lacks = join_words([describe_member(member) for member in missing], MOST)
    return f"The vote {vote.name} lacks {lacks}, deleted since. Delete the vote, and let those vote that are there."


def check_members(database: Database, vote: Vote) -> None:
    """Raise ModelError where a member is there no more."""
    missing = find_missing(database, vote)
    if missing or not vote.members:
        raise ModelError(explain_missing(vote, missing))


def _read_vote(row: tables.Columns) -> Vote:
    return Vote(row.name, tuple(json.loads(row.members)))
