"""What a network makes of an image before it decides: the values that its last dense layer sees.

Images that a network holds for alike lie close together there, whatever their pixels say; a map of them shows what
it has learnt to tell apart.
"""

from collections.abc import Sequence

import numpy as np

from mnist_dash.arrays import Features, Images
from mnist_dash.data.dataset import SIDE
from mnist_dash.data.progress import Progress, silent
from mnist_dash.errors import ModelError
from mnist_dash.models.network import Network, Operation
from mnist_dash.models.preparation import PLAIN, Preparation

_CHUNK = 250
"""Images at once: all values between input and answer are kept, about 150 kB an image in a network of this size."""
_BLANK = np.zeros((1, SIDE, SIDE), np.uint8)
_DENSE = "FULLY_CONNECTED"


def compute_last_features(
    content: bytes, images: Images, progress: Progress = silent, preparation: Preparation = PLAIN
) -> Features:
    """What the last dense layer of a LiteRT model sees of each image (n, 28, 28) uint8: (n, d) float32.

    Normalisation right before that layer is part of its weights in a LiteRT file, so the values stand before it.
    Raises ModelError where `content` is no model of digits, or where none of its layers is dense.
    """
    network = Network(content, preparation)
    tensor = _before_decision(network.operations, network.answer)
    parts = [_features(network, tensor, _BLANK)[:0]]
    chunk = network.batch or _CHUNK
    for start in range(0, len(images), chunk):
        progress("Asking the network", start / len(images))
        parts.append(_features(network, tensor, images[start : start + chunk]))
    return np.concatenate(parts)


def _features(network: Network, tensor: int, images: Images) -> Features:
    network.ask(images)
    return network.value(tensor).reshape(network.batch or len(images), -1)[: len(images)]


def _before_decision(operations: Sequence[Operation], answer: int) -> int:
    """The number of the tensor that the last dense layer before tensor `answer` takes; raises ModelError."""
    makers = {int(made): operation for operation in operations for made in operation["outputs"]}
    tensor = answer
    while tensor in makers:
        operation = makers[tensor]
        first = int(operation["inputs"][0])
        if operation["op_name"] == _DENSE:
            return first
        tensor = first
    raise ModelError(
        "The model has no dense layer before its answer, so there are no last features to look at. Choose a network "
        "that ends in a dense layer, or look at pixels."
    )
