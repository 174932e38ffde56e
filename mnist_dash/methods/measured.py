"""What was measured of every claim, as the record of `benchmarks/methods.py` has it; nothing is typed in here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from mnist_dash.place import APP

RECORD = APP / "benchmarks" / "results" / "methods.json"


@dataclass(frozen=True, slots=True)
class Measured:
    """Accuracies are shares of the test images by the model of the last epoch, a run for each of `seeds`.

    `interval_95` is half the 95 % interval of their mean by Student's t, None where there is one seed alone;
    `test_interval` is that of the first run for the choice of test images (Wilson). `mean_processor_seconds` are those
    of the run's process over all cores, `mean_training_seconds` what the clock showed. `curve` has an accuracy for each
    epoch of the first run on the images that `curve_of` names. None stands for what a method does not have.
    """

    seeds: tuple[int, ...]
    mean_test_accuracy: float
    interval_95: float | None
    test_accuracies: tuple[float, ...]
    test_interval: tuple[float, float]
    epochs: int | None
    train_images: int
    curve: tuple[float, ...]
    curve_of: str
    mean_training_seconds: float
    mean_processor_seconds: float
    parameters: int | None
    multiply_adds: int | None
    bytes: int | None
    answer_ms: float

    @property
    def interval(self) -> tuple[float, float]:
        """The lower and upper end of the 95 % interval: over seeds where there are several, else over test images."""
        if self.interval_95 is None:
            return self.test_interval
        low, high = self.mean_test_accuracy - self.interval_95, self.mean_test_accuracy + self.interval_95
        return max(0.0, low), min(1.0, high)


@dataclass(frozen=True, slots=True)
class Record:
    """What was `measured` of each claim by name, and on which machine: `processor` and its `cores`."""

    measured: Mapping[str, Measured]
    processor: str
    cores: int


@lru_cache(maxsize=1)
def read_record() -> Record:
    """The record that comes with the program."""
    told = json.loads(RECORD.read_text("utf-8"))
    measured = {name: _read(values) for name, values in told["result"]["claims"].items()}
    return Record(MappingProxyType(measured), told["machine"]["processor"], told["machine"]["cores"])


def _read(values: Mapping[str, Any]) -> Measured:
    frozen: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
    return Measured(**{field.name: frozen[field.name] for field in fields(Measured)})
