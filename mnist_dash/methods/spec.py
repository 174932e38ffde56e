"""What a run is to do, in full: together with the data it decides the result."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from math import ceil
from typing import Self

from mnist_dash.errors import SpecError
from mnist_dash.methods.parameters import PARAMETERS, Value
from mnist_dash.methods.registry import method_named


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """A method, a data set by name, and every hyperparameter; raises SpecError where one is not allowed.

    `train_size` None means all images. See `PARAMETERS` for what each hyperparameter means.
    """

    method: str
    data: str
    epochs: int
    batch_size: int
    learning_rate: float
    optimizer: str
    train_size: int | None
    validation_split: float
    seed: int

    def __post_init__(self) -> None:
        """Refuse what could not be run, before it is queued."""
        method_named(self.method)
        for name, parameter in PARAMETERS.items():
            parameter.check(getattr(self, name))

    @classmethod
    def of(cls, method: str, data: str, **changes: Value) -> Self:
        """The method's own defaults, with `changes`."""
        unknown = sorted(set(changes) - set(PARAMETERS))
        if unknown:
            raise SpecError(f"{unknown[0]!r} is no hyperparameter; allowed are {', '.join(PARAMETERS)}.")
        return cls(method=method, data=data, **{**method_named(method).defaults, **changes})  # type: ignore[arg-type]

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The spec that `to_json` wrote; raises SpecError where it is none."""
        names = [field.name for field in fields(cls)]
        try:
            values = json.loads(text)
        except ValueError:
            values = None
        if not isinstance(values, dict) or set(values) != set(names):
            raise SpecError(f"The spec is {text[:200]!r}; allowed is a JSON object with the fields {', '.join(names)}.")
        return cls(**values)

    def to_json(self) -> str:
        """All fields as a JSON object."""
        return json.dumps(asdict(self))

    @property
    def parameters(self) -> Mapping[str, Value]:
        """The hyperparameters alone, by name."""
        return {name: getattr(self, name) for name in PARAMETERS}

    def split(self, images: int) -> tuple[int, int]:
        """How many of `images` are learnt from and how many are held out; raises SpecError where too few."""
        size = images if self.train_size is None else self.train_size
        if size > images:
            raise SpecError(f"train_size is {size:,}, but the data set has {images:,} training images; ask for fewer.")
        held_out = round(size * self.validation_split)
        if self.batch_size > size - held_out:
            raise SpecError(
                f"batch_size is {self.batch_size:,}, but only {size - held_out:,} images are left to learn from; "
                "choose a smaller batch or more training images."
            )
        return size - held_out, held_out

    def steps(self, images: int) -> int:
        """Batches an epoch, the last one possibly smaller."""
        return ceil(self.split(images)[0] / self.batch_size)
