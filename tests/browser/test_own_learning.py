"""Learning as a person looks at it: curves that were measured stand still, and one press teaches the reader."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from mnist_dash.analysis.learning_curve import Curve, Point, digest_digits, divide, plan, write_curve
from mnist_dash.data.store.results import ResultKind, find_result_file
from mnist_dash.own_digits.collection import digits_of
from mnist_dash.own_digits.sets import delete_own_set, make_own_set
from mnist_dash.runs import control
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.records import State
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from tests.awaiting import until
from tests.browser.conftest import Server
from tests.browser.test_looks import FAINT, SHIFT, WATCH
from tests.browser.test_pages import settled
from tests.drawn import write_ones_and_sevens

pytestmark = pytest.mark.browser
VIEW = "/own_digits?set=learnt&own_view=learning"


@pytest.fixture
def measured(server: Server) -> Iterator[None]:
    """A set of 50 own digits, 1s and 7s, with all of its curves."""
    settings = Settings(home=server.home)
    with open_database(settings) as database:
        made = make_own_set(database, "learnt", "Ada")
        write_ones_and_sevens(database, 50, made.key)
        digits = digits_of(database, made.key)
        learnt, own = divide(digits)
        points = tuple(Point(task, 5 * task.images, len(own) // 2) for task in plan(len(learnt)))
        path = find_result_file(settings, ResultKind.LEARNING_CURVES, made.key)
        path.write_bytes(write_curve(Curve(digest_digits(digits), 500, len(own), points)))
        yield
        delete_own_set(database, made.key)


def opened(page: Page) -> None:
    """Open the view, and wait for all of it."""
    page.goto(VIEW)
    expect(page.get_by_role("heading", name="Teach the reader")).to_be_visible()
    page.get_by_role("figure", name="Digits read right against").locator("svg.main-svg").first.wait_for()
    settled(page)


@pytest.mark.usefixtures("measured")
def test_nothing_jumps_and_every_word_stands_out(page: Page) -> None:
    page.add_init_script(f"({WATCH})()")
    opened(page)
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) < SHIFT, shifts
    assert page.evaluate(FAINT) == {}


@pytest.mark.usefixtures("measured")
def test_one_press_teaches_the_reader_until_it_is_stopped(page: Page, server: Server) -> None:
    opened(page)
    press = page.get_by_role("button", name="Teach it these digits")
    press.click()
    expect(page.get_by_role("link", name="Watch it")).to_be_visible()
    expect(press).to_be_disabled()
    with open_database(Settings(home=server.home)) as database:
        (run, *_) = runs_of(database)
        assert (run.spec.method, run.name) == ("fine_tuned", "Reader taught learnt")
        control.stop(database, run.id)
        until(lambda: run_of(database, run.id).state is State.STOPPED)
    expect(page.get_by_text("The last lesson is stopped.")).to_be_visible()
    expect(press).to_be_enabled()
