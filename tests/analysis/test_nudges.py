"""Adversarial nudges: they mislead the model that they were found for, far more than chance, and are kept whole."""

import numpy as np
import pytest

from mnist_dash.analysis.evaluation import read_right
from mnist_dash.analysis.nudges import find_directions, read_directions, write_directions
from mnist_dash.analysis.robustness import measure_robustness
from mnist_dash.arrays import Images, Probabilities
from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.stress.stresses import STRESSES, stress
from mnist_dash.errors import DataError
from mnist_dash.models.bundled import load_bundled

DIGITS = generate(24, 3)


class LeftOrRight:
    """A model that says 0 the surer, the more ink there is on the left than on the right, and 1 otherwise."""

    def probabilities(self, images: Images) -> Probabilities:
        left, right = (images[:, :, side].mean(axis=(1, 2)) / 255 for side in (slice(14), slice(14, None)))
        found = np.full((len(images), 10), 1e-4, np.float32)
        found[:, 0] = 1 / (1 + np.exp(-20 * (left - right)))
        found[:, 1] = 1 - found[:, 0]
        return found


def test_ink_is_added_where_it_leads_away_from_the_label_and_taken_where_it_leads_to_it() -> None:
    images = np.full((2, 28, 28), 128, np.uint8)
    found = find_directions(LeftOrRight(), Digits(images, np.array([0, 1], np.uint8)))
    # Far from the border between the halves, where coarse waves ring.
    assert (found[0, :, 2:10] == -1).mean() > 0.9
    assert (found[0, :, 18:26] == 1).mean() > 0.9
    assert np.array_equal(found[1], -found[0])


@pytest.mark.slow
def test_a_nudge_misleads_a_network_where_the_same_amount_of_chance_does_not() -> None:
    model, told = load_bundled("cnn"), []
    found = find_directions(model, DIGITS, lambda _text, share: told.append(share))
    chance = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), found.shape)
    aimed, random = (
        int(read_right(model.probabilities(stress(DIGITS.images, "nudge", 0.3, directions=way)), DIGITS.labels).sum())
        for way in (found, chance)
    )
    assert random >= 20
    assert aimed <= random - 8
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.slow
def test_its_curve_begins_where_nothing_is_changed_and_falls() -> None:
    model, told = load_bundled("cnn"), []
    found = measure_robustness([model, model], DIGITS, "nudge", progress=lambda _text, share: told.append(share))
    assert found.levels.tolist() == list(STRESSES["nudge"].levels)
    assert found.right[0].tolist() == found.right[1].tolist()
    assert found.right[0, 0] == read_right(model.probabilities(DIGITS.images), DIGITS.labels).sum()
    assert found.right[0, -1] < found.right[0, 0] - 8
    assert told == sorted(told)
    assert told[-1] == 1


def test_directions_are_read_back_and_damaged_ones_are_none() -> None:
    found = np.sign(np.random.default_rng(0).standard_normal((3, 28, 28))).astype(np.int8)
    content = write_directions(found)
    again = read_directions(content)
    assert again is not None
    assert np.array_equal(again, found)
    assert read_directions(content[:-40]) is None
    assert read_directions(b"") is None
    assert read_directions(write_directions(found[:, :20])) is None


@pytest.mark.parametrize("directions", [None, np.zeros((2, 28, 28), np.int8)])
def test_a_nudge_without_directions_for_these_images_is_refused(directions: np.ndarray | None) -> None:
    with pytest.raises(DataError, match="needs its directions for 24 images"):
        stress(DIGITS.images, "nudge", 0.3, directions=directions)
