"""Which training images a run learns from and which are its validation images, for all who have to agree on it."""

from mnist_dash.data.dataset import Digits
from mnist_dash.data.split import SplitIndices, draw_split, draw_split_by_writer
from mnist_dash.errors import DataError, SpecError
from mnist_dash.methods.parameters import ValidationBy
from mnist_dash.methods.spec import RunSpec


def draw_run_split(spec: RunSpec, digits: Digits) -> SplitIndices:
    """Divide the training images of a run's data set; the same spec and images give the same parts.

    Raises SpecError where there are too few images, and by writer where nothing says who wrote them or everybody wrote
    more than validation has room for.
    """
    train, validation = spec.split(len(digits))
    if spec.validation_by == ValidationBy.IMAGE:
        return draw_split(len(digits), train, validation, spec.seed)
    if digits.writers is None:
        raise SpecError(
            f"validation_by is 'writer', but nothing says who wrote the images of {spec.data}; allowed is 'image' "
            "there. Choose it, or a data set whose writers are known: MNIST itself, generated digits, or pen strokes "
            "with donors."
        )
    try:
        return draw_split_by_writer(digits.writers, train, validation, spec.seed)
    except DataError as e:
        raise SpecError(str(e)) from e
