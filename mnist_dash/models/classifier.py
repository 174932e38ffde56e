"""Models that answer in any process, without TensorFlow."""

import os
from collections.abc import Iterator
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Float32s, Images, Probabilities
from mnist_dash.data.dataset import CLASSES, SIDE
from mnist_dash.errors import ModelError
from mnist_dash.methods.method import Classifier
from mnist_dash.models.preparation import PLAIN, Preparation
from mnist_dash.models.tensors import Tensors

__all__ = ["Classifier", "LiteRT", "explain_refusal", "open_interpreter"]

_BATCH = 100
"""Images that are asked at once: no fewer are worth a second core, and more are no faster."""
_PLACES = (np.int32, np.int64, np.bool_)
"""The types of tensors that say where something lies, and are not learnt unless they are quantised."""


class LiteRT:
    """A trained network in the LiteRT format; safe to share between threads."""

    def __init__(self, content: bytes, preparation: Preparation = PLAIN) -> None:
        """Load a flatbuffer; raises ModelError where it is none, or not one from a digit to ten values."""
        self._content, self._preparation = content, preparation
        self._few = _Runner(content, preparation)
        self.tensors = self._few.tensors
        self._most = self.tensors.batch or _BATCH
        try:
            self.probabilities(np.zeros((2, SIDE, SIDE), np.uint8))
        except (ValueError, RuntimeError) as e:
            raise explain_refusal(e) from e

    def probabilities(self, images: Images) -> Probabilities:
        """The answer to each image (n, 28, 28) uint8: probabilities (n, 10)."""
        parts = [self.tensors.read_probabilities(*asked) for asked in self._ask(images)]
        return np.concatenate(parts) if parts else np.empty((0, CLASSES), np.float32)

    def outputs(self, images: Images) -> Float32s:
        """What the network itself gives to each image (n, 28, 28) uint8: (n, 10), in its own order."""
        parts = [self.tensors.read_values(*asked) for asked in self._ask(images)]
        return np.concatenate(parts) if parts else np.empty((0, CLASSES), np.float32)

    def count_parameters(self) -> int:
        """The numbers that the network has learnt: all tensors that no step makes, but those of shapes and places."""
        with self._few.lock:
            steps = self._few.interpreter._get_ops_details()
            made = {self.tensors.image} | {int(tensor) for step in steps for tensor in step["outputs"]}
            used = {int(tensor) for step in steps for tensor in step["inputs"]} - made
            tensors = [each for each in self._few.interpreter.get_tensor_details() if each["index"] in used]
        learnt = [each for each in tensors if each["dtype"] not in _PLACES or each["quantization"][0]]
        return sum(int(np.prod(each["shape"])) for each in learnt)

    def _ask(self, images: Images) -> Iterator[tuple[npt.NDArray[Any], int]]:
        """What the output tensor holds, a batch at a time, and for how many images that is meant."""
        for start in range(0, len(images), self._most):
            part = images[start : start + self._most]
            runner = self._many if len(part) == _BATCH else self._few
            yield runner.answer(self.tensors.write_inputs(part)), len(part)

    @cached_property
    def _many(self) -> "_Runner":
        """What reads whole batches, on all cores; the answers are the same to the bit."""
        return _Runner(self._content, self._preparation, os.cpu_count() or 1)


class _Runner:
    """An interpreter, which holds the tensors of the images at work, so that one thread at a time may use it."""

    def __init__(self, content: bytes, preparation: Preparation, threads: int = 1) -> None:
        """Load a flatbuffer for so many threads; raises ModelError as `open_interpreter` does."""
        self.lock = Lock()
        self.interpreter, self.tensors = open_interpreter(content, preparation, threads=threads)
        self._size = self.tensors.batch or 1

    def answer(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What the output tensor holds for the values of a batch."""
        with self.lock:
            if len(values) != self._size:
                self._size = len(values)
                self.interpreter.resize_tensor_input(self.tensors.image, values.shape)
                self.interpreter.allocate_tensors()
            self.interpreter.set_tensor(self.tensors.image, values)
            self.interpreter.invoke()
            answer: npt.NDArray[Any] = self.interpreter.get_tensor(self.tensors.answer)
        return answer


def open_interpreter(
    content: bytes, preparation: Preparation, *, threads: int = 1, **options: object
) -> tuple[Any, Tensors]:
    """LiteRT's interpreter for a flatbuffer, ready for a first batch, and the way into it and out of it.

    It works on so many `threads`; `options` are its own. Raises ModelError where the content is no model from a digit
    to ten values.
    """
    from ai_edge_litert.interpreter import Interpreter

    try:
        interpreter = Interpreter(model_content=content, num_threads=threads, **options)
        tensors = Tensors(interpreter.get_input_details(), interpreter.get_output_details(), preparation)
        if tensors.is_open:
            interpreter.resize_tensor_input(tensors.image, (1, *tensors.shape))
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as e:
        raise explain_refusal(e) from e
    return interpreter, tensors


def explain_refusal(cause: Exception) -> ModelError:
    """What LiteRT says of a model that it cannot run, and what to do."""
    said = " ".join(str(cause).split())
    if "Select TensorFlow op" in said or "custom op" in said:
        return ModelError(
            "The model has operations that LiteRT alone does not know: it was converted with SELECT_TF_OPS or with "
            "operations of its own. Convert it without them, or bring the Keras file that it was made from."
        )
    if "Flatbuffer" in said:
        return ModelError(
            "This is no LiteRT model that can answer (it is cut short or damaged, or none at all). "
            "Give a .tflite file that is whole: download or convert it again."
        )
    return ModelError(
        f"This is no LiteRT model that can answer ({said[:200]}). Give a .tflite file that was converted whole, for "
        "one image in and ten values out."
    )
