"""Sheets of paper on the page: printed for the chosen set, brought, looked through, and their digits kept."""

import hashlib
import io

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from mnist_dash.forms.finding import find_forms
from mnist_dash.forms.printing import Paper
from mnist_dash.own_digits import collection, sets
from mnist_dash.own_digits.records import Source
from mnist_dash.store.database import Database
from mnist_dash.ui.own_digits import paper
from tests.forms.conftest import file_of, page_of, photographed
from tests.pages.conftest import Open


def view(opened: Open, **query: str) -> AppTest:
    """The view for sheets."""
    app = opened("own_digits", own_view="paper", **query)
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All words of the page."""
    assert not app.exception
    return " ".join(one.value for one in (*app.markdown, *app.caption, *app.success, *app.error, *app.info))


def bring(app: AppTest, name: str, content: bytes) -> AppTest:
    """Bring a file."""
    app.file_uploader[0].set_value((name, content, "image/jpeg")).run()
    return app


def photo(seed: int = 1) -> bytes:
    """A photo of a full sheet as a JPEG."""
    file = io.BytesIO()
    photographed(seed).image.convert("RGB").save(file, "JPEG", quality=90)
    return file.getvalue()


def test_a_sheet_is_printed_for_the_chosen_set_and_whoever_writes(opened: Open, database: Database) -> None:
    sets.make_own_set(database, "class-7b")
    app = view(opened, set="class-7b")
    assert app.get("download_button")[0].proto.label == "Download as PDF"
    document = pypdfium2.PdfDocument(paper.make_sheets("class-7b", "Ada", Paper.LETTER, 2))
    pages = [document[at].render(scale=150 / 72).to_pil().convert("L") for at in range(len(document))]
    found = [find_forms(np.asarray(page))[0] for page in pages]
    assert [(form.label.set, form.label.writer) for form in found if form.label] == [("class-7b", "Ada")] * 2
    assert found[0].page != found[1].page


@pytest.mark.slow
def test_a_photo_is_cut_up_looked_through_and_kept_once(opened: Open, database: Database) -> None:
    content = photo()
    app = bring(view(opened), "sheet.jpg", content)
    assert "as asked" in said(app)
    keep = next(button for button in app.button if button.label.startswith("Keep"))
    count = int(keep.label.split()[1])
    assert count >= 170
    doubtful = [box for box in app.checkbox if str(box.key).startswith("take_")]
    assert doubtful
    doubtful[0].check().run()
    keep = next(button for button in app.button if button.label.startswith("Keep"))
    assert keep.label == f"Keep {count + 1:,} digits"
    keep.click().run()
    assert f"{count + 1} digits of sheet" in said(app)
    kept = list(collection.read_every(database))
    assert len(kept) == count + 1
    assert {digit.source for digit in kept} == {Source.FORM}
    assert {digit.writer for digit in kept} == {"Somebody"}
    app = bring(view(opened), "again.jpg", content)
    next(button for button in app.button if button.label.startswith("Keep")).click().run()
    assert f"{count} were there already" in said(app)
    assert len(list(collection.read_every(database))) == count + 1


def test_what_holds_no_sheet_is_said_beside_what_does(opened: Open) -> None:
    file = io.BytesIO()
    Image.new("L", (400, 300), 200).save(file, "JPEG")
    app = bring(view(opened), "wall.jpg", file.getvalue())
    assert "wall.jpg: There is no form in this picture" in app.error[0].value
    assert not [button for button in app.button if button.label.startswith("Keep")]


@pytest.mark.slow
def test_the_same_photo_is_read_once(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    content = photo()
    digest = hashlib.sha256(content).hexdigest()
    view(opened)
    first = paper.read_file(digest, "sheet.jpg", content)
    monkeypatch.setattr(paper, "open_pictures", pytest.fail)
    assert paper.read_file(digest, "sheet.jpg", content) is first


def bring_any(opened: Open, *lines: str) -> AppTest:
    """The view after a page of these lines was brought as no sheet."""
    app = view(opened)
    app.segmented_control(key="paper_kind").set_value("Any page").run()
    return bring(app, "page.png", file_of(page_of(*lines)).getvalue())


def test_any_page_is_read_told_and_kept_with_what_was_told(opened: Open, database: Database) -> None:
    app = bring_any(opened, "1470", "25?1")
    assert app.text_area[0].value == "1470\n25?1"
    assert "8 digits in 2 lines; 1 look like no digit" in said(app)
    app.text_area[0].set_value("1470\n25?9").run()
    assert [box.label for box in app.checkbox] == ["It is a 9"]
    assert next(button for button in app.button if button.label.startswith("Keep")).label == "Keep 6 digits"
    app.checkbox[0].check().run()
    next(button for button in app.button if button.label == "Keep 7 digits").click().run()
    assert "7 digits of page.png are in own-digits now." in said(app)
    kept = list(collection.read_every(database))
    assert sorted(digit.label for digit in kept if digit.label is not None) == [0, 1, 2, 4, 5, 7, 9]
    assert {digit.source for digit in kept} == {Source.PHOTO}


def test_what_cannot_be_told_of_a_page_is_said_and_nothing_can_be_kept(opened: Open) -> None:
    app = bring_any(opened, "12", "12", "12")
    app.text_area[0].set_value("12\n12").run()
    assert "2 lines were told, and 3 are found on the page." in app.error[0].value
    assert not [button for button in app.button if button.label.startswith("Keep")]
    app.text_area[0].set_value("123").run()
    assert "In lines 1, 2 and 3 more or fewer digits are found than told" in said(app)
    assert next(button for button in app.button if button.label.startswith("Keep")).label == "Keep 6 digits"


def test_a_page_without_digits_is_said(opened: Open) -> None:
    app = bring_any(opened, "")
    assert "page.png: No digits were found on this page." in app.error[0].value
