"""Several models read what is drawn with the mouse, and one click says what it was."""

import io
import json
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from mnist_dash.methods.spec import RunSpec
from mnist_dash.own_digits.collection import read_every, remove
from mnist_dash.runs import housekeeping
from mnist_dash.runs.records import State
from mnist_dash.sketch import pen
from mnist_dash.store.database import Database
from tests.browser.conftest import Server, stand_ins
from tests.browser.test_pages import SEVEN, answer, draw, lower_pen, settled
from tests.trained import begun, trained

pytestmark = pytest.mark.browser


@pytest.fixture
def shared(server: Server) -> Iterator[Database]:
    """The database of the app, left without own digits and runs to be seen."""
    with stand_ins(server) as database:
        yield database
        for digit in list(read_every(database)):
            remove(database, digit.key)


def test_models_answer_side_by_side_and_a_run_at_work_follows_while_a_stroke_is_drawn(
    page: Page, shared: Database, content: bytes
) -> None:
    first = trained(shared, RunSpec.of("cnn", "mnist"), litert=content)
    run, recorder = begun(shared, RunSpec.of("dense_128", "mnist"))
    page.goto(f"/sketch?closer=models&beside=cnn,{first.id},{run.id}")
    bars = page.get_by_role("figure", name="Ten probabilities for each model")
    expect(page.get_by_text("Draw a digit, and see whether they agree.")).to_be_visible()
    settled(page)
    draw(page, SEVEN)
    expect(page.get_by_text("Both read 7.")).to_be_visible()
    expect(bars.get_by_text("no epoch is ready yet")).to_be_visible()
    sees = page.get_by_role("img", name="The 28×28 pixels it sees")
    before = sees.get_attribute("src") or ""
    # The pen is down while the run goes on, and the page with it.
    box = lower_pen(page, 80, 150)
    recorder.answering(1, content)
    expect(page.get_by_text("All 3 read 7.")).to_be_visible()
    expect(bars.get_by_text("no epoch is ready yet")).to_have_count(0)
    page.mouse.move(box["x"] + 200, box["y"] + 150, steps=6)
    page.mouse.up()
    expect(sees).not_to_have_attribute("src", before)
    settled(page)
    page.get_by_role("button", name="1", exact=True).click()
    expect(page.get_by_text("Saved as a 1.")).to_be_visible()
    (digit,) = read_every(shared)
    strokes = json.loads(digit.strokes or "")["strokes"]
    assert len(strokes) == 2
    ends = np.array([strokes[1]["points"][place] for place in (0, -1)])
    assert np.abs(ends - [[80, 150], [200, 150]]).max() <= 1
    recorder.end(State.STOPPED, {}, None)
    housekeeping.delete(shared, [first.id, run.id])
    expect(page.get_by_text("It reads", exact=True)).to_be_visible()
    expect(bars.get_by_text("Run", exact=False)).to_have_count(0)


def test_a_drawing_is_saved_as_it_was_drawn_and_the_saving_is_taken_back(page: Page, shared: Database) -> None:
    page.goto("/sketch")
    expect(page.get_by_role("button", name="4", exact=True)).to_be_disabled()
    settled(page)
    draw(page, SEVEN)
    expect(answer(page)).to_have_text("7")
    settled(page)
    box = page.get_by_role("button", name="4", exact=True).bounding_box()
    assert box
    for _ in range(2):
        # Two presses, where a double click counts as one.
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text("Saved as a 4.")).to_be_visible()
    (digit,) = read_every(shared)
    assert (digit.label, digit.answer.read, digit.answer.model) == (4, 7, "reader")
    kept = json.loads(digit.strokes or "")
    again = pen.draw([np.array(one["points"], float) for one in kept["strokes"]], 280, 280, kept["strokes"][0]["pen"])
    ink = np.asarray(Image.open(io.BytesIO(digit.ink)))
    assert (again & ink).sum() / (again | ink).sum() > 0.9
    # It is there after another page, and goes when it is taken back.
    page.get_by_role("link", name="Own digits: 1").click()
    expect(page.get_by_text("1 in all: 1 × 4.")).to_be_visible()
    page.get_by_role("link", name="Sketch", exact=True).first.click()
    expect(page.get_by_text("Saved as a 4.")).to_be_visible()
    page.get_by_role("button", name="Undo saving").click()
    expect(page.get_by_text("Saved as a 4.")).to_have_count(0)
    assert list(read_every(shared)) == []
