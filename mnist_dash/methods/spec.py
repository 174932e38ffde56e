"""What a run is to do, in full: together with the data it decides the result."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from math import ceil
from typing import Self

from mnist_dash.errors import SpecError
from mnist_dash.methods.architecture import parse_network
from mnist_dash.methods.kept_models import KeptModels
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.layers import Layer, count_parameters
from mnist_dash.methods.parameters import FOLDS, PARAMETERS, ValidationBy
from mnist_dash.methods.registry import CUSTOM, get_method

AUDIT: Mapping[str, object] = {
    **{"train_size": None, "validation_split": 0.0, "validation_by": ValidationBy.IMAGE.value},
    **{"patience": 0, "continued": (), "kept_models": KeptModels.LAST_AND_BEST.value},
}
"""What an audit leaves no choice of: it reads every training image, and what it holds out is a fold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """A method, a data set by name, and every hyperparameter; raises SpecError where one is not allowed.

    `train_size` None means all images; `layers` belongs to the method `custom` alone; `continued` holds the epochs
    after which a finished run was continued. See `PARAMETERS` for what each hyperparameter means. `folds` is 0 for an
    ordinary run; an audit trains so many networks, each without one fold of the training images, which it then reads.
    """

    method: str
    data: str
    epochs: int
    batch_size: int
    learning_rate: float
    optimizer: str
    train_size: int | None
    validation_split: float
    validation_by: str
    seed: int
    schedule: str
    patience: int
    kept_models: str
    clip_norm: float
    layers: str | None
    activation: str
    initializer: str
    loss: str
    dropout: float
    weight_decay: float
    label_smoothing: float
    rotation: float
    shift: float
    zoom: float
    shear: float
    elastic: float
    thickness: float
    disturbance: float
    continued: tuple[int, ...] = ()
    folds: int = 0

    def __post_init__(self) -> None:
        """Refuse what could not be run, before it is queued."""
        get_method(self.method)
        for name, parameter in PARAMETERS.items():
            parameter.check(getattr(self, name))
        if (self.layers is None) == (self.method == CUSTOM):
            raise SpecError(
                f"layers is {self.layers!r} for the method {self.method}; allowed is a list of layers for the method "
                f"{CUSTOM}, and none for any other."
            )
        if self.folds:
            _check_audit(self)

    @classmethod
    def of(cls, method: str, data: str, **changes: Value) -> Self:
        """The method's own defaults, with `changes`."""
        unknown = sorted(set(changes) - set(PARAMETERS))
        if unknown:
            raise SpecError(f"{unknown[0]!r} is no hyperparameter; allowed are {', '.join(PARAMETERS)}.")
        return cls(method=method, data=data, **{**get_method(method).defaults, **changes})  # type: ignore[arg-type]

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The spec that `to_json` wrote; raises SpecError where it is none."""
        names = [field.name for field in fields(cls)]
        try:
            values = json.loads(text)
        except ValueError:
            values = None
        if not _is_spec(values, names):
            raise SpecError(f"The spec is {text[:200]!r}; allowed is a JSON object with the fields {', '.join(names)}.")
        # A spec of an earlier version lacks what has been added since, and ran as the defaults say.
        values = {**get_method(values["method"]).defaults, **values}
        return cls(**values | {"continued": tuple(values.get("continued", ()))})

    def to_json(self) -> str:
        """All fields as a JSON object."""
        return json.dumps(asdict(self))

    @property
    def parameters(self) -> Mapping[str, Value]:
        """The hyperparameters alone, by name."""
        return {name: getattr(self, name) for name in PARAMETERS}

    @property
    def network(self) -> tuple[Layer, ...] | None:
        """The layers from 28×28 pixels to ten probabilities, or None where nothing is learnt."""
        return parse_network(self.layers) if self.layers else get_method(self.method).layers

    @property
    def parameter_count(self) -> int:
        """How many numbers the network learns."""
        return count_parameters(self.network or ())

    @property
    def keeps_every_epoch(self) -> bool:
        """Whether the model of every epoch is kept."""
        return self.kept_models == KeptModels.EVERY_EPOCH

    @property
    def kept_bytes(self) -> int:
        """About how many bytes the models of all epochs take, where they are kept: four for each number."""
        return 4 * self.parameter_count * self.epochs if self.keeps_every_epoch else 0

    @property
    def rounds(self) -> int:
        """What a run finishes and records one by one: its epochs, or the folds of an audit."""
        return self.folds or self.epochs

    @property
    def epochs_a_round(self) -> int:
        """How often a network sees its training images in a round."""
        return self.epochs if self.folds else 1

    @property
    def round_name(self) -> str:
        """What people call a round."""
        return "fold" if self.folds else "epoch"

    def further(self, epochs: int, finished: int) -> Self:
        """This spec continued for `epochs` more after `finished` ones; raises SpecError where they become too many."""
        return replace(self, epochs=finished + epochs, continued=(*self.continued, finished))

    def split(self, images: int) -> tuple[int, int]:
        """How many of `images` are learnt from and how many are held out; raises SpecError where too few.

        By writer, a few less may be held out: `draw_run_split` says which.
        """
        size = images if self.train_size is None else self.train_size
        if size > images:
            raise SpecError(f"train_size is {size:,}, but the data set has {images:,} training images; ask for fewer.")
        validation = images // self.folds if self.folds else round(size * self.validation_split)
        if self.batch_size > size - validation:
            raise SpecError(
                f"batch_size is {self.batch_size:,}, but only {size - validation:,} images are left to learn from; "
                "choose a smaller batch or more training images."
            )
        return size - validation, validation

    def steps(self, images: int) -> int:
        """Batches a round, the last one of each epoch possibly smaller."""
        return self.epochs_a_round * ceil(self.split(images)[0] / self.batch_size)


def _check_audit(spec: RunSpec) -> None:
    """Refuse an audit that would not read every training image once."""
    FOLDS.check(spec.folds)
    if spec.network is None:
        raise SpecError(f"The method {spec.method} learns nothing, so it can doubt no label; choose a network.")
    for name, value in AUDIT.items():
        if getattr(spec, name) != value:
            raise SpecError(
                f"{name} is {getattr(spec, name)!r} in an audit; allowed is {value!r} alone, since it reads every "
                "training image once and holds out a fold. Leave it out."
            )


def _is_spec(values: object, names: Collection[str]) -> bool:
    """Whether these are the fields of a spec, each of a kind that can be checked further."""
    if not isinstance(values, dict) or not {"method", "data"} <= set(values) <= set(names):
        return False
    words, continued = (values["method"], values["data"]), values.get("continued", [])
    numbers = [*continued, values.get("folds", 0)] if isinstance(continued, list) else [None]
    return all(isinstance(word, str) for word in words) and all(type(number) is int for number in numbers)
