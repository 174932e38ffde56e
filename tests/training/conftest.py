"""TensorFlow in this very process, and runs that need no supervisor."""

import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.methods.spec import RunSpec
from mnist_dash.settings import Settings


@pytest.fixture
def spec() -> RunSpec:
    """A small run of two epochs with a smaller last batch: 11 of 40 and one of 10."""
    return RunSpec.of("dense_128", "mnist", epochs=2, batch_size=40, train_size=500, validation_split=0.1, seed=5)


@pytest.fixture(scope="session")
def part(small: Digits) -> Digits:
    """130 digits: four batches of 30 and one of 10."""
    return small.take(slice(130))


@pytest.fixture
def dataset_read(with_data: Settings) -> Settings:
    """Settings whose data is in the cache, so that a run starts at once."""
    open_dataset(with_data)
    return with_data
