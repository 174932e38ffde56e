"""Names that would be mark-up, given to everything that has a name, on every page that shows it."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, Request, expect

from mnist_dash.methods.spec import RunSpec
from mnist_dash.own_digits import collection
from mnist_dash.own_digits.records import label_digit
from mnist_dash.own_digits.sets import delete_own_set, make_own_set
from mnist_dash.runs import housekeeping
from mnist_dash.runs.records import State
from mnist_dash.store.database import Database
from tests.browser.conftest import Server, stand_ins, started
from tests.browser.test_pages import SEVEN, draw, file_input, settled
from tests.drawn import an_answer, sketch
from tests.trained import begun, trained
from tests.typed import ADDRESS, PICTURE

pytestmark = pytest.mark.browser

LINK = "<a href='javascript:alert(1)'>link</a> <b>b</b> :red[r] $x$ %{y}"
FORMULA = f"=HYPERLINK(1) http://{ADDRESS}/a www.example.invalid -> :smile:"
NAMES = (PICTURE, LINK, FORMULA)
TAG = f"![t](//{ADDRESS}/t)"
FILE = "![x](p.png) <b>b<b> :red[r] $x$"
"""A name that a file can have: the picture would be one of this server."""
MADE = """() => [...document.querySelectorAll("a, img, image, .katex")]
  .filter(made => made.matches(".katex") || /127\\.0\\.0\\.1:9|javascript:|p\\.png|example/.test(
    ["href", "src", "xlink:href"].map(name => made.getAttribute(name)).join(" ")))
  .map(made => made.outerHTML)"""
"""Links, pictures and formulas that are none of the program's."""


@dataclass(frozen=True)
class Named:
    """The numbers of runs with the names: the ended ones, one that failed, and one at work."""

    ended: list[int]
    failed: int
    learning: int
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, small_file: Path) -> Iterator[Server]:
    """A server with a home of its own, whose MNIST is a file with such a name."""
    file = tmp_path_factory.mktemp("data") / f"{FILE}.npz"
    shutil.copy(small_file, file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MNIST_DASH_DATA", str(file))
        with started(tmp_path_factory.mktemp("home")) as server:
            yield server


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    """The database of that server; no supervisor lives meanwhile, which would take the runs that stand for others."""
    with stand_ins(server) as database:
        yield database


@pytest.fixture
def named(page: Page, database: Database, content: bytes) -> Iterator[Named]:
    """Runs with these names and tags, of which nothing but text may be made, and no other address be asked."""
    specs = [RunSpec.of("dense_128", "mnist", seed=seed) for seed in range(len(NAMES))]
    ended = [trained(database, spec, 900 + spec.seed, litert=content).id for spec in specs]
    failed, recorder = begun(database, RunSpec.of("cnn", "mnist"))
    recorder.fail(f"It broke: {PICTURE} {LINK}")
    learning, recorder = begun(database, RunSpec.of("cnn", "mnist"))
    for run_id, name in zip((*ended, failed.id, learning.id), (*NAMES, PICTURE, LINK), strict=True):
        housekeeping.rename(database, run_id, name)
        housekeeping.tag(database, run_id, [TAG])
    found = Named(ended, failed.id, learning.id)
    page.on("request", lambda request: _note(request, found))
    yield found
    recorder.end(State.STOPPED, {}, None)
    assert harmless(page)
    assert [url for url in found.asked if _is_foreign(url, page)] == []
    housekeeping.delete(database, [*ended, failed.id, learning.id])


def _note(request: Request, named: Named) -> None:
    named.asked.append(request.url)


def _is_foreign(url: str, page: Page) -> bool:
    own = page.url.partition("/")[2].partition("/")[2].partition("/")[0]
    return not url.startswith((f"http://{own}/", f"ws://{own}/", "data:", "blob:")) or url.endswith("p.png")


def harmless(page: Page) -> bool:
    """Whether nothing was made of the texts on the page as it stands; says what was."""
    settled(page)
    assert page.evaluate(MADE) == []
    return True


def alert(page: Page, text: str) -> None:
    """Wait for a message with that text."""
    expect(page.get_by_role("alert").filter(has_text=text).first).to_be_visible()
    assert harmless(page)


def test_train_shows_the_names_of_runs_and_why_they_failed(page: Page, named: Named) -> None:
    for run_id, name in zip(named.ended, NAMES, strict=True):
        page.goto(f"/train?run={run_id}")
        expect(page.get_by_role("heading", level=2)).to_have_text(f"Run {run_id}: {name}")
        assert harmless(page)
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 1440
    page.goto(f"/train?run={named.failed}")
    alert(page, f"It broke: {PICTURE} {LINK}")
    expect(page.get_by_role("combobox", name="All runs")).to_have_value(f"{named.failed}: {PICTURE}, failed")
    assert harmless(page)


def test_train_says_what_a_link_asked_for(page: Page, named: Named) -> None:
    assert named
    page.goto(f"/train?method=custom&layers={PICTURE}")
    alert(page, PICTURE)


@pytest.mark.parametrize("name", [FORMULA, f"http://{ADDRESS}/".ljust(80, "x")], ids=["words", "one-long-word"])
def test_a_name_is_shown_on_a_phone_without_moving_the_page(
    page: Page, named: Named, database: Database, name: str
) -> None:
    housekeeping.rename(database, named.ended[0], name)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/train?run={named.ended[0]}")
    expect(page.get_by_role("heading", level=2)).to_have_text(f"Run {named.ended[0]}: {name}")
    assert harmless(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    page.goto("/runs")
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    assert harmless(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


def test_runs_shows_names_in_its_table_its_charts_and_under_the_pointer(page: Page, named: Named) -> None:
    page.goto(f"/runs?runs={','.join(map(str, named.ended))}&seeds_as_one=false")
    expect(page.get_by_test_id("stDataFrame").first.get_by_text(PICTURE).first).to_be_attached()
    assert harmless(page)
    for label in ("Validation accuracy by run", "Test accuracy by run"):
        chart = page.get_by_role("figure", name=re.compile(f"^{label}"))
        expect(chart).to_contain_text("<a hr")
        for place, name in enumerate(NAMES):
            by_curve = label.startswith("Validation")
            point = "{curveNumber: %d, pointNumber: 1}" if by_curve else "{curveNumber: 0, pointNumber: %d}"
            chart.evaluate(f"node => window.Plotly.Fx.hover(node, [{point % place}])")
            expect(chart.locator(".hoverlayer")).to_contain_text(name)
            assert harmless(page)
    settled(page)
    page.get_by_role("combobox", name="Tags").click()
    expect(page.get_by_role("option", name=TAG)).to_be_visible()
    assert harmless(page)


def test_a_table_that_is_downloaded_holds_no_formula(page: Page, named: Named) -> None:
    page.add_init_script("delete window.showSaveFilePicker")
    page.goto("/runs")
    table = page.get_by_test_id("stDataFrame").first
    expect(table.get_by_text(re.compile("HYPERLINK")).first).to_be_attached()
    settled(page)
    table.hover()
    with page.expect_download() as download:
        page.get_by_test_id("stElementToolbarButton").filter(has=page.get_by_label("Download as CSV")).first.click()
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    cells = [cell.strip('"') for line in lines for cell in re.split(r",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", line)]
    assert any("=HYPERLINK" in cell for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []
    assert named


def test_sketch_shows_the_names_of_models_that_answer(page: Page, named: Named) -> None:
    models = ",".join(map(str, (*named.ended, named.learning)))
    page.goto(f"/sketch?closer=models&model={named.ended[0]}&beside={models}")
    expect(page.get_by_text("Draw a digit, and see whether they agree.")).to_be_visible()
    settled(page)
    draw(page, SEVEN)
    bars = page.get_by_role("figure", name="Ten probabilities for each model")
    expect(page.get_by_text(re.compile("read 7"))).to_be_visible()
    expect(page.get_by_text(LINK).last).to_be_attached()
    bars.evaluate("node => window.Plotly.Fx.hover(node, [{curveNumber: 1, pointNumber: 17}])")
    expect(bars.locator(".hoverlayer")).to_contain_text(LINK)
    assert harmless(page)
    page.get_by_role("combobox", name="Model", exact=True).click()
    expect(page.get_by_role("option", name=f"Run {named.ended[0]}: {PICTURE}").first).to_be_visible()
    assert harmless(page)


def test_explore_shows_where_a_set_comes_from_and_the_models_of_its_map(page: Page, named: Named) -> None:
    page.goto("/explore")
    expect(page.get_by_text(FILE).first).to_be_visible()
    assert harmless(page)
    page.goto("/explore?view=map")
    expect(page.get_by_role("figure", name="The map of digits")).to_be_visible()
    settled(page)
    page.get_by_role("combobox", name="Of", exact=True).click()
    expect(page.get_by_role("option", name=f"Features: Run {named.ended[0]}: {PICTURE}")).to_be_visible()
    assert harmless(page)


def test_data_sets_shows_files_that_cannot_be_read_and_who_read_own_digits(
    page: Page, named: Named, database: Database, tmp_path: Path
) -> None:
    answer = replace(an_answer(7), title=f"Run {named.ended[0]}: {PICTURE}")
    digit = replace(label_digit(sketch([(80, 60), (200, 60), (130, 230)]), 7, answer), writer=FILE)
    made = make_own_set(database, "theirs", FILE)
    collection.save(database, digit, made.key)
    page.goto("/own_digits?own_view=gallery&set=theirs")
    expect(page.get_by_role("combobox", name="Set")).to_have_value(f"theirs, of {FILE}")
    settled(page)
    page.get_by_role("option", name="Label 7").click()
    expect(page.get_by_text(f"Run {named.ended[0]}: {PICTURE} read 7")).to_be_visible()
    expect(page.get_by_text(f"by {FILE}")).to_be_visible()
    assert harmless(page)
    (tmp_path / f"{FILE}.csv").write_text("label,![x](p.png)\n3,1\n4,2\n")
    page.goto("/datasets")
    expect(page.get_by_text(FILE).first).to_be_visible()
    settled(page)
    file_input(page, "Files").set_input_files(tmp_path / f"{FILE}.csv")
    page.get_by_role("button", name="Read them").click()
    alert(page, f"{FILE}.csv")
    delete_own_set(database, made.key)


def test_sketch_says_which_photo_it_cannot_read(page: Page, named: Named) -> None:
    assert named
    page.goto("/sketch?way=photo")
    settled(page)
    photo: FilePayload = {"name": f"{FILE}.png", "mimeType": "image/png", "buffer": b"no picture at all"}
    file_input(page, "Photo").set_input_files(photo)
    alert(page, f"{FILE}.png")
