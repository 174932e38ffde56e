"""A vote: the mean of what its members answer."""

import numpy as np
import pytest

from mnist_dash.arrays import Images, Probabilities
from mnist_dash.data.dataset import Dataset
from mnist_dash.methods.fitted.random_guess import RandomGuess
from mnist_dash.models.bundled import load_bundled
from mnist_dash.models.vote import VotingModel


def test_a_vote_answers_with_the_mean_of_its_members(mnist: Dataset) -> None:
    images = mnist.test.images[:50]
    members = [load_bundled("cnn"), load_bundled("reader"), RandomGuess(0)]
    found = VotingModel(members).probabilities(images)
    assert found.dtype == np.float32
    assert found == pytest.approx(sum(member.probabilities(images) for member in members) / 3, abs=1e-6)
    assert found.sum(axis=1) == pytest.approx(np.ones(50), abs=1e-5)


def test_two_members_that_are_less_sure_are_outvoted_by_one_that_is_sure() -> None:
    class Always:
        """Answers the same to every image."""

        def __init__(self, one: float) -> None:
            self._answer = np.array([1 - one, one, *[0.0] * 8], np.float32)

        def probabilities(self, images: Images) -> Probabilities:
            return np.tile(self._answer, (len(images), 1))

    found = VotingModel([Always(0.4), Always(0.4), Always(0.9)]).probabilities(np.zeros((1, 28, 28), np.uint8))
    assert found[0, :2] == pytest.approx([1.3 / 3, 1.7 / 3])


def test_no_images_have_no_answers() -> None:
    assert VotingModel([load_bundled("cnn"), RandomGuess(1)]).probabilities(np.empty((0, 28, 28), np.uint8)).shape == (
        0,
        10,
    )
