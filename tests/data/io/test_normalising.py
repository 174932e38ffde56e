"""Images of any size and polarity become MNIST's, and what is MNIST's already stays as it is."""

import numpy as np
import pytest
from PIL import Image

from mnist_dash.arrays import Images
from mnist_dash.data.generator.parameters import Handwriting
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.io.normalising import Polarity, centre, check_share, find_polarity, is_ink_dark, make_ink_light
from mnist_dash.errors import DataError
from mnist_dash.models.bundled import DEFAULT, load_bundled

DIGITS = generate(40, 0, handwriting=Handwriting(difference=0.5, variation=0.5, gaps=0.0))
"""Of writers whom the bundled reader reads without a fault."""


def resized(image: Images, side: int) -> Images:
    return np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC))


def test_the_border_of_a_whole_set_tells_ink_from_paper() -> None:
    images = DIGITS.images
    assert find_polarity([images]) is Polarity.INK_IS_LIGHT
    assert find_polarity([255 - images, 255 - images[:1]]) is Polarity.INK_IS_DARK


def test_a_mixture_is_judged_image_by_image() -> None:
    images = DIGITS.images
    mixed = np.concatenate([255 - images[:30], images[30:]])
    assert find_polarity([mixed[:35], mixed[35:]]) is Polarity.AUTO
    assert is_ink_dark(mixed).tolist() == [True] * 30 + [False] * 10
    assert np.array_equal(make_ink_light(mixed, Polarity.AUTO), images)


def test_grey_borders_are_no_mixture() -> None:
    """Ink that runs off many images, as where digits were cut out tightly, says nothing about polarity."""
    borders = np.linspace(0, 255, 40).astype(np.uint8)
    images = np.repeat(borders, 28 * 28).reshape(40, 28, 28)
    assert find_polarity([images]) is not Polarity.AUTO


def test_dark_ink_is_turned_to_light_ink_and_light_ink_is_kept() -> None:
    images = DIGITS.images
    assert np.array_equal(make_ink_light(255 - images, Polarity.INK_IS_DARK), images)
    assert make_ink_light(images, Polarity.INK_IS_LIGHT) is images


@pytest.mark.parametrize("side", [16, 20, 50, 64, 120])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("told", [False, True])
def test_a_digit_of_any_size_and_polarity_is_read_as_before(side: int, dark: bool, told: bool) -> None:
    polarity = (Polarity.INK_IS_DARK if dark else Polarity.INK_IS_LIGHT) if told else Polarity.AUTO
    made = []
    digits = DIGITS if side <= 64 else DIGITS.take(slice(8))  # photographs take longer
    for image in digits.images:
        large = resized(image, side)
        made.append(centre(Image.fromarray(255 - large if dark else large), polarity))
    answers = load_bundled(DEFAULT).probabilities(np.stack([one for one in made if one is not None])).argmax(axis=1)
    assert len(answers) == len(digits)
    assert (answers == digits.labels).mean() > 0.9


@pytest.mark.parametrize("side", [40, 100])
def test_a_told_polarity_outweighs_a_border_full_of_ink(side: int) -> None:
    framed = np.full((side, side), 255, np.uint8)
    framed[side // 4 : -side // 4, side // 4 : -side // 4] = 0
    middle = slice(12, 16)
    ring, blot = (
        centre(Image.fromarray(framed), polarity) for polarity in (Polarity.INK_IS_LIGHT, Polarity.INK_IS_DARK)
    )
    assert ring is not None
    assert blot is not None
    assert (ring[middle, middle].max(), blot[middle, middle].min()) == (0, 255)


@pytest.mark.parametrize("side", [8, 100])
@pytest.mark.parametrize("grey", [0, 100, 255])
def test_a_blank_image_has_no_ink(side: int, grey: int) -> None:
    assert centre(Image.new("L", (side, side), grey), Polarity.AUTO) is None


def test_a_set_of_which_a_tenth_cannot_be_read_is_taken_and_no_more() -> None:
    check_share(0, 5, "")
    check_share(10, 100, "one")
    for left_out, images in ((11, 100), (1, 1)):
        with pytest.raises(DataError, match=f"{left_out} of {images} images cannot be read .* The first is one"):
            check_share(left_out, images, "one")
