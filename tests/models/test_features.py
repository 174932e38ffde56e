"""The last features of a network: the same in any batch, and refused where there are none."""

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.errors import ModelError, RunError
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.features import compute_last_features
from mnist_dash.models.registry.lookup import read_file_with_features
from mnist_dash.runs import queue
from mnist_dash.store.database import Database
from tests.trained import trained


def test_features_are_as_many_as_the_last_hidden_layer_has_units(content: bytes, small: Digits) -> None:
    features = compute_last_features(content, small.images[:7])
    assert features.shape == (7, 64)
    assert features.dtype == np.float32
    assert features.min() == 0
    assert features.max() > 0


def test_an_image_has_the_same_features_in_any_company(content: bytes, small: Digits) -> None:
    together = compute_last_features(content, small.images[:251])
    for i in (0, 249, 250):
        np.testing.assert_allclose(compute_last_features(content, small.images[i : i + 1])[0], together[i], atol=1e-5)


def test_no_images_have_no_features(content: bytes, small: Digits) -> None:
    assert compute_last_features(content, small.images[:0]).shape == (0, 64)


def test_how_far_it_is_is_told(content: bytes, small: Digits) -> None:
    shares: list[float] = []
    compute_last_features(content, small.images, lambda _, share: shares.append(share))
    assert shares == [0, 0.5]


@pytest.mark.parametrize("garbage", [b"", b"garbage" * 1_000])
def test_what_is_no_model_is_refused(garbage: bytes, small: Digits) -> None:
    with pytest.raises(ModelError, match="This is no LiteRT model that can answer"):
        compute_last_features(garbage, small.images[:1])


def test_a_run_that_guesses_has_none(database: Database, spec: RunSpec) -> None:
    run = trained(database, spec, scores=())
    with pytest.raises(ModelError, match=rf"Run {run.id} guesses and has no features\. Choose "):
        read_file_with_features(database, str(run.id))


def test_the_file_is_that_of_the_model_of_the_name(database: Database, content: bytes) -> None:
    run = trained(database, RunSpec.of("dense_128", "mnist"), litert=b"of the run")
    assert read_file_with_features(database, str(run.id)) == b"of the run"
    assert read_file_with_features(database, "cnn") == content


def test_a_run_that_has_not_learnt_yet_is_refused(database: Database) -> None:
    waiting = queue.submit(database, RunSpec.of("dense_128", "mnist"))
    with pytest.raises(RunError, match="has finished no epoch"):
        read_file_with_features(database, str(waiting.id))
