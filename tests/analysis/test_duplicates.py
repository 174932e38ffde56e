import numpy as np
import pytest

from mnist_dash.analysis import duplicates as module
from mnist_dash.analysis.duplicates import Place, find_copies, find_near_duplicates
from mnist_dash.arrays import Images, Labels
from mnist_dash.data.dataset import Dataset, Digits, Split


def dataset(train: Images, labels: Labels, test: Images, test_labels: Labels) -> Dataset:
    return Dataset("made", Digits(train, labels), Digits(test, test_labels), "a test")


def unit_distance(one: Images, other: Images) -> float:
    a, b = (image.reshape(784).astype(np.float64) for image in (one, other))
    return float(np.linalg.norm(a / np.linalg.norm(a) - b / np.linalg.norm(b)))


@pytest.fixture
def planted(calm: Digits) -> Dataset:
    """Training images 0 and 5 are copies, test image 2 is training image 9 with another label and one pixel less."""
    train, test = calm.images[:300].copy(), calm.images[300:400].copy()
    labels, test_labels = calm.labels[:300].copy(), calm.labels[300:400].copy()
    train[5], labels[5] = train[0], labels[0]
    test[2], test_labels[2] = train[9], (labels[9] + 1) % 10
    y, x = np.argwhere(test[2] > 100)[0]
    test[2, y, x] -= 90
    return dataset(train, labels, test, test_labels)


def test_copies_are_found_to_the_bit(planted: Dataset) -> None:
    label = int(planted.train.labels[0])
    assert find_copies(planted) == [(Place(Split.TRAIN, 0, label), Place(Split.TRAIN, 5, label))]


def test_copies_across_the_splits_are_found(small: Digits) -> None:
    found = find_copies(dataset(small.images[:9], small.labels[:9], small.images[8:12], small.labels[8:12]))
    assert [[(place.split, place.index) for place in group] for group in found] == [[("train", 8), ("test", 0)]]


@pytest.mark.slow
def test_near_duplicates_are_found_across_the_splits_with_labels_that_contradict(planted: Dataset) -> None:
    first = find_near_duplicates(planted, within=0.2)[0]
    assert (first.one.split, first.one.index) == ("train", 9)
    assert (first.other.split, first.other.index) == ("test", 2)
    assert first.contradict
    assert first.across
    assert first.distance == pytest.approx(unit_distance(planted.train.images[9], planted.test.images[2]))


@pytest.mark.slow
@pytest.mark.parametrize("within", [0.3, 0.5])
def test_all_pairs_up_to_a_distance_are_found_and_no_other(planted: Dataset, within: float) -> None:
    images = np.concatenate([planted.train.images, planted.test.images])
    rows = images.reshape(-1, 784).astype(np.float64)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    apart = np.sqrt(np.maximum(2 - 2 * rows @ rows.T, 0))
    kept = np.delete(np.arange(400), 5)
    expected = {(i, j) for i in kept.tolist() for j in kept.tolist() if i < j and apart[i, j] <= within}
    found = find_near_duplicates(planted, within, each=1_000)
    places = [tuple(place.index + 300 * (place.split == Split.TEST) for place in (t.one, t.other)) for t in found]
    assert len(expected) > 3
    assert set(places) == expected
    assert [t.distance for t in found] == sorted(t.distance for t in found)


@pytest.mark.slow
def test_a_common_digit_does_not_drown_the_others(planted: Dataset) -> None:
    found = find_near_duplicates(planted, within=0.6, each=2)
    agreeing = [pair.one.label for pair in found if not pair.contradict]
    assert max(map(agreeing.count, agreeing)) == 2
    assert len(set(agreeing)) > 3


@pytest.mark.slow
def test_bold_and_pale_copies_are_duplicates(small: Digits) -> None:
    pale = (small.images[:1] // 2).astype(np.uint8)
    found = find_near_duplicates(dataset(small.images[:40], small.labels[:40], pale, small.labels[:1]), within=0.05)
    assert [(pair.one.index, pair.other.split) for pair in found] == [(0, "test")]


@pytest.mark.slow
def test_where_too_many_are_near_the_nearest_count(small: Digits, monkeypatch: pytest.MonkeyPatch) -> None:
    data = dataset(small.images[:300], small.labels[:300], small.images[300:], small.labels[300:])
    every = find_near_duplicates(data, within=0.9, each=10_000)
    monkeypatch.setattr(module, "_MOST", 25)
    assert [pair.distance for pair in find_near_duplicates(data, within=0.9, each=10_000)] == [
        pair.distance for pair in every[:25]
    ]


def test_bare_paper_is_nobodys_near_duplicate(small: Digits) -> None:
    bare = np.zeros((2, 28, 28), np.uint8)
    data = dataset(np.concatenate([bare, small.images[:9]]), np.zeros(11, np.uint8), bare, np.zeros(2, np.uint8))
    assert len(find_copies(data)[0]) == 4
    assert all(pair.one.index > 0 for pair in find_near_duplicates(data, within=1.4))
