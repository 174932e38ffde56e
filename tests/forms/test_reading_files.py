"""What was read is kept in a file and comes back as it was; a file that is damaged answers for nothing."""

import numpy as np
import pytest

from mnist_dash.forms.codes import Label
from mnist_dash.forms.reading import ReadSheets, State, WrittenBox, WrittenForm
from mnist_dash.forms.reading_files import read_page_file, read_sheets_file, write_page, write_sheets
from mnist_dash.forms.told import PageInPhoto, read_page
from mnist_dash.sketch.mnist_preprocessing import Stages, preprocess
from mnist_dash.sketch.photo import read_photo
from tests.forms.conftest import file_of, page_of
from tests.forms.test_reading import ask


def stages(seed: int) -> Stages:
    """Some ink of some size on its way to 28×28."""
    rng = np.random.default_rng(seed)
    made = preprocess(rng.random(rng.integers(5, 90, 2)) < 0.3)
    assert made
    return made


def sheets() -> ReadSheets:
    """Two sheets, with a box of every state on the first, and nothing on the second."""
    answers = np.random.default_rng(3).random((3, 10)).astype(np.float32)
    kinds = [(State.GOOD, 0), (State.EMPTY, None), (State.FILLED, 1), (State.DOUBTFUL, 2)]
    boxes = [
        WrittenBox(at, 1, at, state, None, None)
        if place is None
        else WrittenBox(at, 1, at, state, stages(at), answers[place])
        for at, (state, place) in enumerate(kinds)
    ]
    label = Label("klasse-7b", "Zoë 🖋", "7F3K")
    return ReadSheets(
        "scan ü.pdf", [WrittenForm("7F3K", label, [0, 1, 3], boxes), WrittenForm("AAAA", None, [1, 2], [])], ["Page 2"]
    )


def page() -> PageInPhoto:
    """A page of two lines."""
    photo = read_photo(file_of(page_of("1470", "25?1")), "page.png")
    return PageInPhoto(photo.name, photo.shown, photo.boxes, ("A note",), read_page(photo, ask))


def test_sheets_come_back_as_they_were() -> None:
    made = sheets()
    found = read_sheets_file(write_sheets(made))
    assert found
    assert (found.name, list(found.notes)) == (made.name, list(made.notes))
    assert [(form.page, form.label, list(form.corners)) for form in found.forms] == [
        (form.page, form.label, list(form.corners)) for form in made.forms
    ]
    for box, other in zip(found.forms[0].boxes, made.forms[0].boxes, strict=True):
        assert (box.number, box.line, box.asked, box.state) == (other.number, other.line, other.asked, other.state)
        assert (box.stages is None) == (other.stages is None)
        if box.stages and other.stages:
            assert np.array_equal(box.stages.ink, other.stages.ink)
            assert np.array_equal(box.stages.image, other.stages.image)
            assert str(box.probabilities) == str(other.probabilities)
    assert not found.forms[1].boxes


def test_a_page_comes_back_as_it_was() -> None:
    made = page()
    found = read_page_file(write_page(made))
    assert found
    assert (found.name, list(found.notes), found.shown.size) == (made.name, list(made.notes), made.shown.size)
    assert found.boxes == [tuple(box) for box in made.boxes]
    assert (found.read.numbers, list(found.read.lines)) == (["1470", "25?1"], [4, 4])
    assert np.array_equal(found.read.answers.probabilities, made.read.answers.probabilities)
    assert all(
        np.array_equal(*pair)
        for pair in zip(*([each.ink for each in one.read.stages] for one in (made, found)), strict=True)
    )


def test_what_is_damaged_or_of_the_other_kind_is_nothing() -> None:
    of_sheets, of_page = write_sheets(sheets()), write_page(page())
    for content in (b"", b"no file", of_sheets[:-300], of_sheets[:50], of_page):
        assert read_sheets_file(content) is None
    for content in (b"", of_page[: len(of_page) // 2], of_sheets):
        assert read_page_file(content) is None


def test_ink_that_is_too_short_for_its_shape_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = np.concatenate
    monkeypatch.setattr(np, "concatenate", lambda parts: whole(list(parts))[:-9])
    content = write_sheets(sheets())
    monkeypatch.undo()
    assert read_sheets_file(content) is None
