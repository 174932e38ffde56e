"""What an array is follows from its name, whatever people call it; what no name claims is told."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from mnist_dash.data.io.named_arrays import choose_names, combine_named
from mnist_dash.data.io.raw_images import RawDataset
from mnist_dash.errors import DataError
from tests.data.samples import sample

TRAIN, TEST = sample(20, 0), sample(10, 1)
PATH = Path("a.npz")


def combine(**arrays: npt.NDArray[np.generic]) -> RawDataset:
    return combine_named(PATH, list(arrays), arrays.__getitem__)


@pytest.mark.parametrize(
    "names",
    [
        "x_train y_train x_test y_test",
        "X_train Y_train X_test Y_test",
        "train_x train_y test_x test_y",
        "trainX trainY testX testY",
        "TrainX TrainY TestX TestY",
        "xtrain ytrain xtest ytest",
        "trainx trainy testx testy",
        "train_images train_labels test_images test_labels",
        "training_images training_labels testing_images testing_labels",
        "train-images train-labels t10k-images t10k-labels",
        "trainImages trainLabels testImages testLabels",
        "train/data train/target test/data test/target",
        "mnist_x_train mnist_y_train mnist_x_test mnist_y_test",
        "x_tr y_tr x_te y_te",
        "x y x_test y_test",
        "images labels test_images test_labels",
        "TRAIN_DATA TRAIN_TARGETS TEST_DATA TEST_TARGETS",
    ],
)
def test_names_of_many_kinds_mean_the_same(names: str) -> None:
    values = (TRAIN.images, TRAIN.labels, TEST.images, TEST.labels)
    for order in ([0, 1, 2, 3], [3, 1, 2, 0]):
        found = combine(**{names.split()[at]: values[at] for at in order})
        assert np.array_equal(found.train.images, TRAIN.images)
        assert np.array_equal(found.train.labels, TRAIN.labels)
        assert found.test is not None
        assert np.array_equal(found.test.images, TEST.images)
        assert np.array_equal(found.test.labels, TEST.labels)
        assert found.notes == ()


@pytest.mark.parametrize(
    "names", ["x y", "data target", "images labels", "image label", "Data Label", "features classes"]
)
def test_one_split_may_name_none(names: str) -> None:
    images, labels = names.split()
    found = combine(**{images: TRAIN.images, labels: TRAIN.labels})
    assert np.array_equal(found.train.images, TRAIN.images)
    assert found.test is None


def test_a_test_split_alone_is_the_set() -> None:
    assert len(combine(x_test=TEST.images, y_test=TEST.labels).train) == 10


def test_what_is_not_taken_is_told() -> None:
    found = combine(
        x_train=TRAIN.images,
        y_train=TRAIN.labels,
        x_test=TEST.images,
        mean=np.zeros(3),
        data=TEST.images,
        a=TEST.labels,
    )
    assert found.test is None
    assert found.notes == ("x_test, mean, data, a are not used.",)


def test_of_several_names_for_images_the_usual_one_is_taken() -> None:
    """As scikit-learn's digits have them."""
    found = combine(
        data=TRAIN.images.reshape(20, -1), target=TRAIN.labels, images=TRAIN.images, feature_names=np.array(["a"])
    )
    assert found.notes == ("data, feature_names are not used.",)


@pytest.mark.parametrize("more", [np.zeros((4, 9, 9), np.uint8), np.zeros((4, 28, 28), np.float64)])
def test_validation_images_of_another_kind_are_left_aside_and_it_is_told(more: npt.NDArray[np.generic]) -> None:
    found = combine(x_train=TRAIN.images, y_train=TRAIN.labels, x_val=more, y_val=np.arange(4))
    assert len(found.train) == 20
    assert found.notes == (
        "The images of x_val are of another shape or type than the training images and are not used.",
    )


def test_validation_labels_may_be_of_another_form() -> None:
    found = combine(x_train=TRAIN.images, y_train=TRAIN.labels, x_val=TEST.images, y_val=np.eye(10)[TEST.labels])
    assert np.array_equal(found.train.labels, np.concatenate([TRAIN.labels, TEST.labels]))


@pytest.mark.parametrize(
    "images",
    [TRAIN.images.reshape(20, -1).T, np.moveaxis(TRAIN.images, 0, -1), np.moveaxis(TRAIN.images[..., None], 0, -1)],
    ids=["columns", "last", "last of four"],
)
def test_the_number_of_images_may_be_last(images: npt.NDArray[np.generic]) -> None:
    for labels in (TRAIN.labels, TRAIN.labels.reshape(1, -1), np.eye(10)[TRAIN.labels]):
        assert np.array_equal(combine(data=images, label=labels).train.images, TRAIN.images)


def test_arrays_named_after_the_digit_that_they_show() -> None:
    arrays = {f"train{digit}": TRAIN.images[TRAIN.labels == digit].reshape(2, 784) for digit in range(10)}
    arrays |= {f"test{digit}": TEST.images[TEST.labels == digit].reshape(1, 784) for digit in range(10)}
    found = combine(**arrays)
    assert found.train.labels.tolist() == np.repeat(range(10), 2).tolist()
    assert found.test is not None
    assert np.array_equal(found.test.images, TEST.images)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("", "holds no arrays; needed are x_train and y_train"),
        ("a b", "holds a and b; needed"),
        ("x_train x_test", "holds x_train and x_test; needed"),
        ("x_train y_test", "holds x_train and y_test; needed"),
        ("a b c d e f g", "holds a, b, c, d and e and 2 more; needed"),
    ],
)
def test_without_a_pair_the_names_are_told(names: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        combine(**dict.fromkeys(names.split(), TRAIN.images))


def test_objects_are_refused_with_how_to_save_them() -> None:
    with pytest.raises(DataError, match="x is an array of Python objects, which is pickled; nothing is unpickled here"):
        combine(x=TRAIN.images.astype(object), y=TRAIN.labels)


def test_names_of_splits_are_no_parts_of_other_words() -> None:
    assert choose_names(["values", "trains", "testify", "extra"], {}) == {}
    assert choose_names(["a", "b"], {"a": 3, "b": 1}) == {"": ("a", "b")}
