"""Who wrote MNIST is known wherever its training images are, and of no others."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.checksums import OFFICIAL
from mnist_dash.data.dataset import Dataset, Digits, Split
from mnist_dash.data.store import mnist_writers, named_sets
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.data.store.mnist_writers import attach_mnist_writers, read_mnist_writers
from mnist_dash.settings import Settings
from tests.data.samples import SmallSet

QMNIST = Path(__file__).parents[3].parent / "shared" / "hands" / "writers"
BLANK = np.zeros((60_000, 28, 28), np.uint8)
"""As many images as MNIST has."""
FIRST = [2154, 0, 2232]
"""Who wrote the first three training images."""


def test_539_people_wrote_the_training_images_and_297_others_the_test_images() -> None:
    train, test = (read_mnist_writers(split) for split in Split)
    assert (train.shape, test.shape) == ((60_000,), (10_000,))
    people, counts = np.unique(train, return_counts=True)
    assert (len(people), len(np.unique(test)), np.intersect1d(train, test).size) == (539, 297, 0)
    assert np.median(counts) == 116
    assert train[:3].tolist() == FIRST


def test_nobody_can_change_whose_they_are() -> None:
    with pytest.raises(ValueError, match="read-only"):
        read_mnist_writers(Split.TRAIN)[0] = 1


def test_the_licence_goes_along() -> None:
    licence = Path(mnist_writers.__file__).parent / "files" / "mnist_writers_LICENSE.txt"
    assert "Redistribution and use in source and binary forms" in licence.read_text("utf-8")


@pytest.mark.skipif(not QMNIST.exists(), reason="QMNIST's tables are not beside the project")
def test_the_numbers_are_those_of_the_tables() -> None:
    for split, name in ((Split.TRAIN, "train"), (Split.TEST, "test")):
        rows = np.loadtxt(QMNIST / f"qmnist-{name}-labels.tsv.gz", np.int64, delimiter="\t", usecols=2)
        writers = read_mnist_writers(split)
        assert np.array_equal(writers, rows[: len(writers)])


def test_writers_come_with_mnists_images_under_whatever_name_and_with_no_others(small: SmallSet) -> None:
    train, test = (Digits(BLANK[:count], np.zeros(count, np.uint8)) for count in (60_000, 10_000))
    theirs = Dataset("copy", train, test, "a test", sha256=OFFICIAL)
    assert attach_mnist_writers(theirs).train.writers is read_mnist_writers(Split.TRAIN)
    assert attach_mnist_writers(theirs).test.writers is read_mnist_writers(Split.TEST)
    half = attach_mnist_writers(replace(theirs, sha256={**OFFICIAL, "train_images": "0" * 64}))
    assert half.train.writers is None
    assert half.test.writers is read_mnist_writers(Split.TEST)
    others = replace(theirs, sha256=dict.fromkeys(OFFICIAL, "0" * 64))
    assert attach_mnist_writers(others) is others
    own = Dataset("own", small.train, small.test, "a test")
    assert attach_mnist_writers(own) is own


def test_a_set_that_is_called_mnist_and_is_none_has_no_writers(
    settings: Settings, small: SmallSet, tmp_path: Path
) -> None:
    local = replace(settings, data=small.write_npz(tmp_path / "mnist.npz"))
    assert open_dataset(local, "mnist").train.writers is None


def test_the_door_to_data_sets_knows_them(mnist: Dataset, settings: Settings) -> None:
    """Where the tests have MNIST itself; of the digits that stand in for it, it is known as well."""
    assert mnist.train.writers is not None
    assert len(mnist.train.writers) == len(mnist.train)
    if mnist.official:
        assert mnist.train.writers[:3].tolist() == FIRST
        named_sets.save(settings, "copy", replace(mnist, train=replace(mnist.train, writers=None)))
        assert open_dataset(settings, "copy").train.writers is read_mnist_writers(Split.TRAIN)
