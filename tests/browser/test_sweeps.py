"""Sweeps in a real browser: one is watched to its end, and the settings of its best trial are used."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.sweeps.control import stop_sweep
from mnist_dash.sweeps.queries import sweeps_of, trials_of
from mnist_dash.sweeps.records import find_best
from tests.awaiting import until
from tests.browser.conftest import Server, stand_ins
from tests.browser.test_pages import settled
from tests.swept import act_on, learn_trial, search

pytestmark = pytest.mark.browser


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    """The database of the server, for trials that stand for others."""
    with stand_ins(server) as database:
        yield database


def test_a_sweep_is_watched_and_its_best_settings_are_used(page: Page, server: Server, database: Database) -> None:
    sweep = search(Settings(home=server.home, offline=True), database, 6)
    page.goto(f"/sweeps?sweep={sweep.id}")
    expect(page.get_by_text("5 of 6 trials, 1 waiting")).to_be_visible()
    settled(page)
    lines = page.get_by_role("figure", name="Trials as lines through what they tried")
    until(lambda: lines.evaluate("node => node.data?.[0]?.dimensions?.[0]?.values?.length") == 5)
    # The last trial ends, and with it the sweep: the page says so by itself.
    learn_trial(database, trials_of(database, sweep.id)[-1], (0.6, 0.8, 0.97))
    act_on(database, sweep)
    expect(page.get_by_text("6 of 6 trials")).to_be_visible()
    expect(page.get_by_text("97.00 %").first).to_be_visible()
    until(lambda: lines.evaluate("node => node.data?.[0]?.dimensions?.[0]?.values?.length") == 6)
    stop = page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop", exact=True)
    expect(stop).to_have_count(0)
    settled(page)
    best = find_best(trials_of(database, sweep.id))
    assert best is not None
    page.get_by_role("link", name="Use these settings").click()
    expect(page.get_by_role("heading", name="Train", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(f"learning_rate={best.run.spec.learning_rate:g}"))
    expect(page.get_by_role("spinbutton", name="Epochs")).to_have_value("3")


def test_a_sweep_is_deleted_and_comes_back(page: Page, server: Server, database: Database) -> None:
    sweep = stop_sweep(database, search(Settings(home=server.home, offline=True), database, 12).id)
    page.goto(f"/sweeps?sweep={sweep.id}")
    title = page.get_by_role("heading", name=f"Sweep {sweep.id}: Dense network")
    expect(title).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text(f"Sweep {sweep.id} deleted, with its trials.")).to_be_visible()
    expect(title).to_be_hidden()
    assert sweep.id not in [one.id for one in sweeps_of(database)]
    settled(page)
    page.get_by_role("button", name="Undo").click()
    expect(title).to_be_visible()
    expect(page.get_by_text("95.00 %").first).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    assert len(trials_of(database, sweep.id)) == 5
