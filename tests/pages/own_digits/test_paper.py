"""Sheets of paper on the page: printed for the chosen set, brought, looked through, and their digits kept."""

import io
import os
import time

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from mnist_dash.data.store.results import ResultKind
from mnist_dash.data.store.staging import STALE
from mnist_dash.forms.finding import find_forms
from mnist_dash.forms.printing import Paper
from mnist_dash.own_digits import collection, sets
from mnist_dash.own_digits.records import Source
from mnist_dash.runs.background_command import BackgroundCommand
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.ui.own_digits import brought_pages, paper
from mnist_dash.ui.shell import resources
from tests.awaiting import until
from tests.forms.conftest import file_of, page_of, photographed, scan, scans
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


def jobs() -> list[BackgroundCommand]:
    """The processes that were sent for."""
    return list(resources.background_commands()._by_key.values())


def settle(app: AppTest) -> AppTest:
    """The page when nothing is being read any more."""
    while not all(job.ended for job in jobs()):
        assert until(lambda: all(job.ended for job in jobs()))
        app.run()
    return app


def bring(app: AppTest, name: str, content: bytes) -> AppTest:
    """Bring a file, and wait until it is read."""
    return settle(send(app, (name, content)))


def send(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Bring files."""
    app.file_uploader[0].set_value([(name, content, "image/jpeg") for name, content in files]).run()
    return app


def keeps(app: AppTest) -> list[str]:
    """What the buttons that keep digits say."""
    return [button.label for button in app.button if button.label.startswith("Keep")]


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
    assert [title.value for title in app.subheader] == ["wall.jpg"]
    assert "There is no form in this picture" in app.error[0].value
    assert not keeps(app)


def test_a_sheet_is_read_by_a_process_and_is_there_again_after_a_reload(opened: Open, with_data: Settings) -> None:
    content = file_of(scan()).getvalue()
    app = bring(view(opened), "empty.png", content)
    assert "Nothing is written on this page." in said(app)
    assert "200 empty. It was printed for mine, and goes to own-digits. It says that Ada wrote it." in said(app)
    link = app.query_params["pages"]
    # What was read is kept; what was brought no longer.
    assert [file.stem for file in (with_data.home / ResultKind.FORMS).iterdir()] == [link]
    assert not list((with_data.home / "incoming").iterdir())
    assert len(jobs()) == 1
    again = view(opened, pages=link)
    assert [title.value for title in again.subheader] == ["empty.png"]
    assert "200 empty." in said(again)
    # The same file under another name, by somebody else: no other process is sent.
    other = bring(view(opened), "again.png", content)
    assert "200 empty." in said(other)
    assert len(jobs()) == 1
    other.button(key=f"put_away_{link}").click().run()
    assert not other.subheader
    assert "pages" not in other.query_params


def test_who_stops_it_is_asked_before_it_is_read_again(opened: Open, with_data: Settings) -> None:
    app = send(view(opened), ("empty.png", file_of(scan()).getvalue()))
    [job] = jobs()
    job.stop()
    assert until(lambda: job.ended)
    app.run()
    assert "It was stopped before all of it was read." in said(app)
    assert not list((with_data.home / ResultKind.FORMS).iterdir())
    next(button for button in app.button if button.label == "Read it again").click().run()
    assert "200 empty." in said(settle(app))


def test_a_process_that_is_killed_is_told_and_its_file_read_again_when_that_is_asked_for(opened: Open) -> None:
    app = send(view(opened), ("empty.png", file_of(scan()).getvalue()))
    [job] = jobs()
    job._process.kill()
    assert until(lambda: job.ended)
    app.run()
    assert "The process ended with status -9" in app.error[0].value
    assert jobs() == []
    # It is not read again by itself, however often the page is drawn.
    app.run()
    assert "The process ended with status -9" in app.error[0].value
    assert jobs() == []
    next(button for button in app.button if button.label == "Read it again").click().run()
    assert not app.error
    assert "200 empty." in said(settle(app))
    assert not app.error


def test_one_file_is_read_at_a_time_and_each_fails_for_itself(opened: Open, with_data: Settings) -> None:
    good = file_of(scan()).getvalue()
    app = send(view(opened), ("broken.pdf", b"%PDF-1.7 and no more"), ("good.png", good), ("good again.png", good))
    assert [title.value for title in app.subheader] == ["broken.pdf", "good.png"]
    assert len(jobs()) == 1
    assert "It is read as soon as those above are." in said(app)
    app = settle(app)
    assert "broken.pdf cannot be read as a PDF" in app.error[0].value
    assert "200 empty." in said(app)
    next(button for button in app.button if button.label == "Put away").click().run()
    assert [title.value for title in app.subheader] == ["good.png"]
    assert not app.error
    assert not list((with_data.home / "incoming").iterdir())


def test_every_sheet_of_a_scan_is_kept_by_itself(opened: Open, database: Database) -> None:
    app = bring(view(opened), "scans.pdf", scans())
    assert "Page 2 of 3: There is no form in this picture" in said(app)
    assert keeps(app) == ["Keep 1 digit", "Keep 1 digit"]
    next(button for button in app.button if button.label == "Keep 1 digit").click().run()
    assert "1 digit of sheet 7F3K is in own-digits now." in said(app)
    assert keeps(app) == ["Keep 1 digit"]
    next(button for button in app.button if button.label == "Keep 1 digit").click().run()
    assert not app.subheader
    assert len(list(collection.read_every(database))) == 2


def test_what_a_link_names_and_is_gone_or_never_was_is_said(opened: Open) -> None:
    app = view(opened, pages="sheets-0123456789abcdef,../../x,page-1,sheets-0123456789abcdef")
    assert len(app.subheader) == 1
    assert "It is not there any more: what is brought is kept for a day." in said(app)
    next(button for button in app.button if button.label == "Put away").click().run()
    assert not app.subheader


def test_what_was_read_and_is_damaged_is_read_again_once_it_is_brought(opened: Open, with_data: Settings) -> None:
    content = file_of(scan()).getvalue()
    bring(view(opened), "empty.png", content)
    [file] = (with_data.home / ResultKind.FORMS).iterdir()
    file.write_bytes(file.read_bytes()[:200])
    app = view(opened, pages=file.stem)
    assert "It is not there any more" in said(app)
    assert "200 empty." in said(bring(app, "empty.png", content))


def test_what_nobody_came_back_for_leaves_with_the_next_file(opened: Open, with_data: Settings) -> None:
    old = with_data.home / "incoming" / "form-sheets-0123456789abcdef"
    old.mkdir(parents=True)
    (old / "old.png").touch()
    os.utime(old, (time.time() - 2 * STALE,) * 2)
    send(view(opened), ("empty.png", file_of(scan()).getvalue()))
    assert not old.exists()


def test_a_disk_that_is_full_is_said_and_nothing_half_done(opened: Open, with_data: Settings) -> None:
    app = view(opened)
    (with_data.home / "incoming").write_text("a file where a folder should be")
    send(app, ("empty.png", file_of(scan()).getvalue()))
    assert "cannot be written" in app.error[0].value
    assert not jobs()
    assert "pages" not in app.query_params


def test_no_more_files_wait_than_can_be_looked_through(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brought_pages, "MOST", 1)
    app = bring(view(opened), "empty.png", file_of(scan()).getvalue())
    send(app, ("other.png", b"other"))
    assert "1 files wait to be looked through." in app.error[0].value
    assert [title.value for title in app.subheader] == ["empty.png"]


def bring_any(opened: Open, *lines: str) -> AppTest:
    """The view after a page of these lines was brought as no sheet."""
    app = view(opened)
    app.segmented_control(key="paper_kind").set_value("page").run()
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
    assert not keeps(app)
    app.text_area[0].set_value("123").run()
    assert "In lines 1, 2 and 3 more or fewer digits are found than told" in said(app)
    assert next(button for button in app.button if button.label.startswith("Keep")).label == "Keep 6 digits"


def test_a_page_without_digits_is_said(opened: Open) -> None:
    app = bring_any(opened, "")
    assert "No digits were found on this page." in app.error[0].value
