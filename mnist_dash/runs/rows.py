"""A run's spec and what is measured of it, as rows of its tables, and which epoch is best."""

import hashlib
import json
from dataclasses import asdict

from sqlalchemy import Connection, select

from mnist_dash.methods.registry import get_method
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.records import Batches, Epoch, ModelFormat
from mnist_dash.store import tables

_DIGITS = 5
"""Significant digits of a batch's loss; more only make the database larger."""
_NOTHING = object()


def write_spec(spec: RunSpec) -> dict[str, object]:
    """A spec as columns of a run: all of it, and what runs are found by."""
    return {
        "spec": spec.to_json(),
        "method": spec.method,
        "data": spec.data,
        "folds": spec.folds,
        "settings_digest": digest_settings(spec),
    }


def digest_settings(spec: RunSpec) -> str:
    """A checksum that is the same for specs that differ in seed and data set at most, and hardly ever for others.

    Of what differs from the method's own settings alone: one that is new in a later version changes no digest.
    """
    own = get_method(spec.method).defaults
    set_by_people = {
        # 1 and 1.0 are the same setting.
        name: float(value) if type(value) is int else value
        for name, value in spec.to_fields().items()
        if name not in ("seed", "data") and own.get(name, _NOTHING) != value
    }
    return hashlib.sha256(json.dumps(set_by_people, sort_keys=True).encode()).hexdigest()


def write_epoch(run_id: int, epoch: Epoch) -> dict[str, object]:
    """A finished epoch as a row of its table."""
    details = json.dumps(asdict(epoch.details)) if epoch.details else None
    return {"run": run_id} | asdict(epoch) | {"details": details}


def write_batches(run_id: int, batches: Batches, attempt: int) -> dict[str, object]:
    """Some batches as a row of their table."""
    answers = json.dumps(asdict(batches.answers)) if batches.answers else None
    numbers = {"loss": _numbers(batches.loss), "accuracy": _numbers(batches.accuracy)}
    return {"run": run_id, "attempt": attempt} | asdict(batches) | numbers | {"answers": answers}


def _numbers(values: tuple[float, ...]) -> str:
    return json.dumps([float(f"{value:.{_DIGITS}g}") for value in values])


def find_best_epoch(connection: Connection, run_id: int, epoch: Epoch) -> int | None:
    """The epoch that is best on validation images once `epoch` is: most right, then the least loss, then the first.

    Only an epoch whose model is kept can be it; None without validation images.
    """
    table, models = tables.epochs.c, tables.models.c
    kept = select(models.epoch).where(models.run == run_id, models.format == ModelFormat.KERAS)
    ranked = select(table.epoch, table.validation_accuracy, table.validation_loss)
    ranked = ranked.where(table.run == run_id, table.epoch.in_(kept))
    found = [tuple(row) for row in connection.execute(ranked)]
    found.append((epoch.epoch, epoch.validation_accuracy, epoch.validation_loss))
    validation = [(-accuracy, loss, number) for number, accuracy, loss in found if accuracy is not None]
    return min(validation)[2] if validation else None
