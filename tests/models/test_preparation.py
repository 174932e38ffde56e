"""What images become before a model by others takes them, and what its outputs become before anybody reads them."""

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits, scale_to_input
from mnist_dash.errors import ModelError
from mnist_dash.models.preparation import (
    PLAIN,
    VALUES,
    Outputs,
    Preparation,
    Sizing,
    decide_outputs,
    read_layout,
)


@pytest.mark.parametrize("shape", [(28, 28), (784,), (28, 28, 1), (1, 28, 28), (784, 1), (1, 784)])
def test_as_they_are_images_take_any_usual_shape(small: Digits, shape: tuple[int, ...]) -> None:
    given = PLAIN.prepare(small.images[:3], shape)
    assert given.dtype == np.float32
    assert np.array_equal(given, scale_to_input(small.images[:3]).reshape(3, *shape))


@pytest.mark.parametrize(("paper", "ink"), [pair for low, high in VALUES for pair in ((low, high), (high, low))])
def test_paper_and_ink_become_the_values_that_a_model_has_learnt_from(paper: float, ink: float) -> None:
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 3, 4] = 255
    given = Preparation(paper, ink).prepare(image, (28, 28))
    assert given[0, 0, 0] == pytest.approx(paper)
    assert given[0, 3, 4] == pytest.approx(ink, abs=1e-6)


def test_rows_and_columns_are_exchanged(small: Digits) -> None:
    given = Preparation(transposed=True).prepare(small.images[:2], (28, 28))
    assert np.array_equal(given, PLAIN.prepare(small.images[:2], (28, 28)).transpose(0, 2, 1))


def test_small_margins_are_added_and_taken_off(small: Digits) -> None:
    plain = PLAIN.prepare(small.images[:2], (28, 28))
    assert np.array_equal(PLAIN.prepare(small.images[:2], (32, 32))[:, 2:30, 2:30], plain)
    # A margin of paper, in whatever values paper has.
    assert (Preparation(1.0, 0.0).prepare(small.images[:2], (32, 32))[:, :2] == 1).all()
    assert np.array_equal(Preparation(sizing=Sizing.CENTRE).prepare(small.images[:2], (20, 20)), plain[:, 4:24, 4:24])


@pytest.mark.parametrize(("shape", "side"), [((64, 64), 64), ((14, 14), 14), ((256,), 16), ((32, 32, 3), 32)])
def test_other_sizes_show_the_same_digit(small: Digits, shape: tuple[int, ...], side: int) -> None:
    given = Preparation(sizing=Sizing.RESIZE).prepare(small.images[:20], shape).reshape(20, side, side, -1)[..., 0]
    ink, fewer = small.images[:20].mean(axis=(1, 2)) / 255, given.mean(axis=(1, 2))
    np.testing.assert_allclose(fewer, ink, atol=0.02)
    assert Preparation(sizing=Sizing.RESIZE).prepare(small.images[:0], shape).shape == (0, *shape)


@pytest.mark.parametrize("shape", [(32, 32, 3), (3, 32, 32), (3072,)])
def test_three_channels_are_all_the_same(small: Digits, shape: tuple[int, ...]) -> None:
    given = PLAIN.prepare(small.images[:2], shape)
    assert given.shape == (2, *shape)
    channels = given if shape[0] == 3 else given.reshape(2, 32, 32, 3).transpose(0, 3, 1, 2)
    assert np.array_equal(channels[:, 0], channels[:, 2])
    assert channels[:, 0, 2:30, 2:30].max() == 1


@pytest.mark.parametrize("shape", [(28, 28, 2), (28, 20), (783,), (), (4, 4), (2_000, 2_000), (28, 28, 28, 28), (16,)])
def test_what_no_digit_can_be_made_is_refused_with_what_can(shape: tuple[int, ...]) -> None:
    with pytest.raises(ModelError, match="A digit is a square of grey pixels: allowed are square images"):
        read_layout(shape)


SHARES = np.array([[0.91, *[0.01] * 9], [0.1] * 10], np.float32)


@pytest.mark.parametrize(
    ("values", "outputs"),
    [
        (SHARES, Outputs.PROBABILITIES),
        (np.log(SHARES), Outputs.LOGITS),
        (SHARES * 9.5 - 0.1, Outputs.LOGITS),
        (SHARES * 1.05, Outputs.SCORES),
        (np.full((3, 10), 0.5, np.float32), Outputs.SCORES),
        (np.zeros((3, 10), np.float32), Outputs.SCORES),
    ],
)
def test_outputs_are_told_by_several_answers(values: np.ndarray, outputs: Outputs) -> None:
    assert decide_outputs(values) is outputs
    read = Preparation(outputs=outputs).read_outputs(values)
    np.testing.assert_allclose(read.sum(axis=1), 1, atol=1e-5)
    assert read.dtype == np.float32
    assert np.array_equal(read.argmax(axis=1), values.argmax(axis=1))


def test_logits_of_log_probabilities_and_huge_ones_are_exact() -> None:
    logits = Preparation(outputs=Outputs.LOGITS)
    np.testing.assert_allclose(logits.read_outputs(np.log(SHARES)), SHARES, atol=1e-6)
    huge = np.array([[1e4, *[-1e4] * 9]], np.float32)
    assert logits.read_outputs(huge)[0, 0] == 1


def test_no_images_have_no_answers() -> None:
    for outputs in Outputs:
        assert Preparation(outputs=outputs).read_outputs(np.empty((0, 10), np.float32)).shape == (0, 10)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_model_that_gives_no_numbers_is_refused(value: float) -> None:
    with pytest.raises(ModelError, match="what is no number"):
        decide_outputs(np.full((2, 10), value, np.float32))


def test_outputs_in_another_order_are_put_in_that_of_the_digits() -> None:
    values = np.eye(10, dtype=np.float32)
    read = Preparation(classes=(1, 2, 3, 4, 5, 6, 7, 8, 9, 0)).read_outputs(values)
    assert read.argmax(axis=1).tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]


@pytest.mark.parametrize(
    ("preparation", "words"),
    [
        (PLAIN, "values from 0 to 1"),
        (Preparation(0, 255), "values from 0 to 255"),
        (Preparation(1, -1, transposed=True), "values from −1 to 1, inverted (dark ink on light paper), transposed"),
        (Preparation(*VALUES[3]), "mean 0.1307 and deviation 0.3081"),
        (Preparation(classes=(1, 0, *range(2, 10))), "outputs in the order 1, 0, 2, 3, 4, 5, 6, 7, 8, 9"),
    ],
)
def test_a_preparation_is_told_in_words(preparation: Preparation, words: str) -> None:
    assert words in preparation.describe()
