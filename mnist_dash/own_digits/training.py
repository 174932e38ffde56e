"""Settings to train with on a data set that somebody made of own digits: of a hundred images, not the usual ones."""

from math import log2

from mnist_dash.data.dataset import Dataset
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.spec import RunSpec

METHOD = "cnn"
FEW = 1_000
"""Training images below which more rounds and augmentation are worth their time."""
FEWEST = 100
"""Training images below which all are learnt from."""
_AUGMENTED: dict[str, Value] = {"epochs": 60, "rotation": 10.0, "shift": 2.0, "zoom": 0.1}


def suggest_spec(dataset: Dataset) -> RunSpec:
    """The settings for a data set: batches that are no larger than what is learnt from."""
    images = len(dataset.train)
    if images >= FEW:
        return RunSpec.of(METHOD, dataset.name)
    usual = RunSpec.of(METHOD, dataset.name)
    # Of so few none can be spared for validation.
    validation = usual.validation_split if images >= FEWEST else 0.0
    learnt = images - round(images * validation)
    batch = min(usual.batch_size, 2 ** int(log2(learnt)))
    return RunSpec.of(METHOD, dataset.name, batch_size=batch, validation_split=validation, **_AUGMENTED)
