"""Settings for data sets of few images, such as somebody's own digits: tens where others have thousands.

They were chosen on training images of MNIST that were set aside (`benchmarks.few_labels --validation`).
"""

from math import log2

from mnist_dash.methods.kinds import Value
from mnist_dash.methods.spec import RunSpec

METHOD = "cnn"
FEW = 2_000
"""Training images below which more rounds and augmentation are worth their time."""
FEWEST = 100
"""Training images below which all are learnt from, bent as far as digits can be read."""
_VARIED = 30_000
"""Varied images that a network is to see in all, however few there are to vary, …"""
_ROUNDS = 30
"""… and so many epochs beside; more epochs than MOST are not run."""
_MOST = 1_000
_NETWORK: dict[str, Value] = {
    "layers": "conv 32 3, conv 32 3, pool 2, conv 64 3, conv 64 3, pool 2, flatten, dense 128",
}
_BENT: dict[str, Value] = {
    "dropout": 0.3,
    "rotation": 20.0,
    "shift": 2.5,
    "zoom": 0.25,
    "shear": 0.35,
    "elastic": 1.5,
    "thickness": 2.0,
}
_VARIETY: dict[str, Value] = {
    "dropout": 0.5,
    "schedule": "one_cycle",
    "learning_rate": 0.002,
    "rotation": 15.0,
    "shift": 2.0,
    "zoom": 0.2,
    "shear": 0.25,
    "elastic": 1.0,
    "thickness": 1.5,
}


def suggest_spec(data: str, images: int, **changes: Value) -> RunSpec:
    """The settings for so many training images of a data set, with `changes`: batches no larger than what is learnt."""
    if images >= FEW:
        return RunSpec.of(METHOD, data, **changes)
    # Of so few none can be spared for validation.
    validation = changes.get("validation_split", 0.1 if images >= FEWEST else 0.0)
    learnt = images - round(images * float(validation or 0))
    epochs = min(_MOST, -(-_VARIED // learnt) + _ROUNDS)
    fitting: dict[str, Value] = {"validation_split": validation, "batch_size": fit_batch(learnt), "epochs": epochs}
    varied = _VARIETY if images >= FEWEST else _BENT
    return RunSpec.of("custom", data, **{**fitting, **_NETWORK, **varied, **changes})


def fit_batch(images: int) -> int:
    """A batch that is no larger than so many images, at least 1: a power of two, 64 at most."""
    return min(64, 1 << int(log2(images)))
