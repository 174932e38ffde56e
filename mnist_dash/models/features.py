"""What a network makes of an image before it decides: the values that its last dense layer sees.

Images that a network holds for alike lie close together there, whatever their pixels say; a map of them shows what
it has learnt to tell apart.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from mnist_dash.data.dataset import SIDE, Images, as_input
from mnist_dash.data.progress import Progress, silent
from mnist_dash.errors import ModelError
from mnist_dash.models.catalog import is_run, model_file, run_named
from mnist_dash.models.classifier import LiteRT
from mnist_dash.runs.database import Database
from mnist_dash.runs.records import Form

Features = npt.NDArray[np.float32]
"""(n, d): d values of the penultimate layer for each image."""

_CHUNK = 250
"""Images at once: all values between input and answer are kept, about 150 kB an image in a network of this size."""
_BLANK = np.zeros((1, SIDE, SIDE), np.uint8)
_DENSE = "FULLY_CONNECTED"

Operation = Mapping[str, Any]
"""A step of a LiteRT graph with `op_name` and the numbers of its tensors, `inputs` and `outputs`."""


def file_with_features(database: Database, name: str) -> bytes:
    """The LiteRT file of the model of that name; raises ModelError or RunError where it has none or learns nothing."""
    if is_run(name) and run_named(database, name).spec.network is None:
        raise ModelError(f"Run {name} guesses and has no features. Choose a run that trained a network, or pixels.")
    return model_file(database, name, Form.LITERT)


def last_features(
    content: bytes, images: Images, progress: Progress = silent, stop: Callable[[], bool] = lambda: False
) -> Features:
    """What the last dense layer of a LiteRT model sees of each image (n, 28, 28) uint8: (n, d) float32.

    Normalisation right before that layer is part of its weights in a LiteRT file, so the values stand before it.
    Where `stop` says so, only the images seen so far are answered. Raises ModelError where `content` is no model of
    digits, or where none of its layers is dense.
    """
    # Refuses whatever is no model from images to digits, with the words that all commands use.
    LiteRT(content)
    network = _Network(content)
    parts = [network.features(_BLANK)[:0]]
    for start in range(0, len(images), _CHUNK):
        if stop():
            break
        progress("Asking the network", start / len(images))
        parts.append(network.features(images[start : start + _CHUNK]))
    return np.concatenate(parts)


class _Network:
    """A network that keeps its values on the way to the answer; for one thread."""

    def __init__(self, content: bytes) -> None:
        from ai_edge_litert.interpreter import Interpreter, OpResolverType

        # Without delegates: they fuse layers, and what lies between is gone.
        self._interpreter = Interpreter(
            model_content=content,
            num_threads=1,
            experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
            experimental_preserve_all_tensors=True,
        )
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]
        answer = int(self._interpreter.get_output_details()[0]["index"])
        self._tensor = _before_decision(self._interpreter._get_ops_details(), answer)
        self._size = 1

    def features(self, images: Images) -> Features:
        """The values (n, d) for images (n, 28, 28)."""
        values = as_input(images).reshape(len(images), *self._input["shape_signature"][1:])
        if len(images) != self._size:
            self._size = len(images)
            self._interpreter.resize_tensor_input(self._input["index"], values.shape)
            self._interpreter.allocate_tensors()
        self._interpreter.set_tensor(self._input["index"], values)
        self._interpreter.invoke()
        found: Features = self._interpreter.get_tensor(self._tensor).reshape(len(images), -1)
        return found


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
