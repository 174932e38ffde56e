"""How far models hold under stress: counted at every level, kept and read back."""

import numpy as np
import pytest

from mnist_dash.analysis.robustness import measure_robustness, read_robustness
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.stress.stresses import STRESSES, stress
from mnist_dash.errors import DataError
from mnist_dash.methods.fitted.random_guess import RandomGuess
from mnist_dash.models.bundled import load_bundled

DIGITS = generate(80, 0)


def test_every_model_is_counted_at_every_level_on_the_same_digits() -> None:
    told: list[float] = []
    models = [load_bundled("cnn"), RandomGuess(0)]
    found = measure_robustness(models, DIGITS, "invert", 0, lambda _text, share: told.append(share))
    assert found.levels.tolist() == list(STRESSES["invert"].levels)
    assert (found.right.shape, found.images) == ((2, 6), 80)
    for at, level in enumerate(found.levels):
        read = models[0].probabilities(stress(DIGITS.images, "invert", level)).argmax(axis=1)
        assert found.right[0, at] == (read == DIGITS.labels).sum()
    assert found.right[0, 0] > 60 > found.right[0, -1]
    assert told == sorted(told)
    assert told[-1] == 1


def test_a_result_is_read_back_and_a_damaged_one_is_none() -> None:
    found = measure_robustness([RandomGuess(0)], DIGITS, "stripes")
    content = found.to_npz()
    again = read_robustness(content)
    assert again
    assert np.array_equal(again.right, found.right)
    assert (again.images, again.levels.tolist()) == (80, found.levels.tolist())
    assert read_robustness(content[:-40]) is None
    assert read_robustness(b"") is None


def test_an_unknown_stress_is_refused() -> None:
    with pytest.raises(DataError, match="There is no stress 'melt'"):
        measure_robustness([RandomGuess(0)], DIGITS, "melt")
