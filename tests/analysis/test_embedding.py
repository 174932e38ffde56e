"""The map of digits: a fair sample, decided by its plan, kept under a name of its own."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mnist_dash.analysis.embedding import Map, Method, Plan, draw, draw_sample, from_npz, images_of, key_of
from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.errors import DataError, SpecError

PCA = Plan(Method.PCA, count=300)


@pytest.fixture(scope="module")
def dataset(calm: Digits) -> Dataset:
    """400 training and 100 test digits."""
    return Dataset("small", calm.take(slice(400)), calm.take(slice(400, 500)), "here", sha256={"train_images": "1"})


def test_a_sample_has_its_share_of_every_digit_of_both_splits(dataset: Dataset) -> None:
    split, index, label = draw_sample(dataset, 250, 0)
    assert len({*zip(split.tolist(), index.tolist(), strict=True)}) == 250
    for place, digits in enumerate((dataset.train, dataset.test)):
        there = index[split == place]
        assert np.array_equal(label[split == place], digits.labels[there])
        wanted = np.bincount(digits.labels, minlength=10) / 2
        assert np.abs(np.bincount(digits.labels[there], minlength=10) - wanted).max() <= 1


def test_another_seed_draws_others_and_the_same_draws_the_same(dataset: Dataset) -> None:
    assert np.array_equal(draw_sample(dataset, 100, 3)[1], draw_sample(dataset, 100, 3)[1])
    assert not np.array_equal(draw_sample(dataset, 100, 3)[1], draw_sample(dataset, 100, 4)[1])


def test_all_images_can_be_asked_for_and_no_more(dataset: Dataset) -> None:
    split, index, _ = draw_sample(dataset, 500, 0)
    assert np.array_equal(index, [*range(400), *range(100)])
    assert np.array_equal(images_of(dataset, split, index), [*dataset.train.images, *dataset.test.images])
    with pytest.raises(DataError, match=r"small has 500 images; a map of 501 was asked for\. Ask for fewer\."):
        draw_sample(dataset, 501, 0)


def test_components_of_pixels_come_with_their_shares_of_the_variance(dataset: Dataset) -> None:
    drawn = draw(dataset, PCA)
    assert drawn.points.shape == (300, 2)
    assert drawn.points.dtype == np.float32
    assert drawn.shares is not None
    assert drawn.points.var(axis=0)[0] / drawn.points.var(axis=0)[1] == pytest.approx(
        drawn.shares[0] / drawn.shares[1], rel=1e-3
    )


@pytest.mark.slow
def test_a_map_of_features_is_another_than_that_of_pixels(dataset: Dataset, content: bytes) -> None:
    told: list[tuple[str, float]] = []
    features = draw(dataset, PCA, content, lambda text, share: told.append((text, share)))
    assert not np.allclose(features.points, draw(dataset, PCA).points)
    assert told[0][0] == "Asking the network"
    assert [share for _, share in told] == sorted(share for _, share in told)


@pytest.mark.slow
def test_digits_of_a_kind_lie_together(dataset: Dataset) -> None:
    drawn = draw(dataset, Plan(count=300))
    assert drawn.shares is None
    distances = np.linalg.norm(drawn.points[:, np.newaxis] - drawn.points, axis=2) + np.diag(np.full(300, np.inf))
    assert (drawn.label[distances.argmin(axis=1)] == drawn.label).mean() > 0.7


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Plan(count=99), "to show 99 images; allowed are 100 to 10,000"),
        (lambda: Plan(count=10_001), "to show 10,001 images"),
        (lambda: Plan(seed=-1), "The seed is -1; allowed is a whole number from 0"),
        (lambda: Plan(count=300, perplexity=100), r"is 100; allowed for 300 images is 2 to 99\.6667\. Take a smaller"),
        (lambda: Plan(perplexity=1), "The perplexity is 1; allowed"),
        (lambda: Plan(perplexity=float("nan")), "The perplexity is nan; allowed"),
    ],
)
def test_a_plan_out_of_range_is_refused(make: Callable[[], Plan], words: str) -> None:
    with pytest.raises(SpecError, match=words):
        make()


def test_a_key_is_of_everything_that_decides(dataset: Dataset) -> None:
    other = replace(dataset, sha256={"train_images": "2"})
    keys = [
        key_of(dataset, None, Plan()),
        key_of(other, None, Plan()),
        key_of(dataset, b"model", Plan()),
        key_of(dataset, b"model 2", Plan()),
        *(key_of(dataset, None, plan) for plan in (Plan(Method.PCA), Plan(count=200), Plan(seed=1))),
        key_of(dataset, None, Plan(perplexity=20)),
    ]
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 16 for key in keys)


def test_a_perplexity_without_decimals_has_the_same_key(dataset: Dataset) -> None:
    assert key_of(dataset, None, Plan(perplexity=12)) == key_of(dataset, None, Plan(perplexity=12.0))


def test_perplexity_makes_no_other_map_of_components(dataset: Dataset) -> None:
    assert key_of(dataset, None, PCA) == key_of(dataset, None, replace(PCA, perplexity=5))


def test_the_name_of_a_data_set_without_checksums_is_not_its_key(dataset: Dataset) -> None:
    one, other = replace(dataset, sha256={}), replace(dataset, sha256={}, test=dataset.test.take(slice(50)))
    assert key_of(one, None, PCA) != key_of(other, None, PCA)


@pytest.mark.parametrize("shares", [None, (0.25, 0.125)])
def test_a_map_comes_back_from_its_file(shares: tuple[float, float] | None) -> None:
    labels = np.array([7, 2], np.uint8)
    kept = Map(np.array([[1, 2], [3, 4.5]], np.float32), labels % 2, np.array([70_000, 3], np.int32), labels, shares)
    read = from_npz(kept.to_npz())
    assert read is not None
    for name in ("points", "split", "index", "label"):
        assert np.array_equal(getattr(read, name), getattr(kept, name))
        assert getattr(read, name).dtype == getattr(kept, name).dtype
    assert read.shares == shares


@pytest.mark.parametrize("damage", [b"", b"garbage", b"PK"])
def test_a_damaged_file_is_no_map(damage: bytes) -> None:
    assert from_npz(damage) is None


def test_a_map_as_lines_says_where_each_image_is_from() -> None:
    drawn = Map(
        np.array([[1, 2], [3, 4.5]], np.float32),
        np.array([0, 1], np.uint8),
        np.array([5, 3], np.int32),
        np.array([7, 2], np.uint8),
    )
    assert drawn.to_csv().decode() == "index,split,label,x,y\n5,train,7,1.0,2.0\n3,test,2,3.0,4.5\n"
