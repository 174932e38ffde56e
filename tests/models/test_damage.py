"""Damage done to weights: what each kind leaves, and that the file stays a model that answers."""

from collections.abc import Iterator

import numpy as np
import pytest

from mnist_dash.arrays import Float32s
from mnist_dash.data.generator.writers import generate
from mnist_dash.errors import ModelError
from mnist_dash.models.bundled import read_bundled_file
from mnist_dash.models.classifier import LiteRT
from mnist_dash.models.damage import DAMAGES, _find_weights, damage

CNN = read_bundled_file("cnn")
DIGITS = generate(200, 0)


def weights(content: bytes) -> list[Float32s]:
    """The weights of every layer."""
    found: Iterator[Float32s] = _find_weights(bytearray(content))
    return [np.array(each) for each in found]


def accuracy(content: bytes) -> float:
    read = LiteRT(content).probabilities(DIGITS.images).argmax(axis=1)
    return float((read == DIGITS.labels).mean())


@pytest.mark.parametrize("name", DAMAGES)
def test_the_first_amount_changes_nothing_and_the_last_ruins_the_answers(name: str) -> None:
    amounts = DAMAGES[name].amounts
    assert damage(CNN, name, amounts[0]) == CNN
    last = damage(CNN, name, amounts[-1])
    assert len(last) == len(CNN)
    assert damage(CNN, name, amounts[-1]) == last
    assert accuracy(last) < accuracy(CNN)


def test_the_weights_are_those_of_the_layers() -> None:
    assert [each.shape for each in weights(CNN)] == [(32, 3, 3, 1), (64, 3, 3, 32), (64, 3, 3, 64), (64, 576), (10, 64)]


def test_so_many_bits_leave_so_many_values() -> None:
    for bits in (1, 2, 3, 4):
        for layer in weights(damage(CNN, "bits", bits)):
            assert max(len(np.unique(row)) for row in layer.reshape(len(layer), -1)) <= 2**bits
    whole, eight = weights(CNN), weights(damage(CNN, "bits", 8))
    assert all(np.abs(a - b).max() <= np.abs(a).max() / 254 + 1e-6 for a, b in zip(whole, eight, strict=True))


def test_pruning_takes_the_smallest_and_leaves_the_others_as_they_were() -> None:
    for before, after in zip(weights(CNN), weights(damage(CNN, "prune", 50)), strict=True):
        gone = after == 0
        assert gone.mean() == pytest.approx(0.5, abs=0.01)
        assert np.abs(before[gone]).max() <= np.abs(before[~gone]).min()
        assert np.array_equal(before[~gone], after[~gone])


def test_noise_is_as_large_as_it_is_told() -> None:
    for before, after in zip(weights(CNN), weights(damage(CNN, "noise", 20)), strict=True):
        assert (after - before).std() == pytest.approx(0.2 * before.std(), rel=0.15)
    assert damage(CNN, "noise", 20, seed=1) != damage(CNN, "noise", 20, seed=2)


def test_channels_are_taken_away_whole_but_no_digit_is() -> None:
    *hidden, last = weights(damage(CNN, "channels", 50))
    for layer in hidden:
        gone = ~layer.reshape(len(layer), -1).any(axis=1)
        assert gone.sum() == len(layer) / 2
    assert np.array_equal(last, weights(CNN)[-1])
    fewer = ~weights(damage(CNN, "channels", 20))[1].reshape(64, -1).any(axis=1)
    more = ~weights(damage(CNN, "channels", 50))[1].reshape(64, -1).any(axis=1)
    assert not (fewer & ~more).any()


@pytest.mark.parametrize(
    ("name", "amount", "words"),
    [
        ("rust", 5, "There is no damage 'rust'; allowed are bits, prune, noise, channels"),
        ("bits", 9, "Fewer bits was asked for by 9 bits a weight; allowed are 32, 8, 7"),
        ("prune", float("nan"), "allowed are 0, 5, 10"),
    ],
)
def test_other_damage_is_refused(name: str, amount: float, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        damage(CNN, name, amount)
