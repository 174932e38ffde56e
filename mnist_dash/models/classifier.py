"""Models that answer in any process, without TensorFlow."""

import hashlib
from threading import Lock
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from mnist_dash.arrays import Images, Probabilities
from mnist_dash.data.dataset import CLASSES, FEATURES, SIDE, scale_to_input
from mnist_dash.errors import ModelError

_BATCH = 500


class Classifier(Protocol):
    """Anything that reads digits."""

    def probabilities(self, images: Images) -> Probabilities:
        """The answer to each image (n, 28, 28) uint8: probabilities (n, 10)."""


class LiteRT:
    """A trained network in the LiteRT format; safe to share between threads."""

    def __init__(self, content: bytes) -> None:
        """Load a flatbuffer; raises ModelError where it is none, or not one from 28×28 images to ten digits."""
        # An interpreter holds the tensors of the image at work, so one thread at a time may use it.
        self._lock, self._size = Lock(), 1
        self._interpreter = _interpreter(content)
        self._input = self._interpreter.get_input_details()[0]
        self._output = self._interpreter.get_output_details()[0]
        self._shape = _image_shape(self._input["shape_signature"], self._output["shape_signature"])
        try:
            self.probabilities(np.zeros((2, SIDE, SIDE), np.uint8))
        except (ValueError, RuntimeError) as e:
            raise _refused(e) from e

    def probabilities(self, images: Images) -> Probabilities:
        """The answer to each image (n, 28, 28) uint8: probabilities (n, 10)."""
        parts = [self._answer(images[i : i + _BATCH]) for i in range(0, len(images), _BATCH)]
        return np.concatenate(parts) if parts else np.empty((0, CLASSES), np.float32)

    def _answer(self, images: Images) -> Probabilities:
        values = scale_to_input(images).reshape(len(images), *self._shape)
        with self._lock:
            if len(images) != self._size:
                self._size = len(images)
                self._interpreter.resize_tensor_input(self._input["index"], values.shape)
                self._interpreter.allocate_tensors()
            self._interpreter.set_tensor(self._input["index"], values)
            self._interpreter.invoke()
            answer: Probabilities = self._interpreter.get_tensor(self._output["index"])
        return answer


class RandomGuess:
    """Answers at random, and always the same to the same image: a function of seed and pixels."""

    def __init__(self, seed: int) -> None:
        """Guess by `seed`."""
        self._seed = seed

    def probabilities(self, images: Images) -> Probabilities:
        """Probabilities (n, 10) drawn uniformly from all that sum to 1, whatever the images (n, 28, 28) show."""
        return np.array([self._guess(image.tobytes()) for image in images], np.float32).reshape(-1, CLASSES)

    def _guess(self, pixels: bytes) -> npt.NDArray[np.float64]:
        digest = int.from_bytes(hashlib.blake2b(pixels, digest_size=8).digest(), "big")
        return np.random.default_rng([self._seed, digest]).dirichlet(np.ones(CLASSES))


def _interpreter(content: bytes) -> Any:  # noqa: ANN401 - the library has no types
    from ai_edge_litert.interpreter import Interpreter

    try:
        interpreter = Interpreter(model_content=content, num_threads=1)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as e:
        raise _refused(e) from e
    return interpreter


def _refused(cause: Exception) -> ModelError:
    said = " ".join(str(cause).split())
    return ModelError(
        f"This is no LiteRT model that can answer ({said}). Give a .tflite file that was exported whole, with float32 "
        "values."
    )


def _image_shape(takes: npt.NDArray[np.int32], gives: npt.NDArray[np.int32]) -> tuple[int, ...]:
    """The shape of one image, as the model takes it."""
    shape, answer = tuple(takes[1:].tolist()), tuple(gives[1:].tolist())
    if shape not in ((SIDE, SIDE, 1), (SIDE, SIDE), (FEATURES,)) or answer != (CLASSES,):
        raise ModelError(
            f"The model takes {shape} and gives {answer}; allowed are models from 28×28 images ((28, 28, 1), (28, 28) "
            "or (784,), values from 0 to 1) to ten probabilities."
        )
    return shape
