"""Models by others under a name: kept as LiteRT, with a record of what they take, give and read right.

What a model needs is found once, when it is added, on training images, and stands in its record, so that whoever asks
it gets probabilities of digits. Test images are never looked at here.
"""

import re
import time
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import delete, insert, select, update

from mnist_dash.data.dataset import Dataset
from mnist_dash.data.progress import Progress, silent, within
from mnist_dash.errors import ModelError
from mnist_dash.models.bundled import DIGIT_OR_NOT, list_bundled
from mnist_dash.models.registry.examining import examine
from mnist_dash.models.registry.model_files import read_litert_file
from mnist_dash.models.registry.model_record import ImportedModel
from mnist_dash.models.registry.votes import check_may_change_named, explain_taken, list_added_names
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.users import check_may_train
from mnist_dash.words import percent

ALLOWED = "1 to 40 of a–z, 0–9, - and _, starting with a letter"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_TAKEN = (DIGIT_OR_NOT, "pixels", "best")
_table = tables.imported_models


def import_model(
    database: Database, path: Path, name: str, data: Dataset, *, file: str = "", progress: Progress = silent
) -> ImportedModel:
    """Keep the model of a file under a name, as it is; its record says what it needs, if anything.

    `data` gives training images; `file` is what people call the file. Raises ModelError, and keeps nothing, where name
    or file cannot be taken, and NotAllowedError where whoever asks may keep nothing.
    """
    check_may_train(database.user)
    check_name(database, name)
    called = file or path.name
    progress("Reading the file", 0)
    content, kind = read_litert_file(path, called)
    try:
        found = examine(content, data.train, within(progress, 0.3, 1))
    except ModelError as e:
        raise ModelError(f"{called}: {e}") from e
    record = ImportedModel(
        name=name,
        file=called,
        kind=kind,
        sha256=found.sha256,
        takes=found.takes,
        parameters=found.parameters,
        plain=found.plain,
        offer=found.offer,
        prepared=False,
        data=data.name,
        images=found.images,
    )
    row = {"name": name, "created": time.time(), "record": record.to_json(), "content": content}
    row["account"] = database.user.account
    with database.write() as connection:
        if name in list_added_names(connection):
            raise explain_taken(name)
        connection.execute(insert(_table).values(row))
    progress("Kept", 1)
    return record


@dataclass(frozen=True, slots=True)
class UnreadableModel:
    """A model that was added under a name, of which nothing is known any more: `reason` says why and what to do."""

    name: str
    reason: str


def list_imported(database: Database) -> list[ImportedModel]:
    """The models that were added, the oldest first; without those of `list_unreadable`."""
    return [record for record in _read_records(database) if isinstance(record, ImportedModel)]


def list_unreadable(database: Database) -> list[UnreadableModel]:
    """The models that were added and whose record is damaged: none of them answers, and each can be deleted."""
    return [record for record in _read_records(database) if isinstance(record, UnreadableModel)]


def _read_records(database: Database) -> list[ImportedModel | UnreadableModel]:
    with database.read() as connection:
        rows = connection.execute(select(_table.c.name, _table.c.record).order_by(_table.c.created)).all()
    return [_read_record(row.name, row.record) for row in rows]


def _read_record(name: str, text: str) -> ImportedModel | UnreadableModel:
    try:
        record = ImportedModel.from_json(text)
    except ModelError as e:
        return UnreadableModel(name, str(e))
    if record.name != name:
        return UnreadableModel(name, f"What is known of it is of {record.name[:40]!r}. Delete it, and add it anew.")
    return record


def find_imported(database: Database, name: str) -> ImportedModel | None:
    """The record of a model that was added under that name; None where there is none.

    Raises ModelError where it is damaged.
    """
    if not _NAME.fullmatch(name):
        return None
    with database.read() as connection:
        text = connection.scalar(select(_table.c.record).where(_table.c.name == name))
    found = None if text is None else _read_record(name, text)
    if isinstance(found, UnreadableModel):
        raise ModelError(f"The model {name!r} cannot answer. {found.reason}")
    return found


def read_imported_file(database: Database, name: str) -> bytes:
    """The LiteRT file of a model that was added; raises ModelError where there is none."""
    with database.read() as connection:
        content = connection.scalar(select(_table.c.content).where(_table.c.name == name))
    if content is None:
        raise _explain_missing(database, name)
    return bytes(content)


def prepare_imported(database: Database, name: str, *, prepared: bool) -> ImportedModel:
    """Let a model answer with the preparation that was found, or as it is; raises ModelError where none was found."""
    record = find_imported(database, name)
    if record is None:
        raise _explain_missing(database, name)
    if prepared and record.offer is None:
        raise ModelError(
            f"No preparation was found that {name!r} reads better with; it reads "
            f"{percent(record.plain.accuracy, 1)} of training images right. It is used as it is."
        )
    changed = replace(record, prepared=prepared)
    with database.write() as connection:
        check_may_change_named(connection, database.user, _table, name)
        connection.execute(update(_table).where(_table.c.name == name).values(record=changed.to_json()))
    return changed


def delete_imported(database: Database, name: str) -> None:
    """Remove a model that was added; raises ModelError where there is none."""
    with database.write() as connection:
        check_may_change_named(connection, database.user, _table, name)
        gone = connection.execute(delete(_table).where(_table.c.name == name)).rowcount
    if not gone:
        raise _explain_missing(database, name)


def check_name(database: Database, name: str) -> None:
    """Refuse a name that is not allowed or taken; raises ModelError."""
    if not _NAME.fullmatch(name):
        raise ModelError(f"The name {name[:80]!r} cannot be used for a model; allowed are {ALLOWED}. Try another.")
    if name in _list_taken(database):
        raise explain_taken(name)


def suggest_name(database: Database, file: str) -> str:
    """A free name much like that of a file."""
    stem = re.sub(r"[^a-z0-9_]+", "-", Path(file).stem.lower()).strip("-_")[:32]
    stem = stem if _NAME.fullmatch(stem) else f"model-{stem}".rstrip("-")
    used = _list_taken(database)
    return next(one for one in (stem, *(f"{stem}-{i}" for i in range(2, len(used) + 3))) if one not in used)


def _list_taken(database: Database) -> set[str]:
    with database.read() as connection:
        return {*list_bundled(), *_TAKEN, *list_added_names(connection)}


def _explain_missing(database: Database, name: str) -> ModelError:
    there = ", ".join(record.name for record in _read_records(database)) or "none"
    return ModelError(f"There is no imported model {name[:80]!r}; there are {there}.")
