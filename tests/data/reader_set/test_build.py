"""The reader's training set holds what its recipe asks for, and the same digits each time."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.skeletons import SKELETONS
from mnist_dash.data.generator.writers import NOBODY, Written, generate
from mnist_dash.data.reader_set.build import RARE, Recipe, build_reader_set
from mnist_dash.data.reader_set.redrawing import draw_strokes

SMALL = Recipe(redrawn=4, usual=10, even=10, free=6, rare=6, broad=4, renderings=2)
NOTHING = Recipe(redrawn=0, usual=0, even=0, free=0, rare=0, broad=0, renderings=0)


@pytest.fixture(scope="module")
def mnist() -> Digits:
    """Twenty digits in MNIST's place."""
    return generate(20, 0)


@pytest.fixture(scope="module")
def strokes() -> tuple[Written, ...]:
    """Two digits by two people."""
    bar = np.array([[0.05, 0.0], [0.0, 1.0]])
    return Written(1, 0, (bar,), 0.1), Written(7, 1, (np.array([[-0.6, 0.0], [0.05, 0.0]]), bar), 0.1)


def test_every_source_gives_as_many_as_asked(mnist: Digits, strokes: tuple[Written, ...]) -> None:
    made = build_reader_set(mnist, strokes, SMALL)
    counts = dict(zip(made.names, np.bincount(made.source).tolist(), strict=True))
    assert list(counts.values()) == [20, 4, 10, 10, 6, 6, 4, 2, 2]
    assert len(made.digits) == 64
    assert made.digits.images.any(axis=(1, 2)).all()
    np.testing.assert_array_equal(made.digits.images[:20], mnist.images)
    assert made.digits.labels[-4:].tolist() == [1, 7, 1, 7]


def test_the_same_arguments_give_the_same_bits_and_another_seed_others(mnist: Digits) -> None:
    first, again, other = (build_reader_set(mnist, (), SMALL, seed).digits for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.images, again.images)
    assert (first.images != other.images).any(axis=(1, 2)).sum() > 32


def test_renderings_differ(mnist: Digits, strokes: tuple[Written, ...]) -> None:
    made = build_reader_set(mnist, strokes, SMALL).digits.images
    assert (made[-4:-2] != made[-2:]).any(axis=(1, 2)).all()


def test_pens_sizes_and_places_are_each_digits_own(strokes: tuple[Written, ...]) -> None:
    first, again, other = (draw_strokes(strokes[:1] * 3, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.images, again.images)
    assert (first.images != other.images).any()
    assert len(np.unique(first.images, axis=0)) == 3


def test_a_dot_is_drawn() -> None:
    assert draw_strokes([Written(1, 0, (np.array([[3.0, 4.0]]),), 0.1)], 0).images.any()


def test_writers_are_told_apart_and_stay_the_same_where_their_digits_are_drawn_again(
    mnist: Digits, strokes: tuple[Written, ...]
) -> None:
    made = build_reader_set(mnist, strokes, SMALL)
    assert made.digits.writers is not None
    people = [set(made.digits.writers[made.source == at].tolist()) for at in range(len(made.names))]
    assert people[1] <= people[0]
    assert people[-1] == people[-2]
    alone = [*people[:1], *people[2:-1]]
    assert sum(map(len, alone)) == len(set().union(*alone))


def test_writers_are_unknown_where_one_source_does_not_tell(mnist: Digits, strokes: tuple[Written, ...]) -> None:
    assert build_reader_set(replace(mnist, writers=None), strokes, SMALL).digits.writers is None
    unknown = replace(strokes[0], writer=NOBODY)
    assert build_reader_set(mnist, (unknown, *strokes), SMALL).digits.writers is None


def test_what_nobody_asks_for_is_left_out(mnist: Digits, strokes: tuple[Written, ...]) -> None:
    made = build_reader_set(mnist, strokes, NOTHING)
    assert made.names == ("MNIST",)
    assert len(build_reader_set(mnist, (), SMALL).names) == 7


def test_each_word_for_rare_forms_names_some() -> None:
    for digit, rare in RARE.items():
        for word in rare.words:
            assert any(word in form.name for form in SKELETONS[digit]), (digit, word)


def test_broad_ones_are_ones_by_a_broad_pen(mnist: Digits) -> None:
    made = build_reader_set(mnist, (), replace(NOTHING, broad=40)).digits.take(slice(20, None))
    usual = generate(400, 0)
    fine = usual.take(usual.labels == 1)
    assert made.labels.tolist() == [1] * 40
    broad_ink, fine_ink = (np.median(digits.images.mean(axis=(1, 2))) for digits in (made, fine))
    assert broad_ink > 1.3 * fine_ink, (broad_ink, fine_ink)


def test_progress_is_told_in_words(mnist: Digits) -> None:
    told: list[tuple[str, float]] = []
    build_reader_set(mnist, (), SMALL, progress=lambda text, share: told.append((text, share)))
    assert told[-1] == ("Ready", 1.0)
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_the_share_that_is_told_follows_the_time_that_each_source_takes(mnist: Digits) -> None:
    recipe = replace(NOTHING, redrawn=20, rare=20)
    told: list[float] = []
    build_reader_set(mnist, (), recipe, progress=lambda _text, share: told.append(share))
    # After each of the digits that are redrawn, and then of those that are rare: no bar stands for a minute.
    assert len(told) == 20 + 20 + 1
    assert told[19] == pytest.approx(replace(recipe, rare=0).estimate_seconds() / recipe.estimate_seconds())
    assert told[-2] == pytest.approx(1)


def test_digits_of_people_add_to_the_time() -> None:
    usual = Recipe()
    assert 60 < usual.estimate_seconds() < usual.estimate_seconds(4_000) < 2 * usual.estimate_seconds()
