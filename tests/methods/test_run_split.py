"""A run's training and validation images are drawn in one place, image by image or writer by writer."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.data.split import draw_split, draw_split_by_writer
from mnist_dash.errors import SpecError
from mnist_dash.methods.run_split import draw_run_split
from mnist_dash.methods.spec import RunSpec

SPEC = RunSpec.of("cnn", "mine", batch_size=10, seed=3)
BY_WRITER = replace(SPEC, validation_by="writer")


@pytest.fixture
def unknown(small: Digits) -> Digits:
    """Digits of which nothing says who wrote them."""
    return replace(small, writers=None)


def test_images_are_drawn_one_by_one_where_nobody_says_otherwise(small: Digits, unknown: Digits) -> None:
    expected = draw_split(500, 450, 50, 3)
    for digits in (small, unknown):
        parts = draw_run_split(SPEC, digits)
        assert np.array_equal(parts.train, expected.train)
        assert np.array_equal(parts.validation, expected.validation)


def test_by_writer_nobody_is_in_both_parts(small: Digits) -> None:
    assert small.writers is not None
    parts, expected = draw_run_split(BY_WRITER, small), draw_split_by_writer(small.writers, 450, 50, 3)
    assert np.array_equal(parts.train, expected.train)
    assert np.array_equal(parts.validation, expected.validation)
    assert not set(small.writers[parts.train]) & set(small.writers[parts.validation])
    other = draw_run_split(SPEC, small)
    assert set(small.writers[other.train]) & set(small.writers[other.validation])


def test_by_writer_unknown_writers_are_refused_with_what_is_allowed_and_what_to_do(unknown: Digits) -> None:
    words = (
        "^validation_by is 'writer', but nothing says who wrote the images of mine; allowed is 'image' there. Choose"
    )
    with pytest.raises(SpecError, match=words):
        draw_run_split(BY_WRITER, unknown)


def test_by_writer_a_share_too_small_for_anybody_is_refused(small: Digits) -> None:
    with pytest.raises(SpecError, match=r"^Validation has room for 4 images, but .* Choose a larger share, or"):
        draw_run_split(replace(BY_WRITER, validation_split=0.008), small)


def test_by_writer_all_is_learnt_from_where_there_is_no_share(small: Digits) -> None:
    parts = draw_run_split(replace(BY_WRITER, validation_split=0.0), small)
    assert (len(parts.train), len(parts.validation)) == (500, 0)


@pytest.mark.parametrize("spec", [SPEC, BY_WRITER])
def test_too_few_images_are_refused_first(spec: RunSpec, unknown: Digits) -> None:
    with pytest.raises(SpecError, match="ask for fewer"):
        draw_run_split(replace(spec, train_size=501), unknown)


def test_no_network_learns_from_one_digit_alone_and_the_random_answer_needs_none(small: Digits) -> None:
    sevens = small.take(small.labels == 7)
    with pytest.raises(
        SpecError, match=r"^Every training image of mine is a 7\. .* would answer 7 whatever it is shown"
    ):
        draw_run_split(SPEC, sevens)
    guessing = RunSpec.of("random", "mine", batch_size=10)
    assert len(draw_run_split(guessing, sevens).train)
    two = small.take(np.isin(small.labels, (3, 8)))
    assert len(draw_run_split(SPEC, two).train)
