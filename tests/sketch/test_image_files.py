"""Files of any kind become pictures within bounds, or are refused with what came, what is allowed and what to do."""

import io
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from mnist_dash.errors import ImageError
from mnist_dash.sketch.image_files import FORMATS, MAX_PIXELS, open_image, read_image
from mnist_dash.sketch.ink import read_ink
from tests.sketch.test_ink import Grey, a_seven, assert_reads_as_seven, noise, picture, sheet


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, kind, **options)
    file.seek(0)
    return file


def heic(image: Image.Image, **options: object) -> io.BytesIO:
    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file, quality=90, **options)
    file.seek(0)
    return file


@pytest.mark.parametrize("kind", FORMATS)
def test_every_allowed_type_is_read_from_a_file(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "seven"
    picture(sheet()).save(path, kind)
    assert_reads_as_seven(read_ink(read_image(path)))


@pytest.mark.parametrize(("orientation", "turned"), [(6, Image.Transpose.ROTATE_90), (8, Image.Transpose.ROTATE_270)])
def test_a_photo_is_turned_as_its_exif_says(orientation: int, turned: Image.Transpose) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = saved(picture(sheet()).transpose(turned), "JPEG", exif=exif)
    assert_reads_as_seven(read_ink(read_image(photo)))


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_gives_its_first_frame(kind: str) -> None:
    blank = Image.new("L", (300, 240), 255)
    moving = saved(picture(sheet()), kind, save_all=True, append_images=[blank])
    assert_reads_as_seven(read_ink(read_image(moving)))


def test_a_palette_with_a_transparent_colour_is_read() -> None:
    image = Image.fromarray(a_seven().astype(np.uint8))
    image.putpalette([255, 255, 255, 0, 0, 0])
    assert_reads_as_seven(read_ink(read_image(saved(image, transparency=0))))


def cut_short(path: Path) -> None:
    whole = saved(picture(sheet() + noise((240, 300), 30))).getvalue()
    path.write_bytes(whole[: len(whole) // 2])


BROKEN: dict[str, Callable[[Path], object]] = {
    "is a folder": lambda path: path.mkdir(),
    "does not exist": lambda path: path.unlink(missing_ok=True),
    "cannot be read": lambda path: path.write_text("a seven"),
    "cut short": cut_short,
    "is text": lambda path: path.write_text("a seven"),
    "is empty": lambda path: path.write_bytes(b""),
    "is a TIFF": lambda path: picture(sheet()).save(path, "TIFF"),
    "is a PDF": lambda path: picture(sheet()).save(path, "PDF"),
    "is an SVG drawing": lambda path: path.write_text('<svg xmlns="http://www.w3.org/2000/svg"><circle r="3"/></svg>'),
    "an XML file": lambda path: path.write_text('<?xml version="1.0"?><svg/>'),
    "is a ZIP": lambda path: path.write_bytes(b"PK\x03\x04" + bytes(200)),
    "of the type avif": lambda path: path.write_bytes(b"\0\0\0 ftypavif" + bytes(200)),
    "broken, cut short or of another type": lambda path: path.write_bytes(bytes(range(256))),
}


@pytest.mark.parametrize("said", BROKEN)
def test_a_file_that_is_no_picture_is_refused_in_one_line(said: str, tmp_path: Path) -> None:
    path = tmp_path / "seven.png"
    BROKEN[said](path)
    with pytest.raises(ImageError, match=said) as caught:
        read_image(path)
    assert "seven.png" in str(caught.value)
    assert "PNG, JPEG" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("side", [6_500, 10_000, 20_000])
def test_a_file_over_the_limit_is_refused_before_it_is_decoded(side: int) -> None:
    bomb = saved(Image.new("1", (side, side)), "BMP").getvalue()[:200]
    with pytest.raises(ImageError, match="too large; allowed are up to 40 megapixels"):
        read_image(io.BytesIO(bomb))


def test_an_animation_is_said_to_be_one() -> None:
    moving = saved(picture(sheet()), "GIF", save_all=True, append_images=[Image.new("L", (300, 240), 255)])
    assert open_image(moving).notes == ("It is animated or holds several pictures: the first one was taken.",)
    assert open_image(saved(picture(sheet()), "GIF")).notes == ()


def test_a_phones_heic_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    path = tmp_path / "seven.jpg"
    path.write_bytes(heic(picture(sheet())).getvalue())
    assert_reads_as_seven(read_ink(read_image(path)))


def test_a_heic_is_turned_as_it_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = picture(sheet()).convert("RGB").transpose(Image.Transpose.ROTATE_90)
    assert_reads_as_seven(read_ink(read_image(heic(turned, exif=exif.tobytes()))))


def test_a_heic_over_the_limit_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture of the limit takes a minute to write, so the limit is made smaller."""
    photo = heic(picture(sheet()).convert("RGB"))
    monkeypatch.setattr("mnist_dash.sketch.image_files.MAX_PIXELS", 50_000)
    monkeypatch.setattr(pillow_heif.HeifImage, "data", property(lambda _: pytest.fail("it was decoded")))
    with pytest.raises(ImageError, match="300×240 pixels"):
        read_image(photo)


def test_a_broken_heic_is_refused() -> None:
    with pytest.raises(ImageError, match="cannot be read as a picture"):
        read_image(io.BytesIO(heic(picture(sheet())).getvalue()[:300]))


def test_a_picture_may_come_as_small_as_is_needed_and_no_smaller() -> None:
    large = picture(sheet(width=3000, height=2400))
    assert read_image(saved(large), 1280).size == (1500, 1200)
    assert read_image(saved(large, "JPEG"), 1280).size == (1500, 1200)
    assert read_image(saved(large, "JPEG")).size == (3000, 2400)
    assert read_image(saved(picture(sheet())), 1280).size == (300, 240)


def test_a_reduced_photo_is_turned_as_its_exif_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    large = picture(sheet(width=3000, height=2400)).transpose(Image.Transpose.ROTATE_90)
    for kind in ("JPEG", "PNG", "WEBP"):
        assert read_image(saved(large, kind, exif=exif), 1280).size == (1500, 1200)


def test_sixteen_bits_of_every_channel_are_read() -> None:
    assert_reads_as_seven(read_ink(read_image(io.BytesIO(png_of_sixteen_bits(sheet(230, 20))))))


def png_of_sixteen_bits(grey: Grey) -> bytes:
    """A PNG with three channels of 16 bits, which Pillow reads but does not write."""
    height, width = grey.shape
    rows = (grey * 257).astype(">u2").repeat(3, axis=1).view(np.uint8).reshape(height, -1)
    raw = np.pad(rows, ((0, 0), (1, 0))).tobytes()
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([16, 2, 0, 0, 0])
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big") for name, body in chunks
    )


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (10_000, 3), (3, 10_000), (30_000, 1)])
def test_a_picture_too_small_or_too_narrow_for_a_digit_has_no_ink(size: tuple[int, int]) -> None:
    assert not read_ink(read_image(saved(Image.new("RGB", size, "white")), 1280)).any()


def test_a_picture_with_too_long_a_side_is_refused() -> None:
    with pytest.raises(ImageError, match="30,001×1 pixels"):
        read_image(saved(Image.new("1", (30_001, 1))))


def test_a_partly_transparent_photo_is_read() -> None:
    rgba = np.zeros((960, 1200, 4), np.uint8)
    rgba[..., 3] = np.where(a_seven(1200, 960), 255, np.linspace(0, 90, 1200))
    assert_reads_as_seven(read_ink(read_image(saved(Image.fromarray(rgba)), 1280)))


def test_what_pictures_take_in_memory_is_bounded() -> None:
    """A bomb: 40 megapixels in 40 kB. The pixels themselves are Pillow's, and are not counted here."""
    bomb = saved(Image.new("1", (8_000, MAX_PIXELS // 8_000)))
    assert len(bomb.getvalue()) < 50_000
    tracemalloc.start()
    read_ink(read_image(bomb, 1280))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000_000


def test_a_phones_jpeg_may_be_larger_where_it_is_decoded_small() -> None:
    file = saved(Image.new("L", (8_000, 6_250), 200), "JPEG")
    assert 1_280 <= max(read_image(file, 1_280).size) < 2_560
    file.seek(0)
    with pytest.raises(ImageError, match="40 megapixels, or 80 of a phone's JPEG"):
        read_image(file)


def test_a_progressive_jpeg_is_held_whole_and_may_not() -> None:
    file = saved(Image.new("L", (8_000, 6_250), 200), "JPEG", progressive=True)
    with pytest.raises(ImageError, match="too large"):
        read_image(file, 1_280)
