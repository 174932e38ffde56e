"""Pictures of every kind are read, those that cannot be are counted and named, and a set is taken as it came."""

import io
from collections.abc import Mapping

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from mnist_dash.data.generator.writers import generate
from mnist_dash.data.io import pictures
from mnist_dash.data.io.folders import File, sort_pictures
from mnist_dash.data.io.normalising import Fit, Polarity
from mnist_dash.data.io.pictures import read_grey_levels, read_pictures
from mnist_dash.data.io.raw_images import RawDataset
from mnist_dash.errors import DataError
from mnist_dash.sketch.mnist_preprocessing import preprocess
from tests.data.archives import png

DIGITS = generate(20, 0)
ONE = Image.fromarray(DIGITS.images[0])
HUGE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x0fB@\x00\x0fB@\x08\x00\x00\x00\x00"
"""How a PNG file of a million by a million pixels starts."""


def read(files: Mapping[str, bytes], fit: Fit = Fit.AUTO, polarity: Polarity = Polarity.AUTO) -> RawDataset:
    found = sort_pictures(File(name, len(content), io.BytesIO(content).getvalue) for name, content in files.items())
    return read_pictures(found.pictures, fit, polarity, lambda _text, _share: None)


def files(count: int = 20, side: int = 28, form: str = "PNG") -> dict[str, bytes]:
    """Digits as pictures, every fourth of them for the test split."""
    return {
        f"{'test' if n % 4 == 3 else 'train'}/{DIGITS.labels[n]}/{n}.png": png(
            Image.fromarray(DIGITS.images[n]).resize((side, side), Image.Resampling.BICUBIC), form
        )
        for n in range(count)
    }


def test_pictures_of_28_pixels_are_taken_as_they_are_in_their_order() -> None:
    found = read(files())
    test = np.arange(20) % 4 == 3
    assert (found.centred, found.sizes, found.left_out) == (False, "28×28", ())
    assert np.array_equal(found.train.images, DIGITS.images[~test])
    assert found.test is not None
    assert np.array_equal(found.test.images, DIGITS.images[test])
    assert np.array_equal(found.test.labels, DIGITS.labels[test])


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_pictures_of_any_size_and_form_are_centred(form: str) -> None:
    found = read({**files(19, 56, form), "train/0/large.png": png(ONE.resize((90, 80)))})
    assert (found.centred, found.sizes, len(found.train) + len(found.test or ())) == (True, "56×56 to 90×80", 20)
    for image in found.train.images:
        rows = np.flatnonzero(image.any(axis=1))
        assert (image.max(), rows[-1] - rows[0] < 20) == (255, True)


def test_centring_may_be_asked_for_and_as_is_may_be_insisted_on() -> None:
    assert read(files(), Fit.CENTRE).centred
    with pytest.raises(DataError, match=r"Not all pictures have 28×28 pixels: train/\d/0.png has 30×30"):
        read(files(side=30), Fit.AS_IS)


def test_what_is_no_picture_is_left_out_and_named() -> None:
    found = read({**files(), "train/0/broken.png": b"no picture", "test/1/huge.png": HUGE})
    assert len(found.train) + len(found.test or ()) == 20
    assert sorted(reason.partition(": ")[0] for reason in found.left_out) == ["test/1/huge.png", "train/0/broken.png"]


def test_a_blank_picture_is_left_out_where_digits_are_cut_out() -> None:
    found = read({**files(side=40), "train/0/blank.png": png(Image.new("L", (40, 40), 200))})
    assert [reason.partition(": ")[::2] for reason in found.left_out] == [
        ("train/0/blank.png", "There is no ink in it: it is blank, or its contrast is too low.")
    ]


@pytest.mark.parametrize("good", [0, 20])
def test_a_source_of_broken_pictures_is_refused_with_the_first(good: int) -> None:
    broken = {f"train/0/x{n}.png": b"no picture" for n in range(3)}
    with pytest.raises(DataError, match=rf"3 of {good + 3} images cannot be read.* The first is train/0/x0\.png"):
        read({**files(good), **broken})


def test_too_many_pictures_or_pixels_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 19 * 784)
    with pytest.raises(DataError, match="more than 14,896 pixels together"):
        read(files())
    monkeypatch.setattr(pictures, "MAX_IMAGES", 19)
    with pytest.raises(DataError, match="There are 20 pictures; allowed are 19"):
        read(files())


def transparent(colour: int) -> Image.Image:
    picture = Image.new("LA", ONE.size, (colour, 0))
    picture.putalpha(ONE)
    return picture


KINDS = {
    "colour": ONE.convert("RGB"),
    "palette": ONE.convert("P"),
    "sixteen bits": Image.fromarray(np.asarray(ONE).astype(np.uint16) * 257),
    "white ink alone": transparent(255),
    "opaque": ONE.convert("RGBA"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_pixels_shows_the_same_grey(kind: str) -> None:
    assert np.array_equal(read_grey_levels(Image.open(io.BytesIO(png(KINDS[kind])))), np.asarray(ONE))


def test_behind_dark_ink_alone_is_white_paper() -> None:
    assert np.array_equal(read_grey_levels(transparent(0)), np.asarray(ImageOps.invert(ONE)))


def test_behind_paper_that_was_cut_out_is_the_same_paper() -> None:
    drawn = ImageOps.invert(ONE).convert("RGBA")
    drawn.putpixel((0, 0), (0, 0, 0, 0))
    assert read_grey_levels(drawn)[0, 0] == 255
    assert read_grey_levels(Image.new("RGBA", (28, 28)))[0, 0] == 255


def test_a_picture_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = io.BytesIO()
    ONE.save(content, "PNG", exif=exif)
    found = read({**files(), "train/0/turned.png": content.getvalue()})
    assert any(np.array_equal(image, np.rot90(DIGITS.images[0], -1)) for image in found.train.images)


def test_a_digit_is_stored_with_all_its_strokes_as_sketch_and_predict_read_it() -> None:
    strokes = [[(400, 120), (330, 480), (640, 480)], [(560, 280), (560, 700)]]
    sheet = Image.new("L", (1050, 800), 255)
    for stroke in strokes:
        ImageDraw.Draw(sheet).line(stroke, fill=0, width=3)
    cut_out = Image.merge("LA", (sheet, sheet.point(lambda level: 255 * (level < 255))))
    found = read({"4/sheet.png": png(sheet), "4/cut out.png": png(cut_out), "4/too.png": png(sheet)}).train
    made = preprocess(np.asarray(sheet) == 0)
    assert made is not None
    for image in found.images:
        assert np.abs(image.astype(int) - made.image).mean() < 8


@pytest.mark.parametrize(("levels", "words"), [(1, "0 to 1"), (16, "0 to 16")])
@pytest.mark.parametrize("side", [28, 56])
def test_pictures_of_few_grey_levels_are_stretched_and_that_is_told(levels: int, words: str, side: int) -> None:
    few = {
        name: png(np.rint(np.asarray(Image.open(io.BytesIO(content))) / 255 * levels).astype(np.uint8))
        for name, content in files(20, side).items()
    }
    found = read(few)
    assert found.notes == (f"Values from {words} were stretched to 0 to 255.",)
    assert found.test is not None
    assert (found.left_out, len(found.train) + len(found.test)) == ((), 20)
    assert found.train.images.max(axis=(1, 2)).min() == 255
    as_usual = read(files(20, side))
    assert as_usual.notes == ()
    assert np.abs(found.train.images.astype(int) - as_usual.train.images).mean() < 40 / levels + 8


def test_one_faint_picture_among_others_is_no_reason_to_stretch_them() -> None:
    faint = png((DIGITS.images[0] > 128).astype(np.uint8))
    found = read({**files(), "train/0/faint.png": faint})
    assert found.notes == ()
    assert found.train.images.max(axis=(1, 2)).min() == 1


def test_blank_pictures_are_stretched_to_nothing() -> None:
    blank = {f"train/{n}/{n}.png": png(np.zeros((28, 28), np.uint8)) for n in range(10)}
    assert read(blank).notes == ()
