"""The validation digits on the page are those that the run is watched by."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.split import choose_gallery
from mnist_dash.methods.run_split import draw_run_split
from mnist_dash.methods.spec import RunSpec
from mnist_dash.ui.train.validation_answers import gallery_of


def set_of(digits: Digits) -> Dataset:
    """A set named `mine`."""
    return Dataset("mine", digits, digits, "the generator")


@pytest.mark.parametrize("by", ["image", "writer"])
def test_the_gallery_is_the_runs_own(small: Digits, by: str) -> None:
    spec = RunSpec.of("cnn", "mine", validation_by=by)
    shown = gallery_of(spec, set_of(small))
    assert shown is not None
    expected = choose_gallery(small.labels, draw_run_split(spec, small))
    assert np.array_equal(shown.images, small.images[expected])
    assert len(shown) == 20


def test_where_the_images_cannot_be_known_there_is_no_gallery(small: Digits) -> None:
    unknown = replace(small, writers=None)
    assert gallery_of(RunSpec.of("cnn", "other"), set_of(small)) is None
    assert gallery_of(RunSpec.of("cnn", "mine", train_size=1_000), set_of(small)) is None
    assert gallery_of(RunSpec.of("cnn", "mine", validation_by="writer"), set_of(unknown)) is None
