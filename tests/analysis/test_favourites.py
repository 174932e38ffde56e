"""Favourites: what a model is surest of is found by asking alone, and kept as it was found."""

import numpy as np
import pytest

from mnist_dash.analysis.favourites import Favourites, find_favourites, read_favourites
from mnist_dash.arrays import Images, Probabilities
from mnist_dash.data.dataset import Digits
from mnist_dash.models.bundled import load_bundled


class Half:
    """Takes ink in one half of an image for a 3, in the other for a 5, and is never sure."""

    def probabilities(self, images: Images) -> Probabilities:
        ink = images.reshape(-1, 28, 28).astype(np.float64) / 255
        lean = np.tanh((ink[:, :, :14].mean(axis=(1, 2)) - ink[:, :, 14:].mean(axis=(1, 2))) * 4)
        shares = np.full((len(images), 10), 0.01)
        shares[:, 3], shares[:, 5] = 0.46 * (1 + lean), 0.46 * (1 - lean)
        return shares.astype(np.float32)


@pytest.mark.slow
def test_a_network_is_surer_of_its_favourites_than_of_the_mean(small: Digits) -> None:
    model = load_bundled("cnn")
    found = find_favourites(model, small.images)
    assert found.images.shape == (10, 28, 28)
    assert found.probabilities.argmax(axis=1).tolist() == list(range(10))
    assert found.probabilities.diagonal().min() > 0.9
    np.testing.assert_allclose(found.probabilities, model.probabilities(found.images))


def test_the_climb_finds_where_a_model_looks(small: Digits) -> None:
    told: list[float] = []
    found = find_favourites(Half(), small.images, lambda _, share: told.append(share))
    left, right = found.images[:, :, :14].mean(axis=(1, 2)), found.images[:, :, 14:].mean(axis=(1, 2))
    assert left[3] > right[3] + 10
    assert right[5] > left[5] + 10
    assert told == sorted(told)
    assert told[-1] == 1


def test_they_are_kept_and_damaged_ones_are_none() -> None:
    images = np.arange(7840, dtype=np.uint8).reshape(10, 28, 28)
    content = Favourites(images, np.eye(10, dtype=np.float32)).to_npz()
    found = read_favourites(content)
    assert found is not None
    assert np.array_equal(found.images, images)
    assert np.array_equal(found.probabilities, np.eye(10))
    assert read_favourites(content[:100]) is None
    assert read_favourites(Favourites(images[:, :9], np.eye(10, dtype=np.float32)).to_npz()) is None
