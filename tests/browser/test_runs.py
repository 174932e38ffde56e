"""Runs in a real browser: rows clicked, curves compared, runs named, deleted and brought back, files taken home."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from mnist_dash.methods.fitted.files import write_arrays
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.registry.run_archive import pack_run
from mnist_dash.runs import housekeeping
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.records import Epoch, ModelFormat, State
from mnist_dash.store.database import Database
from tests.awaiting import milliseconds, until
from tests.browser.conftest import Server, stand_ins, started
from tests.browser.test_pages import SEVEN, answer, brightness, draw, file_input, settled
from tests.trained import begun, trained

pytestmark = pytest.mark.browser

SPEC = RunSpec.of("dense_128", "mnist")
HEADER, ROW = 37, 30
"""Pixels of the table's header and of each row; its first column holds the boxes to tick."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a home of its own."""
    with started(tmp_path_factory.mktemp("home")) as server:
        yield server


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    """The database of that server; its runs go with their test."""
    with stand_ins(server) as database:
        yield database
        housekeeping.delete(database, [run.id for run in runs_of(database)])


@pytest.fixture
def three(database: Database) -> list[int]:
    """Three runs by their numbers: the first is the worst, the last the best."""
    specs = {right: RunSpec.of("dense_128", "mnist", train_size=10 * right) for right in (900, 930, 960)}
    return [trained(database, spec, right).id for right, spec in specs.items()]


@pytest.fixture
def runs(page: Page, three: list[int]) -> Page:
    """The Runs page with the three."""
    page.goto("/runs")
    settled(page)
    expect(page.get_by_test_id("glide-cell-1-2").filter(has_text=str(three[0]))).to_be_attached()
    return page


def tick(page: Page, row: int) -> None:
    """Click the box of a row, counted from 0."""
    at(page, 17, HEADER + ROW * row + ROW // 2)


def at(page: Page, x: int, y: int) -> None:
    """Click into the table once it stands still and in sight: it comes up from below while a page is put up."""
    seen: list[FloatRect | None] = [None, None]

    def stand_still() -> FloatRect | None:
        seen.append(page.get_by_test_id("stDataFrame").first.bounding_box())
        before, now = seen[-2:]
        return now if now and now == before and now["y"] + y < 900 else None

    settled(page)
    box = until(stand_still)
    assert box
    page.mouse.click(box["x"] + x, box["y"] + y)


def await_selection(page: Page, words: str) -> None:
    """Wait until that much is selected."""
    expect(page.get_by_role("strong").get_by_text(words, exact=True)).to_be_visible()
    # What can be done with the runs stands below, and is that of the runs before until it is drawn.
    settled(page)


def lines(page: Page) -> int:
    """How many runs the curves show."""
    return int(overlay(page).evaluate("node => node.data?.length ?? 0"))


def overlay(page: Page) -> Locator:
    """The chart of the curves."""
    return page.get_by_role("figure", name=re.compile("^Validation accuracy by run"))


def test_rows_are_selected_and_their_curves_laid_over_one_another(runs: Page, three: list[int]) -> None:
    until(lambda: lines(runs) == 3)
    tick(runs, 0)
    await_selection(runs, f"Run {three[2]}")
    until(lambda: lines(runs) == 1)
    tick(runs, 2)
    await_selection(runs, "2 runs")
    until(lambda: lines(runs) == 2)
    expect(runs.get_by_text(f"Run {three[2]} is best, and no other interval overlaps its own")).to_be_visible()
    expect(runs).to_have_url(re.compile(rf"\?runs={three[2]}%2C{three[0]}$"))


def test_seeds_are_one_line_with_a_band_until_they_are_taken_apart(page: Page, database: Database) -> None:
    for seed, right in enumerate((940, 950, 960)):
        trained(database, RunSpec.of("dense_128", "mnist", seed=seed), right)
    page.goto("/runs")
    # A line and its band, and three rings on the interval of their mean.
    until(lambda: lines(page) == 2)
    rings = page.get_by_role("figure", name=re.compile("^Test accuracy by run"))
    until(lambda: rings.evaluate("node => node.data?.[1]?.x?.length") == 3)
    page.get_by_text("Seeds as one").click()
    until(lambda: lines(page) == 3)
    expect(page).to_have_url(re.compile("seeds_as_one=false"))
    page.reload()
    until(lambda: lines(page) == 3)


def test_a_selection_outlives_a_reload_and_a_visit_to_another_page(runs: Page, three: list[int]) -> None:
    tick(runs, 1)
    await_selection(runs, f"Run {three[1]}")
    runs.reload()
    await_selection(runs, f"Run {three[1]}")
    runs.get_by_role("link", name="Home").click()
    expect(runs.get_by_role("heading", name="MNIST Dash")).to_be_visible()
    runs.get_by_role("link", name="Runs").click()
    await_selection(runs, f"Run {three[1]}")
    settled(runs)
    tick(runs, 1)
    expect(runs.get_by_text("No run is selected")).to_be_visible()


def test_in_a_sorted_table_the_run_that_is_clicked_is_selected(runs: Page, three: list[int]) -> None:
    at(runs, 44, HEADER // 2)
    expect(runs.locator("th", has_text="↑ Run")).to_be_attached()
    tick(runs, 0)
    await_selection(runs, f"Run {three[0]}")


def test_a_run_is_named_and_tagged(runs: Page, three: list[int], database: Database) -> None:
    tick(runs, 2)
    runs.get_by_role("button", name="Name and tags").click()
    expect(runs.get_by_role("textbox", name="Name")).to_be_visible()
    # To open it draws the page anew, which takes a person less than to type a name.
    settled(runs)
    runs.get_by_role("textbox", name="Name").fill("Baseline")
    runs.get_by_role("textbox", name="Tags").fill("for class, 2026")
    runs.get_by_role("button", name="Save").click()
    expect(runs.get_by_role("textbox", name="Name")).to_be_hidden()
    expect(overlay(runs)).to_contain_text(f"{three[0]} Baseline")
    run = run_of(database, three[0])
    assert (run.name, run.tags) == ("Baseline", ("for class", "2026"))
    settled(runs)
    runs.get_by_role("combobox", name="Tags").click()
    expect(runs.get_by_role("option", name="for class")).to_be_visible()


def test_runs_are_deleted_and_brought_back(runs: Page) -> None:
    tick(runs, 0)
    tick(runs, 1)
    await_selection(runs, "2 runs")
    runs.get_by_role("button", name="Delete").click()
    expect(runs.get_by_text("2 runs deleted.")).to_be_visible()
    until(lambda: lines(runs) == 1)
    runs.get_by_role("button", name="Undo").click()
    await_selection(runs, "2 runs")
    expect(runs.get_by_text("2 runs deleted.")).to_be_hidden()
    until(lambda: lines(runs) == 2)


def test_files_are_taken_home(runs: Page, three: list[int]) -> None:
    tick(runs, 1)
    runs.get_by_role("button", name="Download", exact=True).click()
    with runs.expect_download() as csv:
        runs.get_by_role("button", name="Figures by epoch (CSV)").click()
    assert csv.value.suggested_filename == f"run-{three[1]}-epochs.csv"
    assert (
        csv.value.path().read_text().startswith("epoch,loss,accuracy,validation_loss,validation_accuracy,seconds\n1,")
    )
    with runs.expect_download() as model:
        runs.get_by_role("button", name="Keras model, last epoch (2)").click()
    assert model.value.suggested_filename == f"run-{three[1]}-epoch-2.keras"
    assert model.value.path().read_bytes() == b"keras 2"


def test_a_report_opens_by_itself_and_draws_its_figures(
    runs: Page, three: list[int], browser: Browser, tmp_path: Path
) -> None:
    tick(runs, 0)
    tick(runs, 1)
    await_selection(runs, "2 runs")
    with runs.expect_download() as report:
        runs.get_by_role("button", name="Report (HTML)").click()
    assert report.value.suggested_filename == f"run-{three[2]}-{three[1]}-report.html"
    with browser.new_context(offline=True, viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        report.value.save_as(tmp_path / "report.html")
        page.goto((tmp_path / "report.html").as_uri())
        expect(page.locator("html[data-drawn]")).to_be_attached(timeout=milliseconds())
        expect(page.get_by_role("heading", name=f"Runs {three[1]} and {three[2]} side by side")).to_be_visible()
        assert page.locator(".plot .main-svg").count() >= 2 * page.locator(".plot").count() > 8
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        for figure in page.locator(".plot").all():
            places = figure.locator(".ytick text").evaluate_all(
                "all => all.map((one) => one.getBoundingClientRect()).map(({ top, bottom }) => [top, bottom])"
            )
            downwards = sorted(places)
            assert all(above[1] <= below[0] + 2 for above, below in pairwise(downwards))
        assert complaints == []


def test_a_run_is_brought_by_a_file_and_the_page_says_so(runs: Page, database: Database, tmp_path: Path) -> None:
    made, recorder = begun(database, RunSpec.of("nearest", "mnist"), ())
    recorder.epoch(Epoch(1, 0.5, 0.9, None, None, 1.0), write_arrays({"x": np.arange(4)}), ModelFormat.ARRAYS)
    recorder.end(State.DONE, {}, None)
    (tmp_path / "mine.run.zip").write_bytes(pack_run(database, made.id))
    housekeeping.delete(database, [made.id])
    runs.get_by_role("button", name="Bring a run").click()
    file_input(runs, "Run").set_input_files(tmp_path / "mine.run.zip")
    expect(runs.get_by_text(re.compile(r"Nearest neighbours is here now, as run \d+\."))).to_be_visible()
    brought = runs_of(database)[0].id
    assert brought > made.id
    expect(runs.get_by_test_id("glide-cell-1-0").filter(has_text=str(brought))).to_be_attached()


def test_the_page_follows_a_run_by_itself_and_disturbs_neither_selection_nor_typing(
    page: Page, three: list[int], database: Database
) -> None:
    run, recorder = begun(database, SPEC, scores=(0.5,))
    page.goto(f"/runs?runs={three[0]},{run.id}")
    settled(page)
    await_selection(page, "2 runs")
    expect(page.locator("td", has_text="Running")).to_be_attached()
    length = "node => node.calcdata?.[1]?.length"
    until(lambda: overlay(page).evaluate(length) == 1)
    recorder.epoch(Epoch(2, 0.4, 0.8, 0.5, 0.9, 1.0), b"keras 2")
    until(lambda: overlay(page).evaluate(length) == 2)
    tick(page, 0)
    await_selection(page, f"Run {three[0]}")
    page.get_by_role("button", name="Name and tags").click()
    page.get_by_role("textbox", name="Name").fill("Half a na")
    recorder.end(State.DONE, {}, None)
    expect(page.locator("td", has_text="Running")).to_have_count(0)
    page.get_by_role("textbox", name="Name").press("End")
    page.get_by_role("textbox", name="Name").press_sequentially("me")
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Half a name")


def test_a_sketch_is_read_anew_by_each_epoch_of_a_run_that_learns(
    page: Page, database: Database, content: bytes
) -> None:
    run, recorder = begun(database, RunSpec.of("cnn", "mnist"), scores=(0.5, 0.6))
    recorder.answering(1, content)
    page.goto(f"/sketch?model={run.id}")
    settled(page)
    draw(page, SEVEN)
    expect(answer(page)).to_have_text("7")
    expect(page.get_by_text("Epoch 1 of 5 answers")).to_be_visible()
    tone = brightness(page)
    recorder.answering(2, content)
    expect(page.get_by_text("Epoch 2 of 5 answers")).to_be_visible()
    expect(answer(page)).to_have_text("7")
    assert brightness(page) == tone
    recorder.end(State.STOPPED, {}, None)
    expect(page.get_by_text("of 5 answers")).to_be_hidden()
    expect(answer(page)).to_have_text("7")
    assert brightness(page) == tone


def test_what_is_selected_in_a_narrowed_table_joins_what_it_hides(
    runs: Page, three: list[int], database: Database
) -> None:
    housekeeping.rename(database, three[0], "Needle")
    tick(runs, 0)
    await_selection(runs, f"Run {three[2]}")
    runs.get_by_role("textbox", name="Search").fill("needle")
    runs.get_by_role("textbox", name="Search").press("Enter")
    expect(runs.get_by_text("(hidden)")).to_be_visible()
    settled(runs)
    tick(runs, 0)
    await_selection(runs, "2 runs")
    expect(runs).to_have_url(re.compile(rf"\?runs={three[2]}%2C{three[0]}$"))
