"""Settings for data sets of few images, such as somebody's own digits: tens where others have thousands."""

from math import log2

from mnist_dash.methods.kinds import Value
from mnist_dash.methods.spec import RunSpec

METHOD = "cnn"
FEW = 1_000
"""Training images below which more rounds and augmentation are worth their time."""
FEWEST = 100
"""Training images below which all are learnt from."""
_VARIED = 30_000
"""Varied images that a network is to see in all, however few there are to vary; more epochs than MOST are not run."""
_MOST = 1_000
_AUGMENTED: dict[str, Value] = {"rotation": 10.0, "shift": 2.0, "zoom": 0.1}


def suggest_spec(data: str, images: int, **changes: Value) -> RunSpec:
    """The settings for so many training images of a data set, with `changes`: batches no larger than what is learnt."""
    if images >= FEW:
        return RunSpec.of(METHOD, data, **changes)
    # Of so few none can be spared for validation.
    validation = changes.get("validation_split", 0.1 if images >= FEWEST else 0.0)
    learnt = images - round(images * float(validation or 0))
    epochs = min(_MOST, -(-_VARIED // learnt))
    fitting: dict[str, Value] = {"validation_split": validation, "batch_size": fit_batch(learnt), "epochs": epochs}
    return RunSpec.of(METHOD, data, **{**fitting, **_AUGMENTED, **changes})


def fit_batch(images: int) -> int:
    """A batch that is no larger than so many images, at least 1: a power of two, 64 at most."""
    return min(64, 1 << int(log2(images)))
