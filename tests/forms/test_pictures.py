"""Photos and scans of forms: pictures and PDFs are opened, and what cannot be is refused."""

import io
from pathlib import Path

import pytest
from PIL import Image

from mnist_dash.errors import FormError, ImageError
from mnist_dash.forms import pictures
from mnist_dash.forms.pictures import open_pictures
from mnist_dash.forms.printing import print_forms
from tests.forms.conftest import LABEL, file_of


def pdf(pages: int) -> io.BytesIO:
    """A scan of so many pages, as scanners write it."""
    sheets = [Image.new("L", (300, 400), 255 - at) for at in range(pages)]
    file = io.BytesIO()
    sheets[0].save(file, "PDF", save_all=True, append_images=sheets[1:])
    file.seek(0)
    return file


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_one(empty: Image.Image, kind: str) -> None:
    [picture] = open_pictures(file_of(empty, kind))
    assert (picture.image.size, picture.number, picture.count) == (empty.size, 1, 1)


def test_every_page_of_a_pdf_is_a_picture_fine_enough_to_read(tmp_path: Path) -> None:
    assert [(picture.number, picture.count) for picture in open_pictures(pdf(3))] == [(1, 3), (2, 3), (3, 3)]
    path = tmp_path / "form.pdf"
    path.write_bytes(print_forms([LABEL]))
    [picture] = open_pictures(path)
    assert max(picture.image.size) == round(297 / 25.4 * 300)


def test_a_broken_pdf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7 and no more")
    with pytest.raises(FormError, match="cannot be read as a PDF"):
        list(open_pictures(path))


def test_a_book_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PAGES", 2)
    with pytest.raises(FormError, match="has 3 pages; allowed are 1 to 2"):
        list(open_pictures(pdf(3)))


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("no picture")
    with pytest.raises(ImageError, match="cannot be read as a picture"):
        list(open_pictures(path))
    with pytest.raises(ImageError, match="does not exist"):
        list(open_pictures(tmp_path / "gone.png"))
