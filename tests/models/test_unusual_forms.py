"""What people write in forms that MNIST all but lacks is read, and is not taken for no digit."""

import numpy as np
import pytest

from mnist_dash.arrays import Images
from mnist_dash.data.generator.skeletons import SKELETONS, Skeleton
from mnist_dash.data.generator.writers import ink_curves, write_skeleton
from mnist_dash.data.reader_set.redrawing import preprocess_inks
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.models.rejection import load_digit_detector

FORMS = {
    0: ("crossed at the top",),
    2: ("swung foot", "headless and swung", "waved foot"),
    4: ("like a sail", "low sail", "rounded sail"),
    5: ("hat apart", "hardly a bowl"),
    7: ("barred and arched",),
    8: ("open at the foot",),
    9: ("ring and bowl",),
}
COUNT = 60


def _list_forms() -> list[tuple[int, Skeleton]]:
    return [(digit, form) for digit in FORMS for form in SKELETONS[digit] if form.name in FORMS[digit]]


def _write(form: Skeleton) -> Images:
    """The form by writers whom no reader has learnt from."""
    rngs = [np.random.default_rng((7_000, number)) for number in range(COUNT)]
    return preprocess_inks(ink_curves(write_skeleton(form, rng), float(rng.uniform(0.07, 0.16))) for rng in rngs)


@pytest.mark.parametrize(("digit", "form"), _list_forms(), ids=lambda value: getattr(value, "name", str(value)))
def test_an_unusual_form_is_read_and_hardly_ever_refused(digit: int, form: Skeleton) -> None:
    images = _write(form)
    right = (load_bundled(DEFAULT).probabilities(images).argmax(axis=1) == digit).mean()
    refused = load_digit_detector().refuse(images).mean()
    assert right >= 0.9, f"{right:.0%} read right"
    assert refused <= 0.05, f"{refused:.0%} refused"
