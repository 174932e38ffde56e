"""A network that begins with the weights of a file answers as that file does."""

import numpy as np
import pytest

from mnist_dash.arrays import Probabilities
from mnist_dash.data.dataset import Digits, scale_to_input
from mnist_dash.methods.layers import compute_shapes
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import read_bundled_file
from mnist_dash.models.classifier import LiteRT
from tests.training.lazily import MARKS, Model, build, model_of

pytestmark = MARKS


def _answers(model: Model, small: Digits, *, training: bool = False) -> Probabilities:
    return np.asarray(model(scale_to_input(small.images), training=training))


def _first_layers(model: Model) -> Model:
    """A network that ends with the first layer of another."""
    import keras

    return keras.Sequential([keras.layers.Input((28, 28, 1)), model.layers[0]])


@pytest.mark.parametrize("start", ["reader", "generated"])
def test_a_fine_tuned_network_begins_with_the_answers_of_its_start(start: str, small: Digits) -> None:
    model = build(RunSpec.of("fine_tuned", "mnist", start=start))
    expected = LiteRT(read_bundled_file(start)).probabilities(small.images)
    assert np.abs(_answers(model, small) - expected).max() < 1e-5
    assert len({*expected.argmax(axis=1).tolist()}) == 10


def test_normalisation_stays_as_it_is_however_the_batch_lies(small: Digits) -> None:
    model = build(RunSpec.of("fine_tuned", "mnist"))
    normalised = [layer for layer in model.layers if type(layer).__name__ == "BatchNormalization"]
    assert len(normalised) == 5
    assert not any(layer.trainable for layer in normalised)
    before = [weights.copy() for layer in normalised for weights in layer.get_weights()]
    _answers(model, small.take(slice(0, 8)), training=True)
    after = [weights for layer in normalised for weights in layer.get_weights()]
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


def test_all_numbers_are_learnt_but_the_factors_and_shifts_of_normalisation() -> None:
    spec = RunSpec.of("fine_tuned", "mnist")
    model = build(spec)
    learnt = sum(weights.numpy().size for weights in model.trainable_variables)
    # A factor and a shift for each of 32 + 64 + 64 + 96 + 128 channels.
    assert learnt + 2 * 384 == spec.parameter_count
    assert [layer.output.shape[1:] for layer in model.layers] == [
        row.output for row in compute_shapes(spec.network or ())
    ]


def test_weights_of_another_network_are_refused(small: Digits) -> None:
    from mnist_dash.training.first_weights import take_weights

    with pytest.raises(ValueError, match="not compatible"):
        take_weights(model_of("dense_128"), read_bundled_file("reader"))
    with pytest.raises(ValueError, match="more layers"):
        take_weights(_first_layers(model_of("cnn")), read_bundled_file("cnn"))
    taken = model_of("cnn")
    take_weights(taken, read_bundled_file("cnn"))
    expected = LiteRT(read_bundled_file("cnn")).probabilities(small.images)
    assert np.abs(_answers(taken, small) - expected).max() < 1e-5
