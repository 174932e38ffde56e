"""Which training images a run learns from and which are its validation images, for all who have to agree on it."""

from mnist_dash.arrays import Labels
from mnist_dash.data.dataset import Digits
from mnist_dash.data.present_digits import find_digits
from mnist_dash.data.split import SplitIndices, draw_split, draw_split_by_writer
from mnist_dash.errors import DataError, SpecError
from mnist_dash.methods.parameters import ValidationBy
from mnist_dash.methods.spec import RunSpec


def explain_one_digit(spec: RunSpec, labels: Labels) -> str | None:
    """Why no network learns from training images of one digit alone; None where there are more, or no network."""
    present = find_digits(labels)
    if len(present) != 1 or not spec.learns:
        return None
    return (
        f"Every training image of {spec.data} is a {present[0]}. A network learns to tell digits apart, and would "
        f"answer {present[0]} whatever it is shown; needed are two different ones at least. Choose another data set, "
        "or add images of other digits."
    )


def draw_run_split(spec: RunSpec, digits: Digits) -> SplitIndices:
    """Divide the training images of a run's data set; the same spec and images give the same parts.

    Raises SpecError where there are too few images, or one digit alone to learn, and by writer where nothing says who
    wrote them or everybody wrote more than validation has room for.
    """
    reason = explain_one_digit(spec, digits.labels)
    if reason:
        raise SpecError(reason)
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
