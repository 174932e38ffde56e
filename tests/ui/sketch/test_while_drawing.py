"""What the browser hears while the pen is on the sheet: what the page would say, or nothing."""

import json
from collections.abc import Iterator
from threading import BoundedSemaphore
from typing import Any

import pytest
import streamlit as st

from mnist_dash.errors import ImageError, ModelError
from mnist_dash.figures.answer import plot_probabilities
from mnist_dash.figures.theme import load_palette
from mnist_dash.models.bundled import DEFAULT
from mnist_dash.models.drawing_answers import answer_sketches
from mnist_dash.settings import Settings
from mnist_dash.sketch.sheet import Sheet, to_text
from mnist_dash.sketch.sheet_reading import read_sheet
from mnist_dash.sketch.traces import pack
from mnist_dash.ui.shell import resources
from mnist_dash.ui.sketch import while_drawing
from mnist_dash.ui.sketch.while_drawing import ADDRESS, MOST_BYTES, answer_drawing
from tests.drawn import drawing
from tests.ui.serving import Ask, serving

BAR, STEM = [(70, 70), (210, 70)], [(210, 70), (130, 240)]
BESIDE = [(60, 60), (60, 220)]
SHEET = Sheet().draw(drawing(BAR))


@pytest.fixture(autouse=True)
def home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A new server on a new home."""
    monkeypatch.setenv("MNIST_DASH_HOME", str(settings.home))
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def question(**changed: object) -> dict[str, Any]:
    """A bar that is kept, and a stem that the pen is drawing: a seven."""
    asked = {"kept": to_text(SHEET), "traces": pack(drawing(STEM)), "paper": "digit", "model": DEFAULT}
    return {**asked, "threshold": None, "without": [], "chosen": {}, "dark": False, **changed}


def test_it_is_what_the_page_would_say_of_the_whole_drawing() -> None:
    sketches = read_sheet(SHEET.draw(drawing(BAR, STEM)), resources.cut_confidence())
    said = answer_sketches(resources.bundled_model(DEFAULT), resources.digit_detector(), sketches)
    found = answer_drawing(question())
    assert found
    assert (found["number"], found["words"]) == ("7", said.describe(0))
    assert found["figure"] == plot_probabilities(said.probabilities[0], load_palette(dark=False)).to_json()
    assert found["seen"].startswith("data:image/png;base64,")
    assert answer_drawing(question(dark=True)) != found


def test_without_anything_kept_the_strokes_stand_on_the_paper_that_is_named() -> None:
    found = answer_drawing(question(kept=None, traces=pack(drawing(BAR, STEM))))
    assert found
    assert found["number"] == "7"
    far = pack(drawing([(600, 60), (600, 220)]))
    assert answer_drawing(question(kept=None, traces=far)) is None
    assert answer_drawing(question(kept=None, traces=far, paper="number"))


def test_strictness_and_steps_that_are_left_out_count_as_on_the_page() -> None:
    cross = pack(drawing([(60, 60), (220, 220)], [(220, 60), (60, 220)], [(140, 30), (140, 250)]))
    strict, never = (answer_drawing(question(kept=None, traces=cross, threshold=least)) for least in (1.1, 0.0))
    assert strict
    assert never
    assert strict["number"] == "?"
    assert never["number"] in "0123456789"
    assert answer_drawing(question(without=["cut"])) != answer_drawing(question())


def test_of_several_digits_the_one_is_shown_that_was_chosen_among_so_many() -> None:
    two = pack(drawing(BESIDE, [(160, 70), (240, 70)], [(240, 70), (190, 240)]))
    first, second = (answer_drawing(question(kept=None, traces=two, chosen=chosen)) for chosen in ({}, {"2": 1}))
    assert first
    assert second
    assert first["number"] == second["number"]
    assert len(first["number"]) == 2
    assert first["words"].startswith(("Digit 1 ", "Drawing 1 "))
    assert second["words"].startswith(("Digit 2 ", "Drawing 2 "))
    assert answer_drawing(question(kept=None, traces=two, chosen={"2": 9})) == second


def test_nothing_to_read_has_no_answer() -> None:
    assert answer_drawing(question(kept=None, traces=[])) is None


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"traces": [[20, 0, 1]]}, ImageError),
        ({"traces": [[20, 0, 1, float("nan")]]}, ImageError),
        ({"traces": [[20, 0, *[1] * 20_002]]}, ImageError),
        ({"kept": "something"}, ImageError),
        ({"model": "gone"}, ModelError),
        ({"paper": "papyrus"}, ValueError),
        ({"without": ["thinking"]}, ValueError),
        ({"chosen": None}, AttributeError),
    ],
    ids=str,
)
def test_what_no_page_asks_is_refused(changed: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        answer_drawing(question(**changed))


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Asks a server that answers while somebody draws, and nothing else."""
    with serving(while_drawing.routes()) as ask:
        yield ask


def test_the_server_answers_with_json(ask: Ask) -> None:
    answer = ask(f"/{ADDRESS}", json.dumps(question()).encode())
    assert answer.status == 200
    assert json.loads(answer.read())["number"] == "7"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", {}, 400),
        (b"[]", {}, 400),
        (b"{}", {}, 400),
        (b"[" * 100_000, {}, 400),
        (b'{"kept": 5}', {}, 400),
        (b" " * (MOST_BYTES + 1), {}, 413),
        (json.dumps(question(model="gone")).encode(), {}, 204),
        (json.dumps(question(kept=None, traces=[])).encode(), {}, 204),
        (json.dumps(question()).encode(), {"Sec-Fetch-Site": "cross-site"}, 403),
        (json.dumps(question()).encode(), {"Sec-Fetch-Site": "same-origin"}, 200),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_bad_questions_get_a_status_and_the_server_goes_on(
    ask: Ask, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = ask(f"/{ADDRESS}", body, headers)
    answer.read()
    assert answer.status == status
    again = ask(f"/{ADDRESS}", json.dumps(question()).encode())
    again.read()
    assert again.status == 200


def test_what_there_is_no_seat_for_is_dropped_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(while_drawing, "BoundedSemaphore", lambda _seats: taken())
    with serving(while_drawing.routes()) as ask:
        answer = ask(f"/{ADDRESS}", json.dumps(question()).encode())
        assert (answer.status, answer.read()) == (204, b"")


def taken() -> BoundedSemaphore:
    """Seats of which none is free."""
    seats = BoundedSemaphore(1)
    seats.acquire()
    return seats


def test_the_address_stands_below_the_path_that_a_host_gives_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": "/digits/"}.__getitem__)
    assert [route.path for route in while_drawing.routes()] == [f"/digits/{ADDRESS}"]
