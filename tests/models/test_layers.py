"""What layers made of an image is what their weights make of it, and each value comes from where it is said to."""

import numpy as np
import pytest

from mnist_dash.data.dataset import Digits
from mnist_dash.errors import ModelError
from mnist_dash.models.bundled import load_bundled
from mnist_dash.models.layers import Kind, Layer, run_layers
from mnist_dash.models.network import Network


@pytest.fixture(scope="module")
def found(content: bytes, small: Digits) -> list[Layer]:
    return run_layers(content, small.images[0])


def test_layers_are_named_and_numbered_by_kind_and_the_last_is_the_answer(found: list[Layer]) -> None:
    numbers: dict[Kind, int] = {}
    for layer in found[:-1]:
        numbers[layer.kind] = numbers.get(layer.kind, 0) + 1
        assert layer.name == f"{layer.kind} {numbers[layer.kind]}"
    assert found[-1].name == "Answer"
    assert numbers[Kind.CONVOLUTION] >= 3
    assert numbers[Kind.POOL] == 2


def test_the_first_convolution_is_what_its_filters_make_of_the_pixels(
    content: bytes, small: Digits, found: list[Layer]
) -> None:
    first, network = found[0], Network(content)
    assert first.weights is not None
    filters, rows, columns, inputs = first.weights.shape
    assert (first.values.shape[2], inputs) == (filters, 1)
    step = next(step for step in network.operations if step["op_name"] == "CONV_2D")
    bias = network.value(int(step["inputs"][2]))
    windows = np.lib.stride_tricks.sliding_window_view(small.images[0] / 255, (rows, columns))
    sums = np.einsum("yxij,fij->yxf", windows, first.weights[..., 0]) + bias
    np.testing.assert_allclose(first.values, np.maximum(sums, 0), atol=1e-4)


def test_the_answer_is_what_the_model_answers(found: list[Layer], small: Digits) -> None:
    answer = load_bundled("cnn").probabilities(small.images[:1])[0]
    np.testing.assert_allclose(found[-1].values, answer, atol=1e-5)


def test_a_value_is_made_of_the_part_of_the_image_that_is_named_and_of_no_other(
    content: bytes, small: Digits, found: list[Layer]
) -> None:
    rng, checked = np.random.default_rng(0), 0
    for place, layer in enumerate(found):
        if not layer.shows_places:
            continue
        row, column = layer.strongest(0)
        box = layer.seen_at(row, column)
        inside = np.zeros((28, 28), bool)
        inside[box.top : box.bottom + 1, box.left : box.right + 1] = True
        noise = rng.integers(0, 256, (28, 28), np.uint8)
        outside_changed = run_layers(content, np.where(inside, small.images[0], noise))[place]
        np.testing.assert_allclose(outside_changed.values[row, column], layer.values[row, column], atol=1e-5)
        inside_changed = run_layers(content, np.where(inside, noise, small.images[0]))[place]
        assert np.abs(inside_changed.values[row, column] - layer.values[row, column]).max() > 1e-3
        checked += 1
    assert checked >= 4


def test_the_strongest_place_is_where_a_channel_is_farthest_from_0(found: list[Layer]) -> None:
    for channel in range(5):
        row, column = found[0].strongest(channel)
        assert abs(found[0].values[row, column, channel]) == np.abs(found[0].values[:, :, channel]).max()


def test_dense_layers_show_no_places_and_only_those_on_pixels_look_at_them(found: list[Layer]) -> None:
    assert not found[-1].shows_places
    assert not found[-1].on_pixels
    assert found[0].shows_places


def test_what_is_no_model_is_refused(small: Digits) -> None:
    with pytest.raises(ModelError, match="This is no LiteRT model that can answer"):
        run_layers(b"garbage" * 1_000, small.images[0])
