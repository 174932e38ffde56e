"""A network with its values on the way to the answer, for whoever looks inside.

LiteRT keeps them only where nothing is delegated, and calls that experimental; this is the one place that asks it to.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mnist_dash.arrays import Float32s, Images
from mnist_dash.data.dataset import scale_to_input
from mnist_dash.models.classifier import LiteRT

Operation = Mapping[str, Any]
"""A step of a LiteRT graph with `op_name` and the numbers of its tensors, `inputs` and `outputs`."""


class Network:
    """A LiteRT network that keeps all its values; for one thread."""

    def __init__(self, content: bytes) -> None:
        """Load a flatbuffer; raises ModelError where it is no model from 28×28 images to ten digits."""
        from ai_edge_litert.interpreter import Interpreter, OpResolverType

        # Refuses whatever is no model of digits, with the words that all commands use.
        LiteRT(content)
        # Without delegates: they fuse layers, and what lies between is gone.
        self._interpreter = Interpreter(
            model_content=content,
            num_threads=1,
            experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
            experimental_preserve_all_tensors=True,
        )
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]
        self._size = 1

    @property
    def operations(self) -> Sequence[Operation]:
        """The steps from image to answer, in their order."""
        steps: Sequence[Operation] = self._interpreter._get_ops_details()
        return steps

    @property
    def image(self) -> int:
        """The number of the tensor that takes the images."""
        return int(self._input["index"])

    @property
    def answer(self) -> int:
        """The number of the tensor that holds the answer."""
        return int(self._interpreter.get_output_details()[0]["index"])

    def ask(self, images: Images) -> None:
        """Read images (n, 28, 28) uint8, which gives every tensor its value."""
        values = scale_to_input(images).reshape(len(images), *self._input["shape_signature"][1:])
        if len(images) != self._size:
            self._size = len(images)
            self._interpreter.resize_tensor_input(self._input["index"], values.shape)
            self._interpreter.allocate_tensors()
        self._interpreter.set_tensor(self._input["index"], values)
        self._interpreter.invoke()

    def value(self, tensor: int) -> Float32s:
        """What a tensor holds since the last images were read; weights hold the same before and after."""
        found: Float32s = self._interpreter.get_tensor(tensor)
        return found
