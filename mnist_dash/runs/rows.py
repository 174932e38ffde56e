"""What is measured of a run, as rows of its tables."""

import json
from dataclasses import asdict

from mnist_dash.runs.records import Batches, Epoch

_DIGITS = 5
"""Significant digits of a batch's loss; more only make the database larger."""


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
