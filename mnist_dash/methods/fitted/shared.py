"""What fitted methods share: the hyperparameters of all runs, pixels as they take them, and arrays that are checked."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import AnyNumbers, Float64s, Images, Probabilities
from mnist_dash.data.dataset import CLASSES, FEATURES
from mnist_dash.errors import ModelError
from mnist_dash.methods.kinds import Parameter
from mnist_dash.methods.method import Arrays, Values
from mnist_dash.methods.parameters import DEFAULTS, PARAMETERS

ALL_RUNS = ("train_size", "validation_split", "validation_by", "seed")
"""The hyperparameters that say which images are learnt from; a fit has no epochs, batches or augmentation."""


def list_hyperparameters(*own: Parameter) -> Mapping[str, Parameter]:
    """The method's own hyperparameters and those of all runs, by name."""
    return MappingProxyType(
        {parameter.name: parameter for parameter in own} | {name: PARAMETERS[name] for name in ALL_RUNS}
    )


def make_defaults(**own: float | str) -> Values:
    """A default for every field of a spec; a fit looks at all images at once, and once."""
    return MappingProxyType({**DEFAULTS, "epochs": 1, "batch_size": 1, **own})


def read_number(values: Values, name: str) -> float:
    """The number that is set under that name."""
    value = values[name]
    assert isinstance(value, int | float)  # noqa: S101 - the spec has been checked
    return value


def scale_rows(images: Images) -> Float64s:
    """Images (n, 28, 28) as rows (n, 784) from 0 to 1."""
    return images.reshape(-1, FEATURES) / 255.0


def take_array(arrays: Arrays, name: str, dtype: npt.DTypeLike, *shape: int | None) -> AnyNumbers:
    """The array of that name, of that type and shape (None: any length); raises ModelError where it is another."""
    found = arrays.get(name)
    if found is None or found.dtype != np.dtype(dtype) or found.ndim != len(shape):
        raise explain_damage(name)
    if any(want not in (None, have) for want, have in zip(shape, found.shape, strict=True)):
        raise explain_damage(name)
    return found


def take_digits(arrays: Arrays) -> AnyNumbers:
    """The digits (k,) that a method has learnt to tell apart, two at least and in their order."""
    digits = take_array(arrays, "digits", np.uint8, None)
    if len(digits) < 2 or digits.max() >= CLASSES or not (np.diff(digits.astype(int)) > 0).all():
        raise explain_damage("digits")
    return digits


def check_finite(arrays: Arrays, *names: str) -> None:
    """Refuse arrays with values that are no numbers; raises ModelError."""
    for name in names:
        if not np.isfinite(arrays[name]).all():
            raise explain_damage(name)


def explain_damage(name: str) -> ModelError:
    """The error of a file whose array of that name is not as it was written."""
    return ModelError(f"The fitted model is damaged: its array {name!r} is not what was fitted. Train it once more.")


def spread_shares(shares: Float64s, digits: AnyNumbers) -> Probabilities:
    """Shares (n, k) of the `digits` (k,) as probabilities of all ten: (n, 10)."""
    found = np.zeros((len(shares), CLASSES), np.float32)
    found[:, digits] = shares
    return found


def soften(scores: Float64s) -> Float64s:
    """Softmax of scores (n, k)."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
