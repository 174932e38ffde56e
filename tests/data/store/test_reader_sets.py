"""The set that the bundled reader learns from is made under a name, from MNIST, the generator and people's strokes."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.reader_set.build import Recipe
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.reader_sets import make_reader_set
from mnist_dash.errors import DataError
from mnist_dash.settings import Settings
from tests.data.samples import SmallSet

SMALL = Recipe(redrawn=4, usual=10, even=10, broad=10, free=6, rare=6, renderings=2)


@pytest.fixture
def with_mnist(settings: Settings, small: SmallSet, tmp_path: Path) -> Settings:
    """Settings under which a small set stands for MNIST."""
    return replace(settings, data=small.write_npz(tmp_path / "mnist.npz"), offline=True)


@pytest.fixture
def strokes(tmp_path: Path) -> Path:
    """Three digits by somebody."""
    path = tmp_path / "strokes.jsonl"
    digit = {"label": 1, "donor": "me", "strokes": [[[0, 200], [150, 0]], [[150, 0], [140, 1000]]]}
    path.write_text("\n".join([json.dumps(digit)] * 3), "utf-8")
    return path


def test_a_set_is_kept_and_the_last_training_images_are_not_in_it(
    with_mnist: Settings, small: SmallSet, strokes: Path
) -> None:
    told: list[float] = []
    made = make_reader_set(with_mnist, "mine", strokes, 1, lambda _text, share: told.append(share), SMALL)
    assert named_sets.names(with_mnist) == ("mine",)
    # 65 of 70 images, and what the recipe asks for.
    assert len(made.train) == 65 + 4 + 10 + 10 + 10 + 6 + 6 + 2 * 3
    assert np.array_equal(made.train.images[:65], small.train.images[:65])
    assert np.array_equal(made.test.images, small.test.images)
    assert made.origin == "MNIST, MNIST redrawn, pen-stroke generator 2, 3 pen-stroke digits of people, seed 1"
    assert told == sorted(told)
    assert told[-1] == 1


def test_nobody_needs_strokes(with_mnist: Settings) -> None:
    made = make_reader_set(with_mnist, "mine", recipe=SMALL)
    assert len(made.train) == 65 + 46
    assert made.origin == "MNIST, MNIST redrawn, pen-stroke generator 2, seed 1"


@pytest.mark.parametrize(
    ("name", "seed", "said"), [("mnist", 1, "already a data set"), ("mine", -1, "The seed is -1; allowed is 0 or more")]
)
def test_what_is_not_allowed_is_refused_before_anything_is_drawn(
    with_mnist: Settings, name: str, seed: int, said: str
) -> None:
    with pytest.raises(DataError, match=said):
        make_reader_set(with_mnist, name, seed=seed, recipe=SMALL)
    assert named_sets.names(with_mnist) == ()


def test_a_broken_line_of_strokes_is_told(with_mnist: Settings, strokes: Path) -> None:
    strokes.write_text("{}", "utf-8")
    with pytest.raises(DataError, match="Line 1 of"):
        make_reader_set(with_mnist, "mine", strokes, recipe=SMALL)
