"""The training room's functions, loaded when the first test calls one: TensorFlow takes seconds and stays loaded."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pytest

from mnist_dash.data.augmentation import Augmentation
from mnist_dash.data.dataset import Digits
from mnist_dash.methods.kinds import Value
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs.queries import batches_of
from mnist_dash.runs.records import Run
from mnist_dash.store.database import Database
from mnist_dash.training.batch_loader import BatchLoader

if TYPE_CHECKING:
    from mnist_dash.training.loop import Trainer
    from mnist_dash.training.scoring import Score

MARKS = [
    pytest.mark.training,
    # Keras 3.15 copies its variables in a way that numpy 2 will not always allow.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"),
]

Model = Any
"""A Keras model; the library has no types."""
Losses = npt.NDArray[np.float32]


def build(spec: RunSpec) -> Model:
    from mnist_dash.training import networks

    return networks.build(spec)


def model_of(method: str = "dense_128", **changes: Value) -> Model:
    """The method's network, new."""
    return build(RunSpec.of(method, "mnist", **changes))


def loss_of(**changes: Value) -> Callable[[Any, Any], Any]:
    """The loss of a spec with these changes."""
    from mnist_dash.training import networks

    return networks.loss_of(RunSpec.of("dense_128", "mnist", **changes))


def make_trainer(model: Model, batch: int = 30, **changes: Value) -> "Trainer":
    """Trains with the loss of a spec with these changes."""
    from mnist_dash.training import loop

    return loop.Trainer(model, loss_of(**changes), batch)


def make_distilling_trainer(model: Model, batch: int, trust: float) -> "Trainer":
    """Trains with what a teacher says as well, as much as that is trusted."""
    from mnist_dash.training import loop

    return loop.Trainer(model, loss_of(), batch, trust)


def feed(digits: Digits, epoch: int = 1) -> BatchLoader:
    """The digits in the order of that epoch, as they are."""
    return BatchLoader(digits, Augmentation(), 0, epoch)


def epoch_of(trainer: "Trainer", digits: Digits, epoch: int = 1, rate: float = 0.001) -> tuple[Losses, Losses]:
    """Train an epoch in batches of 30 at that rate; the loss and the accuracy of each batch."""
    rates = np.full(-(-len(digits) // 30), rate)
    chunks = list(trainer.epoch(feed(digits, epoch), rates))
    return np.concatenate([chunk.loss for chunk in chunks]), np.concatenate([chunk.accuracy for chunk in chunks])


def steps_of(database: Database, run: Run) -> list[tuple[int, int]]:
    """Each recorded batch: its epoch and its place in it."""
    return [(some.epoch, some.step + i) for some in batches_of(database, run.id) for i in range(len(some.loss))]


def score(model: Model, digits: Digits) -> "Score":
    from mnist_dash.training import scoring

    return scoring.Scorer(model, loss_of()).score(digits)


def to_keras(model: Model) -> bytes:
    from mnist_dash.training import files

    return files.to_keras(model)


def from_keras(content: bytes | None) -> Model:
    from mnist_dash.training import files

    assert content is not None
    return files.from_keras(content)


def to_litert(model: Model) -> bytes:
    from mnist_dash.training import files

    return files.to_litert(model)


def to_half_litert(model: Model) -> bytes:
    from mnist_dash.training import files

    return files.to_half_litert(model)


def to_onnx(model: Model) -> bytes:
    from mnist_dash.training import files

    return files.to_onnx(model)
