"""What a training will cost before it starts, from the layers alone: multiply-adds, memory and time.

Fitted to 31 trainings of 14 networks, from 7,850 to 20,037,642 weights and in batches of 8 to 4,096, on two cores of an
AMD EPYC with TensorFlow 2.21: they took 0.6 to 1.7 times the estimated time, and 29 of them within a factor of 1.5. On
another machine all times change by about the same factor, which its runs tell, or some batches before. The memory of a
run's process was 0.9 to 1.3 times the estimate, and up to 1.6 times for dense networks that need few seconds an epoch:
more of their images are prepared ahead.
"""

from collections.abc import Sequence
from math import ceil, prod

from mnist_dash.methods.layers import BatchNorm, Layer, compute_shapes, count_parameters
from mnist_dash.methods.parameters import Optimizer

_BATCH, _OPERATION, _VALUE, _WEIGHT = 3e-5, 3.6e-12, 1.65e-9, 9e-10
"""Seconds for a batch, for a multiply-add, for a value that comes out of a layer, and for a number to be updated."""
_NORMS = 2
"""Values for each that comes out of a norm, which looks at all of a batch before it changes one. Chosen on an Intel
Xeon, where networks with norms took half as long again beside `cnn` with 1, and with 2 as `benchmarks.first_estimate`
says; on the EPYC, `champion` is nearer by it, and a network of three norms is said to take 1.3 times its time."""
_WAY_BACK = 3
"""Forward, then as much again for the gradients by the values and for those by the weights."""

_PROCESS = 1_050 * 2**20
"""Bytes of a run's process apart from its network: TensorFlow, the images, and those that are prepared ahead."""
_NUMBER = 4
_COPIES, _COPIES_OF_SLOTS = 10, 3
"""How often the weights, and the optimizer's numbers for each, are in memory at the peak: while the model is saved."""
_WAYS = 2.5
"""Values kept for each that comes out of a layer: itself, its gradient, and what is worked with on the way."""
_SCORED = 350
"""Images whose values are in memory while the model is tested on the validation images."""


def count_operations(layers: Sequence[Layer], images: int) -> float:
    """Multiply-adds of an epoch, forward and back."""
    return float(_WAY_BACK * images * sum(row.operations for row in compute_shapes(layers)))


def estimate_seconds(
    layers: Sequence[Layer], images: int, epochs: int, batch_size: int, optimizer: str = Optimizer.ADAM
) -> float:
    """Seconds of training, without the start of the process, on the machine that this was fitted on."""
    updated = count_parameters(layers) * (1 + _slots(optimizer))
    batches = ceil(images / batch_size) * (_BATCH + _WEIGHT * updated)
    values = _values(layers) + (_NORMS - 1) * _values(layers, BatchNorm)
    return epochs * (batches + _OPERATION * count_operations(layers, images) + _VALUE * images * values)


def estimate_memory(layers: Sequence[Layer], batch_size: int, optimizer: str) -> int:
    """Bytes that the process of a run needs at its peak, with the images of MNIST."""
    weights = count_parameters(layers) * (_COPIES + _COPIES_OF_SLOTS * _slots(optimizer))
    values = _values(layers) * max(_WAYS * batch_size, _SCORED)
    return _PROCESS + _NUMBER * int(weights + values)


def _values(layers: Sequence[Layer], kind: type[Layer] | None = None) -> int:
    """How many values come out of all layers, or of those of one kind, for one image."""
    return sum(prod(row.output) for row in compute_shapes(layers) if kind is None or isinstance(row.layer, kind))


def _slots(optimizer: str) -> int:
    """How many numbers the optimizer keeps for each weight."""
    match Optimizer(optimizer):
        case Optimizer.SGD:
            return 0
        case Optimizer.MOMENTUM | Optimizer.NESTEROV | Optimizer.RMSPROP:
            return 1
        case Optimizer.ADAM | Optimizer.ADAMW:
            return 2
