"""An epoch's images come once each, in its order, the same whatever the size of the parts."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_dash.arrays import Images, Inputs
from mnist_dash.data.augmentation import Augmentation, augment, draw_warps
from mnist_dash.data.dataset import Digits, scale_to_input
from mnist_dash.data.disturbances.chances import draw_chances
from mnist_dash.data.disturbances.disturb import disturb
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.split import epoch_order
from mnist_dash.methods.parameters import DEFAULTS
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import load_bundled
from mnist_dash.training.batch_loader import BatchLoader, LoadedChunk, Size, make_augmentation

DIGITS = generate(70, 0)
PLAIN = Augmentation()
VARIED = Augmentation(rotation=15, shift=2, zoom=0.1, shear=0.1, elastic=1, thickness=1)


def _parts(feed: BatchLoader, sizes: list[int]) -> Iterator[LoadedChunk]:
    """The parts where each size in turn is asked for, the last one to the end."""
    size = Size(sizes[0])
    for i, part in enumerate(feed.parts(size), 1):
        size.images = sizes[min(i, len(sizes) - 1)]
        yield part


def _all(feed: BatchLoader, sizes: list[int]) -> tuple[Inputs, list[int]]:
    parts = list(_parts(feed, sizes))
    return np.concatenate([part.images for part in parts]), [int(label) for part in parts for label in part.labels]


@given(st.lists(st.integers(1, 100), min_size=1, max_size=5), st.integers(1, 1_000))
def test_parts_hold_every_image_once_in_the_epochs_order_whatever_their_sizes(sizes: list[int], epoch: int) -> None:
    order = epoch_order(len(DIGITS), 3, epoch)
    images, labels = _all(BatchLoader(DIGITS, PLAIN, 3, epoch), sizes)
    assert np.array_equal(images, scale_to_input(DIGITS.images[order]))
    assert labels == DIGITS.labels[order].tolist()


@pytest.mark.parametrize("sizes", [[1], [7], [64, 3], [3, 64], [70], [1_000]], ids=str)
def test_variations_do_not_depend_on_the_sizes_of_the_parts(sizes: list[int]) -> None:
    order = epoch_order(len(DIGITS), 3, 2)
    images, labels = _all(BatchLoader(DIGITS, VARIED, 3, 2), sizes)
    expected = augment(DIGITS.images[order], draw_warps(VARIED, len(DIGITS), 3, 2))
    assert np.array_equal(images, scale_to_input(expected))
    assert labels == DIGITS.labels[order].tolist()


@pytest.mark.parametrize("sizes", [[1], [7], [64, 3], [70]], ids=str)
@pytest.mark.parametrize("how", [PLAIN, VARIED])
def test_disturbances_do_not_depend_on_the_sizes_of_the_parts(how: Augmentation, sizes: list[int]) -> None:
    images = DIGITS.images[epoch_order(len(DIGITS), 3, 2)]
    varied = augment(images, draw_warps(how, len(DIGITS), 3, 2))
    expected = disturb(varied, 0.5, draw_chances(3, 2, 0, len(DIGITS)))
    assert np.array_equal(_all(BatchLoader(DIGITS, how, 3, 2, 0.5), sizes)[0], scale_to_input(expected))
    assert 20 < (expected != varied).any(axis=(1, 2)).sum() < 50


def test_images_that_are_not_varied_keep_their_very_bits_and_varied_ones_do_not() -> None:
    order = epoch_order(len(DIGITS), 0, 1)
    plain, varied = (_all(BatchLoader(DIGITS, how, 0, 1), [70])[0] for how in (PLAIN, VARIED))
    assert np.array_equal(plain, scale_to_input(DIGITS.images[order]))
    assert np.mean(plain != varied) > 0.05


def test_each_epoch_varies_its_images_in_its_own_way_and_repeats_it() -> None:
    seen = {
        (seed, epoch): _all(BatchLoader(DIGITS, VARIED, seed, epoch), [70])[0].tobytes()
        for seed in (0, 1)
        for epoch in (1, 2)
    }
    assert len(set(seen.values())) == len(seen)
    assert _all(BatchLoader(DIGITS, VARIED, 1, 2), [70])[0].tobytes() == seen[1, 2]


def test_the_size_of_a_part_can_be_changed_while_the_epoch_goes_on() -> None:
    size = Size(10)
    parts = BatchLoader(DIGITS, PLAIN, 0, 1).parts(size)
    taken = [len(next(parts).labels)]
    size.images = 20
    taken += [len(part.labels) for part in parts]
    # The next part was being prepared already when the size changed.
    assert taken == [10, 10, 20, 20, 10]


def test_a_part_is_what_the_network_takes() -> None:
    (part,) = BatchLoader(DIGITS, PLAIN, 0, 1).parts(Size(70))
    assert part.images.shape == (70, 28, 28, 1)
    assert part.images.dtype == np.float32
    assert (part.images.min(), part.images.max()) == (0, 1)
    assert part.labels.shape == (70,)
    assert part.labels.dtype == np.int32


@pytest.mark.parametrize("images", [0, 1])
def test_an_epoch_of_hardly_any_images_has_as_many_parts(images: int) -> None:
    digits: Digits = DIGITS.take(slice(images))
    feed = BatchLoader(digits, VARIED, 0, 1)
    assert len(feed) == images
    assert [len(part.labels) for part in feed.parts(Size(5))] == [1] * images


def test_a_feed_that_nobody_reads_to_its_end_leaves_nothing_at_work() -> None:
    parts = BatchLoader(DIGITS, VARIED, 0, 1).parts(Size(5))
    assert len(next(parts).labels) == 5
    parts.close()  # type: ignore[attr-defined]
    assert list(parts) == []


def test_a_fault_while_a_part_is_prepared_reaches_whoever_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Images:
        raise MemoryError

    monkeypatch.setattr("mnist_dash.training.batch_loader.augment", fail)
    with pytest.raises(MemoryError):
        list(BatchLoader(DIGITS, VARIED, 0, 1).parts(Size(5)))


@pytest.mark.parametrize("name", ["rotation", "shift", "zoom", "shear", "elastic", "thickness"])
def test_a_specs_strengths_reach_the_augmentation(name: str) -> None:
    assert not make_augmentation(RunSpec.of("cnn", "mnist")).active
    varied = make_augmentation(RunSpec.of("cnn", "mnist", **{name: 0.25}))
    assert varied == Augmentation(**{name: 0.25})
    assert DEFAULTS[name] == 0


def test_a_teacher_is_asked_of_every_image_as_it_is_learnt_from() -> None:
    teacher = load_bundled("cnn")
    order, warps = epoch_order(len(DIGITS), 3, 2), draw_warps(VARIED, len(DIGITS), 3, 2)
    parts = list(_parts(BatchLoader(DIGITS, VARIED, 3, 2, teacher=teacher), [30]))
    varied = augment(DIGITS.images[order], warps)
    assert np.concatenate([part.told for part in parts]) == pytest.approx(teacher.probabilities(varied), abs=1e-6)


def test_without_a_teacher_nothing_is_told() -> None:
    (part,) = BatchLoader(DIGITS, PLAIN, 0, 1).parts(Size(70))
    assert part.told.shape == (0, 10)
