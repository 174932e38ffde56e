"""Digits on photos of paper, with everything that a page, a light and a camera do to them, are found and read."""

import io
from functools import lru_cache

import numpy as np
import pytest
from PIL import Image

from benchmarks.paper import Condition, photo
from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.writers import generate
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.sketch import ink
from mnist_dash.sketch.mnist_preprocessing import preprocess
from mnist_dash.sketch.photo import SHOWN_SIDE, Photo, read_photo


@lru_cache(maxsize=1)
def digits() -> Digits:
    return generate(40, 1)


def file_of(image: Image.Image) -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    return file


def taken(condition: Condition, first: int, count: int, seed: int) -> tuple[Photo, list[int]]:
    """A photo of so many digits, and what was written."""
    written = digits().take(slice(first, first + count))
    made = photo(written.images, condition, np.random.default_rng((3, seed)))
    return read_photo(file_of(made.image), "photo"), written.labels.tolist()


def read(found: Photo) -> list[int]:
    made = [made for alone in found.alone if (made := preprocess(alone))]
    if not made:
        return []
    images = np.stack([one.image for one in made])
    return [int(digit) for digit in load_bundled(DEFAULT).probabilities(images).argmax(axis=1)]


@pytest.mark.slow
@pytest.mark.parametrize("condition", Condition)
def test_digits_are_found_and_read_on_paper_of_every_kind(condition: Condition) -> None:
    found, labels = taken(condition, 3, 3, 0)
    assert read(found) == labels
    assert list(found.lines) == [3]


@pytest.mark.slow
@pytest.mark.parametrize("condition", Condition)
def test_an_empty_page_has_no_digits(condition: Condition) -> None:
    none = np.zeros((0, 28, 28), np.uint8)
    made = photo(none, condition, np.random.default_rng((5, 2)))
    assert read_photo(file_of(made.image), "photo").alone == []


def test_the_boxes_stand_around_the_digits_and_the_picture_is_small() -> None:
    sheet = np.full((1200, 1600), 230, np.uint8)
    sheet[300:600, 400:440] = 20
    sheet[800:1100, 1200:1240] = 20
    found = read_photo(file_of(Image.fromarray(sheet)), "photo")
    assert list(found.lines) == [1, 1]
    assert np.allclose(found.boxes, [(0.25, 0.25, 0.275, 0.5), (0.75, 2 / 3, 0.775, 11 / 12)], atol=0.005)
    assert max(found.shown.size) == SHOWN_SIDE
    assert found.ink.any()


@pytest.mark.slow
def test_each_digit_stands_alone_with_room_around_it() -> None:
    found, _ = taken(Condition.PLAIN, 3, 2, 0)
    for alone in found.alone:
        height, width = alone.shape
        rows, columns = np.nonzero(alone)
        assert rows.min() > 0.2 * height
        assert columns.max() < width - 0.2 * height / 2
        assert alone.shape != found.ink.shape


@pytest.mark.parametrize("shade", [0.5, 0.75])
def test_the_edge_of_a_hard_shadow_through_a_digit_is_no_ink(shade: float) -> None:
    grey = np.full((960, 1280), 220.0)
    grey[300:620, 600:630] = 60
    grey[:, 615:] *= shade
    noisy = grey + np.random.default_rng(0).normal(0, 3, grey.shape)
    found = ink.find_ink_in_photo(Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)))
    rows, columns = np.nonzero(found)
    assert np.allclose((rows.min(), rows.max(), columns.min(), columns.max()), (300, 619, 600, 629), atol=2)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_page_of_one_level_has_no_digits(level: int) -> None:
    assert read_photo(file_of(Image.new("L", (1600, 1200), level)), "photo").alone == []
