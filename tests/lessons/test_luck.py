"""Choosing by few test images takes luck for skill."""

import numpy as np

from mnist_dash.lessons.luck import FEW, GUESSERS, try_luck

LABELS = (np.arange(5_000) % 10).astype(np.uint8)


def test_the_best_of_many_guessers_is_no_better_elsewhere() -> None:
    luck = try_luck(LABELS)
    assert luck is not None
    assert len(luck.shares) == GUESSERS
    assert luck.chosen == luck.shares.max() >= 0.14
    assert 0.08 < luck.elsewhere < 0.12
    assert luck.rest == len(LABELS) - FEW


def test_too_few_images_are_not_tried() -> None:
    assert try_luck(LABELS[: 2 * FEW - 1]) is None
