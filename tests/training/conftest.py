"""TensorFlow in this very process, and runs that need no supervisor."""

import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.methods.spec import RunSpec


@pytest.fixture
def spec() -> RunSpec:
    """A small run of two epochs with a smaller last batch: 15 of 30 and one of 10."""
    return RunSpec.of("dense_128", "mnist", epochs=2, batch_size=40, train_size=500, validation_split=0.1, seed=5)


@pytest.fixture(scope="session")
def part(small: Digits) -> Digits:
    """130 digits: four batches of 30 and one of 10."""
    return small.take(slice(130))
