"""What a run is to do, in full: together with the data it decides the result."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from math import ceil
from typing import Any, Self

from mnist_dash.errors import SpecError
from mnist_dash.methods.architecture import parse_network
from mnist_dash.methods.fine_tuning import FineTuning
from mnist_dash.methods.kept_models import KeptModels
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.layers import Layer, count_parameters
from mnist_dash.methods.method import Fitting
from mnist_dash.methods.parameters import FOLDS, PARAMETERS, ValidationBy
from mnist_dash.methods.registry import CUSTOM, METHODS, Method, get_method

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
    `own` holds the hyperparameters that networks do not have, with their values, in the order of the method's own.
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
    own: tuple[tuple[str, Value], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what could not be run, before it is queued."""
        own = get_method(self.method).own
        for name, parameter in PARAMETERS.items():
            parameter.check(getattr(self, name))
        if [name for name, _ in self.own] != list(own):
            raise SpecError(f"own has {self.own!r}; allowed are values for {', '.join(own) or 'nothing'}.")
        for name, value in self.own:
            own[name].check(value)
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
        known = get_method(method)
        unknown = sorted(set(changes) - set(known.hyperparameters))
        if unknown:
            allowed = ", ".join(known.hyperparameters)
            raise SpecError(f"{unknown[0]!r} is no hyperparameter; allowed are {allowed}.")
        return cls._fill(known, {**changes, "data": data})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The spec that `to_json` wrote; raises SpecError where it is none."""
        try:
            values = json.loads(text)
        except ValueError:
            values = None
        names = [field.name for field in fields(cls) if field.name != "own"]
        own = _find_own(values)
        if not _is_spec(values, [*names, *own]):
            raise SpecError(f"The spec is {text[:200]!r}; allowed is a JSON object with the fields {', '.join(names)}.")
        return cls._fill(get_method(values.pop("method")), values | {"continued": tuple(values.get("continued", ()))})

    @classmethod
    def _fill(cls, method: Method, values: Mapping[str, Any]) -> Self:
        """A spec of that method with `values` by name; what they lack, as one of an earlier version may, is default."""
        filled = {**method.defaults, **values}
        own = tuple((name, filled.pop(name)) for name in method.own)
        return cls(method=method.name, own=own, **filled)

    def to_json(self) -> str:
        """What `to_fields` gives, as a JSON object."""
        return json.dumps(self.to_fields())

    def to_fields(self) -> dict[str, Any]:
        """All fields by name, those that the method does not have left out."""
        written = asdict(self) | dict(self.own)
        unused = set(PARAMETERS) - set(get_method(self.method).hyperparameters)
        return {name: value for name, value in written.items() if name not in unused | {"own"}}

    @property
    def parameters(self) -> Mapping[str, Value]:
        """The hyperparameters that the method has, by name."""
        values = dict(self.own)
        return {
            name: values[name] if name in values else getattr(self, name)
            for name in get_method(self.method).hyperparameters
        }

    @property
    def network(self) -> tuple[Layer, ...] | None:
        """The layers from 28×28 pixels to ten probabilities, or None of a method that is no network."""
        return parse_network(self.layers) if self.layers else get_method(self.method).layers

    @property
    def parameter_count(self) -> int:
        """How many numbers are learnt; 0 where nothing is, and where that depends on the images."""
        return count_parameters(self.network) if self.network else get_method(self.method).parameters

    @property
    def fine_tuning(self) -> FineTuning | None:
        """How a network that comes with the program is fine-tuned; None where weights are drawn by the seed."""
        return FineTuning.of(self.own)

    @property
    def has_epochs(self) -> bool:
        """Whether the method is a network, which learns epoch by epoch."""
        return self.network is not None

    @property
    def is_fitted(self) -> bool:
        """Whether the method learns all at once, and keeps arrays where a network keeps weights."""
        return get_method(self.method).is_fitted

    @property
    def learns(self) -> bool:
        """Whether anything is learnt of the training images."""
        return get_method(self.method).learns

    @property
    def fitting(self) -> Fitting | None:
        """How a method that is no network learns and answers."""
        return get_method(self.method).fitting

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
        return "fold" if self.folds else "fit" if self.is_fitted else "epoch"

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
        seen = self.count_seen(size - validation)
        if self.batch_size > seen:
            raise SpecError(
                f"batch_size is {self.batch_size:,}, but only {seen:,} images are left to learn from; "
                "choose a smaller batch or more training images."
            )
        return size - validation, validation

    def count_seen(self, learnt: int) -> int:
        """How many digits an epoch shows where so many images are learnt from."""
        return self.fine_tuning.count_seen(learnt) if self.fine_tuning else learnt

    def steps(self, images: int) -> int:
        """Batches a round, the last one of each epoch possibly smaller."""
        return self.epochs_a_round * ceil(self.count_seen(self.split(images)[0]) / self.batch_size)


def _check_audit(spec: RunSpec) -> None:
    """Refuse an audit that would not read every training image once."""
    FOLDS.check(spec.folds)
    if spec.network is None or spec.own:
        why = "has no epochs" if spec.is_fitted else "has learnt from elsewhere" if spec.learns else "learns nothing"
        raise SpecError(f"The method {spec.method} {why}, so it can doubt no label; choose a network.")
    for name, value in AUDIT.items():
        if getattr(spec, name) != value:
            raise SpecError(
                f"{name} is {getattr(spec, name)!r} in an audit; allowed is {value!r} alone, since it reads every "
                "training image once and holds out a fold. Leave it out."
            )


def _find_own(values: object) -> Collection[str]:
    """The names of the hyperparameters that the method of these fields alone has, where they name one."""
    method = values.get("method") if isinstance(values, dict) else None
    return METHODS[method].own if isinstance(method, str) and method in METHODS else ()


def _is_spec(values: object, names: Collection[str]) -> bool:
    """Whether these are the fields of a spec, each of a kind that can be checked further."""
    if not isinstance(values, dict) or not {"method", "data"} <= set(values) <= set(names):
        return False
    words, continued = (values["method"], values["data"]), values.get("continued", [])
    numbers = [*continued, values.get("folds", 0)] if isinstance(continued, list) else [None]
    return all(isinstance(word, str) for word in words) and all(type(number) is int for number in numbers)
