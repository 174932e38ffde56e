"""Photos on the Sketch page: brought, read, kept, refused in place, and forgotten."""

import io

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from mnist_dash.errors import ImageError
from mnist_dash.sketch import pen
from mnist_dash.ui.shell import resources
from tests.pages.conftest import Open

SEVEN = np.array([[0.2, 0.15], [0.8, 0.15], [0.4, 0.9]])
ONE = np.array([[0.5, 0.1], [0.5, 0.9]])


def photo(*digits: np.typing.NDArray[np.float64], lines: int = 1, kind: str = "PNG", **options: object) -> bytes:
    """Digits side by side on shaded paper, the same ones on each line."""
    row = np.hstack([pen.draw([digit * 300], 300, 300, 34) for digit in digits] or [np.zeros((300, 300), bool)])
    ink = np.vstack([row] * lines)
    shade = np.linspace(230, 120, ink.shape[1]) + np.random.default_rng(0).normal(0, 3, ink.shape)
    file = io.BytesIO()
    page = Image.fromarray(np.where(ink, 40, shade).astype(np.uint8))
    page.save(file, kind, **options)
    return file.getvalue()


def bring(app: AppTest, content: bytes, name: str = "photo.png") -> AppTest:
    app.file_uploader[0].upload(name, content, "image/png")
    return app.run()


def answer(app: AppTest) -> str:
    return str(app.metric[0].value)


def captions(app: AppTest) -> str:
    return "\n".join(caption.value for caption in app.caption)


def test_a_photo_is_asked_for_by_the_link_and_nothing_is_opened_before(opened: Open) -> None:
    app = opened("sketch", way="photo")
    assert not app.exception
    assert [asked.key for asked in app.file_uploader if (asked.key or "").startswith("photo")] == ["photo_0"]
    assert not app.camera_input
    assert answer(app) == "–"
    assert "Bring a photo" in captions(app)


def test_digits_on_a_photo_are_read_as_a_number(opened: Open) -> None:
    app = bring(opened("sketch", way="photo"), photo(SEVEN, ONE))
    assert not app.exception
    assert answer(app) == "71"
    assert not app.text
    assert app.button_group(key="digit_of_2").options == ["1", "2"]


def test_lines_are_read_one_after_the_other(opened: Open) -> None:
    app = bring(opened("sketch", way="photo"), photo(SEVEN, ONE, lines=2))
    assert answer(app) == "7171"
    assert app.text[0].value == "71\n71"
    assert "2 lines of 2 and 2 digits are read one after the other." in captions(app)


def test_a_photo_stays_while_other_pages_and_the_drawing_are_looked_at(opened: Open) -> None:
    app = bring(opened("sketch", way="photo"), photo(SEVEN))
    app.switch_page("pages/explore.py").run()
    app.switch_page("pages/sketch.py").run()
    assert answer(app) == "7"
    app.button_group(key="way").set_value("draw").run()
    assert answer(app) == "–"
    app.button_group(key="way").set_value("photo").run()
    assert answer(app) == "7"


def test_what_cannot_be_read_is_said_in_place_and_the_photo_before_it_stays(opened: Open) -> None:
    app = bring(opened("sketch", way="photo"), photo(SEVEN))
    bring(app, b"a seven", "words.png")
    assert not app.exception
    assert "words.png cannot be read as a picture: it is text; allowed are PNG, JPEG" in app.error[0].value
    assert answer(app) == "7"
    bring(app, photo(ONE))
    assert not app.error
    assert answer(app) == "1"


def test_a_blank_page_has_no_digits_and_says_what_to_do(opened: Open) -> None:
    app = bring(opened("sketch", way="photo"), photo())
    assert "No digits were found" in app.warning[0].value
    assert answer(app) == "–"


def test_an_animation_is_said_to_be_one(opened: Open) -> None:
    blank = Image.new("L", (300, 300), 255)
    app = bring(opened("sketch", way="photo"), photo(SEVEN, kind="GIF", save_all=True, append_images=[blank]), "a.gif")
    assert "the first one was taken" in captions(app)


def test_a_step_that_is_left_out_is_left_out_for_photos_too(opened: Open) -> None:
    app = bring(opened("sketch", way="photo"), photo(SEVEN))
    *_, before = app.get("image")
    app.toggle(key="step_margin").set_value(False).run()
    *_, after = app.get("image")
    assert after.proto.imgs[0].url != before.proto.imgs[0].url


def test_a_removed_photo_is_gone(opened: Open) -> None:
    app = bring(opened("sketch", way="photo"), photo(SEVEN))
    app.button(key="remove_photo").click().run()
    assert answer(app) == "–"
    assert app.file_uploader[0].value is None


def test_the_camera_opens_when_it_is_asked_for_and_its_photo_is_read(opened: Open) -> None:
    app = opened("sketch", way="photo")
    app.toggle(key="camera_wanted_0").set_value(True).run()
    app.camera_input[0].upload("camera.jpg", photo(ONE, kind="JPEG"), "image/jpeg")
    app.run()
    assert not app.exception
    assert answer(app) == "1"


def test_the_later_of_upload_and_camera_is_shown(opened: Open) -> None:
    app = opened("sketch", way="photo")
    app.toggle(key="camera_wanted_0").set_value(True).run()
    app.camera_input[0].upload("camera.jpg", photo(ONE, kind="JPEG"), "image/jpeg")
    app.run()
    assert answer(bring(app, photo(SEVEN))) == "7"


@pytest.mark.usefixtures("opened")
def test_a_photo_is_read_once_whoever_brings_it() -> None:
    content = photo(SEVEN)
    assert resources.photo_of("digest", "photo.png", content) is resources.photo_of("digest", "photo.png", content)
    with pytest.raises(ImageError, match="cannot be read as a picture"):
        resources.photo_of("another", "words.png", b"a seven")
