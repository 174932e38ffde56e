"""`print-form` and `read-form`: sheets for a set, and what was written on them counted and kept."""

from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from mnist_dash.cli import terminal
from mnist_dash.forms.reading_files import read_page_file, read_sheets_file
from mnist_dash.own_digits.collection import read_every
from mnist_dash.own_digits.records import Source
from mnist_dash.own_digits.sets import find_set, make_own_set
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask
from tests.forms.conftest import page_of, photographed, scans


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo of a full sheet for the set `imaginary`, by Somebody."""
    path = tmp_path / "sheet.jpg"
    photographed(1).image.convert("RGB").save(path, "JPEG", quality=90)
    return path


def test_sheets_are_printed_for_a_set(ask: Ask, database: Database, tmp_path: Path) -> None:
    make_own_set(database, "mine")
    out = tmp_path / "form.pdf"
    told = ask("print-form", "--set", "mine", "--writer", "Ada", "--sheets", "3", "--out", str(out), "--json").json
    assert (told["file"], told["set"], len(set(told["pages"]))) == (str(out), "mine", 3)
    assert len(pypdfium2.PdfDocument(out)) == 3
    assert "1 sheet for mine written to" in ask("print-form", "--set", "mine", "--out", str(out)).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "nobody"), "There is no set of own digits 'nobody'"),
        (("--set", "own-digits", "--sheets", "0"), "0 sheets were asked for; allowed are 1 to 100"),
        (("--set", "own-digits", "--writer", "m" * 100), "allowed are 40"),
    ],
)
def test_sheets_that_cannot_be_printed_leave_no_file(
    ask: Ask, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    assert said in ask("print-form", *words, "--out", str(tmp_path / "form.pdf")).refusal
    assert not list(tmp_path.glob("form*"))


@pytest.mark.slow
def test_a_photo_is_counted_and_nothing_kept_unless_that_is_asked_for(
    ask: Ask, photo: Path, database: Database
) -> None:
    told = ask("read-form", str(photo), "--json").json
    assert told["good"] + told["doubtful"] + told["filled"] + told["empty"] == len(told["boxes"]) == 200
    assert told["good"] >= 170
    assert "kept" not in told
    assert list(read_every(database)) == []
    lines = ask("read-form", str(photo)).out.splitlines()
    assert lines[0].startswith(f"{photo}, page {told['page']}: {told['good']} good")


@pytest.mark.slow
def test_digits_go_to_the_set_that_the_sheet_names_or_to_another(ask: Ask, photo: Path, database: Database) -> None:
    refusal = ask("read-form", str(photo), "--keep", "good").refusal
    assert "There is no set of own digits 'imaginary'" in refusal
    mine = make_own_set(database, "mine")
    told = ask("read-form", str(photo), "--keep", "good", "--set", "mine", "--writer", "Ada", "--json").json
    assert (told["kept"], told["there"]) == (told["good"], 0)
    kept = list(read_every(database, mine.key))
    assert len(kept) == told["good"] == find_set(database, "mine").digits
    assert {digit.writer for digit in kept} == {"Ada"}
    again = ask("read-form", str(photo), "--keep", "all", "--set", "mine", "--json").json
    assert (again["kept"], again["there"]) == (told["doubtful"], told["good"])


def test_what_is_no_form_is_refused(ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("no picture")
    assert "cannot be read as a picture" in ask("read-form", str(path)).refusal


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page of two lines that is no sheet."""
    path = tmp_path / "page.png"
    page_of("1470", "25?1").save(path)
    return path


def test_any_page_is_kept_as_it_was_told(ask: Ask, page: Path, database: Database) -> None:
    make_own_set(database, "mine")
    told = ask("read-form", str(page), "--written", "1470", "25?9", "--set", "mine", "--keep", "good", "--json").json
    assert (told["good"], told["doubtful"], told["kept"]) == (6, 1, 6)
    assert [(box["asked"], box["state"]) for box in told["boxes"]][-1] == (9, "doubtful")
    found = list(read_every(database, find_set(database, "mine").key))
    assert sorted(digit.label for digit in found if digit.label is not None) == [0, 1, 2, 4, 5, 7]
    assert {digit.source for digit in found} == {Source.PHOTO}
    lines = ask("read-form", str(page), "--written", "1470", "2519")
    assert "doubtful: line 2, 1" in lines.out


def test_a_line_of_other_length_is_told_and_nonsense_is_refused(ask: Ask, page: Path, database: Database) -> None:
    answer = ask("read-form", str(page), "--written", "1470", "251")
    assert "In line 2 more or fewer digits are found than told" in answer.err
    assert "Line 1 has 'a'" in ask("read-form", str(page), "--written", "a").refusal
    refused = ask("read-form", str(page), "--written", "1470", "25?1", "--keep", "good").refusal
    assert "Name the set of own digits with --set NAME" in refused
    assert list(read_every(database)) == []


def test_what_was_read_in_a_file_is_written_for_the_page_that_sent_for_it(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "OFTEN", 0)
    path, out = tmp_path / "scan.pdf", tmp_path / "scan.npz"
    path.write_bytes(scans())
    *told, end = ask("read-form", str(path), "--out", str(out), "--progress").lines
    assert {line["text"].partition(": ")[0] for line in told} == {"Page 1 of 3", "Page 2 of 3", "Page 3 of 3"}
    assert end["result"] == {"file": str(out), "digits": 2, "sheets": 2}
    read = read_sheets_file(out.read_bytes())
    assert read
    assert [form.page for form in read.forms] == ["7F3K", "7F3L"]


def test_any_page_is_written_before_it_is_told(ask: Ask, page: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.npz"
    told = ask("read-form", str(page), "--any-page", "--out", str(out), "--json").json
    assert told == {"file": str(out), "digits": 8, "lines": 2}
    read = read_page_file(out.read_bytes())
    assert read
    assert read.read.numbers == ["1470", "25?1"]
    assert ask("read-form", str(page), "--any-page", "--out", str(out)).out == f"8 digits were written to {out}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "read.txt"), "What was read was to be written to 'read.txt'; allowed is a .npz file."),
        (("--out", "read.npz", "--keep", "good"), "before it is labelled or kept; drop --keep."),
        (("--out", "read.npz", "--written", "1"), "before it is labelled or kept; drop --written."),
        (("again.png", "--out", "read.npz"), "drop more than one picture."),
        (("--any-page",), "--any-page goes with --out FILE.npz."),
        (("--out", "read.npz"), "There is no form in this picture"),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_no_file(
    ask: Ask, page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in ask("read-form", str(page), *words).refusal
    assert not list(tmp_path.glob("*read*"))
