"""A network with its values on the way to the answer, for whoever looks inside.

LiteRT keeps them only where nothing is delegated, and calls that experimental; this is the one place that asks it to.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mnist_dash.arrays import Float32s, Images, Probabilities
from mnist_dash.data.dataset import SIDE
from mnist_dash.errors import ModelError
from mnist_dash.models.classifier import LiteRT, open_interpreter
from mnist_dash.models.preparation import PLAIN, Preparation

Operation = Mapping[str, Any]
"""A step of a LiteRT graph with `op_name` and the numbers of its tensors, `inputs` and `outputs`."""


class Network:
    """A LiteRT network that keeps all its values; for one thread."""

    def __init__(self, content: bytes, preparation: Preparation = PLAIN) -> None:
        """Load a flatbuffer; raises ModelError where it is no model of digits, or one that shows nothing."""
        from ai_edge_litert.interpreter import OpResolverType

        # Refuses whatever is no model of digits, with the words that all commands use.
        LiteRT(content, preparation)
        # Without delegates: they fuse layers, and what lies between is gone.
        self._interpreter, self._tensors = open_interpreter(
            content,
            preparation,
            experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
            experimental_preserve_all_tensors=True,
        )
        if self._tensors.is_quantised:
            raise ModelError("The model is quantised: its layers hold whole numbers. Look into one with float32.")
        self._size = self._tensors.batch or 1

    @property
    def operations(self) -> Sequence[Operation]:
        """The steps from image to answer, in their order."""
        steps: Sequence[Operation] = self._interpreter._get_ops_details()
        return steps

    @property
    def image(self) -> int:
        """The number of the tensor that takes the images."""
        return self._tensors.image

    @property
    def answer(self) -> int:
        """The number of the tensor that holds the answer."""
        return self._tensors.answer

    @property
    def batch(self) -> int | None:
        """The images that it reads at once, no more and no fewer; None where any number will do."""
        return self._tensors.batch

    @property
    def sees_image(self) -> bool:
        """Whether what it takes are the pixels of the image, each at its place."""
        return self._tensors.layout.side == SIDE

    def ask(self, images: Images) -> None:
        """Read images (n, 28, 28) uint8, which gives every tensor its value."""
        values = self._tensors.write_inputs(images)
        if len(values) != self._size:
            self._size = len(values)
            self._interpreter.resize_tensor_input(self.image, values.shape)
            self._interpreter.allocate_tensors()
        self._interpreter.set_tensor(self.image, values)
        self._interpreter.invoke()

    def probabilities(self, count: int) -> Probabilities:
        """The answer (count, 10) to the first images that were read last."""
        return self._tensors.read_probabilities(self.value(self.answer), count)

    def value(self, tensor: int) -> Float32s:
        """What a tensor holds since the last images were read; weights hold the same before and after."""
        found: Float32s = self._interpreter.get_tensor(tensor)
        return found
