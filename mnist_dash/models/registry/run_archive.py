"""A whole run as one file, to be opened elsewhere: its settings, its history, and its models.

A ZIP with `run.json` and the models beside it. What comes back is looked at before anything of it is kept: nothing is
unpickled, and a model that would run code is refused as one by others is.
"""

import io
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from sqlalchemy import Connection, insert, select

from mnist_dash.errors import RunError
from mnist_dash.methods.fitted.files import read_arrays
from mnist_dash.models.registry.model_files import LARGEST, Kind, find_kind
from mnist_dash.models.registry.packed_run import ENDED, SAME, PackedRun, read_record
from mnist_dash.runs.queries import batches_of, epochs_of, kept_epochs_of, model_at, run_of
from mnist_dash.runs.queue import last_position
from mnist_dash.runs.records import ModelFormat, Run
from mnist_dash.runs.rows import write_batches, write_epoch
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.users import check_may_train
from mnist_dash.words import size

SUFFIX = ".run.zip"
FORM = 1
"""Of the file; counts up where an earlier program could not read it."""
_RECORD = "run.json"
_LARGEST_RECORD, _LARGEST = 200_000_000, 2_000_000_000
"""Bytes of the record and of all models together, unpacked."""
_SUFFIXES = {ModelFormat.KERAS: ".keras", ModelFormat.LITERT: ".tflite", ModelFormat.ARRAYS: ".npz"}
_KINDS = {ModelFormat.KERAS: Kind.KERAS, ModelFormat.LITERT: Kind.LITERT}
_TAKEN = f"Taken is what `export --format run` or the page Runs wrote, a file that ends in {SUFFIX}."


def pack_run(database: Database, run_id: int) -> bytes:
    """A run that has ended as a ZIP; raises RunError for one that goes on, has learnt nothing, or is an audit."""
    run = run_of(database, run_id)
    if not run.kind.keeps_model:
        raise RunError(f"Run {run.id} is an audit, which keeps no model. Name a run that trains one.")
    if run.state not in ENDED or not run.epoch:
        raise RunError(
            f"Run {run.id} is {run.state} after {run.epoch} epochs. Only a run that ended can be taken along."
        )
    content = io.BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr(_RECORD, json.dumps(_describe(database, run)), ZIP_DEFLATED)
        for model_format, suffix in _SUFFIXES.items():
            for epoch in kept_epochs_of(database, run.id, model_format):
                if (model := model_at(database, run.id, epoch, model_format)) is not None:
                    archive.writestr(f"models/{epoch}{suffix}", model, ZIP_STORED)
    return content.getvalue()


def _describe(database: Database, run: Run) -> dict[str, object]:
    return {
        "form": FORM,
        **{name: getattr(run, name) for name in SAME},
        "state": str(run.state),
        "spec": run.spec.to_fields(),
        "score": asdict(run.score) if run.score else None,
        "tags": run.tags,
        "epochs": [asdict(epoch) for epoch in epochs_of(database, run.id)],
        "batches": [asdict(batches) for batches in batches_of(database, run.id)],
    }


def unpack_run(database: Database, content: bytes) -> Run:
    """Keep the run of a ZIP, whole or not at all, under a number of its own and with the tag ELSEWHERE.

    Raises RunError for any other file, one that is cut, damaged or of a later form, and for a run that is there.
    """
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            _check_sizes(archive)
            record = json.loads(archive.read(_RECORD))
            if record["form"] != FORM:
                raise RunError(f"The file is of form {record['form']}; this program reads form {FORM}. Update it.")
            models = dict(_read_models(archive))
        packed = read_record(record)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError) as e:
        raise RunError(f"This is no whole run: the file is no ZIP, or cut short. {_TAKEN}") from e
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as e:
        raise RunError(f"This is no run of this program, or a damaged one. {_TAKEN}") from e
    needed = packed.epoch, ModelFormat.ARRAYS if packed.spec.is_fitted else ModelFormat.KERAS
    if needed not in models:
        raise RunError(f"The model of the last epoch ({packed.epoch}) is missing in the file. {_TAKEN}")
    return _keep(database, packed, models)


def _check_sizes(archive: ZipFile) -> None:
    """Raise RunError where it would unpack beyond what runs take: nothing is read before."""
    for member in archive.infolist():
        most = _LARGEST_RECORD if member.filename == _RECORD else LARGEST
        if member.file_size > most:
            raise RunError(
                f"{member.filename[:80]} would unpack to {size(member.file_size)}; allowed are {size(most)}."
            )
    whole = sum(member.file_size for member in archive.infolist())
    if whole > _LARGEST:
        raise RunError(f"The file would unpack to {size(whole)}; allowed are {size(_LARGEST)}. Bring fewer models.")


def _read_models(archive: ZipFile) -> Iterator[tuple[tuple[int, ModelFormat], bytes]]:
    """The models by epoch and format, each looked at; raises ModelError for one that would run code."""
    formats = {suffix: model_format for model_format, suffix in _SUFFIXES.items()}
    for name in archive.namelist():
        if name == _RECORD:
            continue
        path = PurePosixPath(name)
        epoch, model_format = int(path.stem), formats[path.suffix]
        content = archive.read(name)
        if model_format is ModelFormat.ARRAYS:
            read_arrays(content)
        elif find_kind(content, name) is not _KINDS[model_format]:
            raise RunError(f"{name[:80]} is no {_KINDS[model_format]} model. {_TAKEN}")
        yield (epoch, model_format), content


def _keep(database: Database, packed: PackedRun, models: Mapping[tuple[int, ModelFormat], bytes]) -> Run:
    check_may_train(database.user)
    with database.write() as connection:
        _check_new(connection, packed)
        whose = {"account": database.user.account, "owner": database.user.name}
        row = packed.to_row() | whose | {"position": last_position(connection) + 1}
        key = connection.execute(insert(tables.runs).values(row)).inserted_primary_key
        assert key is not None  # noqa: S101 - the database gives every row one
        run_id: int = key[0]
        for figures in packed.epochs:
            connection.execute(insert(tables.epochs).values(write_epoch(run_id, figures)))
        for batches in packed.batches:
            connection.execute(insert(tables.batches).values(write_batches(run_id, batches, 0)))
        for (epoch, model_format), content in models.items():
            model = {"run": run_id, "epoch": epoch, "format": model_format, "content": content}
            connection.execute(insert(tables.models).values(model))
    return run_of(database, run_id)


def _check_new(connection: Connection, packed: PackedRun) -> None:
    """Raise RunError where the run is there: the same settings, begun at the same moment."""
    runs = tables.runs.c
    same = select(runs.id).where(
        runs.created == packed.created, runs.spec == packed.spec.to_json(), runs.deleted.is_(None)
    )
    there = connection.scalar(same)
    if there is not None:
        raise RunError(f"This run is there already, as run {there}.")
