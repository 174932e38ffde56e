"""Settings that a data set can be trained with, however small it is."""

import pytest

from mnist_dash.methods.few_images import suggest_spec
from mnist_dash.methods.spec import RunSpec


@pytest.mark.parametrize(
    ("images", "batch", "learnt", "epochs"),
    [
        (2, 2, 2, 1_000),
        (10, 8, 10, 1_000),
        (99, 64, 99, 334),
        (100, 64, 90, 364),
        (1_000, 64, 900, 64),
        (1_999, 64, 1_799, 47),
    ],
)
def test_few_images_are_seen_often_varied_and_in_batches_that_fit(
    images: int, batch: int, learnt: int, epochs: int
) -> None:
    spec = suggest_spec("mine", images)
    assert (spec.batch_size, spec.split(images)[0], spec.data, spec.epochs) == (batch, learnt, "mine", epochs)
    assert min(spec.rotation, spec.shift, spec.zoom, spec.dropout) > 0


def test_many_images_are_learnt_from_as_usual() -> None:
    assert suggest_spec("mine", 2_000) == RunSpec.of("cnn", "mine")


def test_what_is_asked_for_holds() -> None:
    spec = suggest_spec("mine", 200, validation_split=0.0, seed=7)
    assert (spec.split(200), spec.seed, spec.epochs) == ((200, 0), 7, 180)
