"""Digits on photos of paper, with everything that a page, a light and a camera do to them, are found and read."""

import io
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.paper import Condition, photo
from mnist_dash.arrays import Ink
from mnist_dash.data.dataset import Digits
from mnist_dash.data.generator.writers import generate
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.sketch import ink, uneven_light
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
    found = uneven_light.find_ink(Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)))
    rows, columns = np.nonzero(found)
    assert np.allclose((rows.min(), rows.max(), columns.min(), columns.max()), (300, 619, 600, 629), atol=2)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_page_of_one_level_has_no_digits(level: int) -> None:
    assert read_photo(file_of(Image.new("L", (1600, 1200), level)), "photo").alone == []


def in_shadow(paper: float, share: float) -> npt.NDArray[np.float64]:
    """A page on a table that is lighter than paper in the dark; the shadow lies on `share` of it from the left."""
    grey = np.full((960, 1280), 90.0)
    grey[60:900, 100:1180] = paper
    grey[:, : int(share * 1280)] *= 0.35
    return np.asarray(grey)


def noisy(grey: npt.NDArray[np.float64]) -> Image.Image:
    taken = grey + np.random.default_rng(0).normal(0, 3, grey.shape)
    return Image.fromarray(np.clip(taken, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_ink_on_a_page_that_lies_mostly_in_a_shadow_is_darker_than_paper(share: float) -> None:
    grey = in_shadow(220, share)
    grey[400:520, 300:312] *= 0.3
    rows, columns = np.nonzero(ink.read_ink(noisy(grey)))
    assert np.allclose((rows.min(), rows.max(), columns.min(), columns.max()), (400, 519, 300, 311), atol=3)


def test_a_corner_of_the_table_does_not_hide_faint_ink() -> None:
    grey = np.full((960, 1280), 225.0)
    grey[400:480, 500:506] *= 0.6
    rows, columns = np.indices(grey.shape)
    grey[rows + 0.1 * columns < 60] = 50
    found = uneven_light.find_ink(noisy(grey))
    assert found[410:470, 500:506].mean() > 0.5


def test_a_mark_far_from_the_digits_that_is_paler_than_they_is_dirt() -> None:
    grey = in_shadow(220, 0)
    for left in (300, 400, 500):
        grey[400:500, left : left + 12] *= 0.3
    for place, shade in ((slice(600, 612), 0.3), (slice(1_000, 1_012), 0.55)):
        grey[400:500, place] *= shade
    _, columns = np.nonzero(ink.read_ink(noisy(grey)))
    assert 600 < columns.max() < 620


@pytest.mark.slow
def test_a_photo_of_fifty_megapixels_is_read() -> None:
    large = Image.new("L", (8_400, 6_000), 235)
    large.paste(30, (3_000, 2_000, 3_100, 3_500))
    large.paste(30, (5_000, 2_000, 5_100, 3_500))
    file = io.BytesIO()
    large.save(file, "JPEG", quality=80)
    assert list(read_photo(file, "photo").lines) == [2]


def test_a_face_a_table_and_an_empty_form_have_no_digits() -> None:
    face = Image.new("L", (900, 1_200), 130)
    face.paste(190, (200, 200, 700, 1_000))
    for left in (300, 520):
        face.paste(60, (left, 450, left + 80, 480))
    blurred = np.asarray(face.filter(ImageFilter.GaussianBlur(12)), float) * np.linspace(0.6, 1.1, 900)
    table = 120 + 25 * np.sin(np.arange(960)[:, np.newaxis] / 9) + np.zeros((960, 1_280))
    form = np.full((1_400, 1_000), 250.0)
    form[100:1_301:60] = form[101:1_302:60] = 90
    form[100:1_300, 50:951:50] = form[100:1_300, 51:952:50] = 90
    for taken in (blurred, table, form):
        assert read_photo(file_of(noisy(taken)), "photo").alone == []


@pytest.mark.slow
def test_a_page_of_print_is_looked_at_in_a_bearable_time() -> None:
    page = Image.new("L", (1_600, 1_200), 240)
    for row in range(30):
        ImageDraw.Draw(page).text(
            (60, 60 + 36 * row), "The quick brown fox jumps over the lazy dog, 1984 times. " * 2, 20, font_size=28
        )
    asked = []

    def counting(inks: list[Ink]) -> npt.NDArray[np.float64]:
        asked.append(len(inks))
        return np.full(len(inks), 0.3)

    found = read_photo(file_of(page), "photo", counting)
    assert len(found.alone) > 500
    assert sum(asked) < 100 * len(found.alone)
