"""The Explore page as a script: its seven views, what their links hold, and the review of doubted labels."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.generator.writers import generate
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.methods.audit import audit_spec
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import control, queue, supervisor
from mnist_dash.runs.audits import Audit, LabelIssues, to_bytes
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Epoch, ModelFormat, Run, RunScore, State
from mnist_dash.runs.reviews import Decision, Verdict, decisions_of
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.ui.explore import VIEWS
from mnist_dash.ui.explore.samples import ORDERS
from tests.data.samples import write_npz
from tests.pages.conftest import Open

DOUBTED = (4, 9, 17)
MakeSet = Callable[[str], Dataset]


@pytest.fixture
def make_set(with_data: Settings) -> MakeSet:
    """Keeps a part of the small set under a name."""

    def make_set(name: str) -> Dataset:
        whole = open_dataset(with_data)
        part = Digits(np.asarray(whole.train.images[:120]), np.asarray(whole.train.labels[:120]))
        return named_sets.save(with_data, name, Dataset(name, part, whole.test, "a part of mnist"))

    return make_set


@pytest.fixture
def audited(with_data: Settings, database: Database) -> Run:
    """A finished audit that doubts three training labels and no test label."""
    data = open_dataset(with_data)
    run = queue.submit(database, audit_spec(data.name, "dense_128", 2))
    claimed = queue.claim(database, supervisor.THIS_MACHINE)
    assert claimed
    recorder = RunRecorder(database, claimed)
    recorder.begin(250, 2)
    index = np.array(DOUBTED)
    given = np.asarray(data.train.labels[index])
    share = np.full(len(index), 0.5, np.float32)
    none = np.empty(0)
    train = LabelIssues(index, given, (given + 1) % 10, share, share, share, 1)
    nobody = LabelIssues(none.astype(np.int64), *(none.astype(np.uint8),) * 2, *(none.astype(np.float32),) * 3, 0)
    images = (len(data.train), len(data.test))
    read = Audit(
        data.name,
        dict(data.sha256),
        2,
        np.full((images[0], 10), 0.1, np.float16),
        np.full((images[1], 10), 0.1, np.float32),
        train,
        nobody,
    )
    recorder.epoch(Epoch(1, 0.5, 0.8, 0.4, 0.8, 1.0), to_bytes(read), ModelFormat.AUDIT)
    recorder.end(State.DONE, {}, RunScore(0.9, 0.8, 0.95, 200))
    return run_of(database, run.id)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_by_its_link(opened: Open, view: str) -> None:
    app = opened("explore", view=view)
    assert not app.exception
    assert not app.error
    assert app.session_state["view"] == view
    assert app.query_params["view"] == view


def test_an_unknown_view_opens_the_first(opened: Open) -> None:
    assert opened("explore", view="nothing").session_state["view"] == next(iter(VIEWS))


def test_the_overview_counts_images_features_and_classes(opened: Open) -> None:
    figures = {metric.label: metric.value for metric in opened("explore").metric}
    assert figures["Training images"] == "500"
    assert figures["Test images"] == "200"
    assert figures["Features"] == "784"
    assert figures["Classes"] == "10"


@pytest.mark.parametrize("order", ORDERS)
def test_samples_can_be_sorted_by_everything_that_is_offered(opened: Open, order: str) -> None:
    app = opened("explore", view="samples", split="Test", digit="3", order=ORDERS[order].title)
    assert not app.exception
    assert app.selectbox(key="order").value == order
    assert app.selectbox(key="digit").value == "3"


@pytest.mark.parametrize(("title", "order"), [("Easiest", "easy"), ("Hardest", "hard")])
def test_links_that_name_an_order_by_its_old_title_go_on_working(opened: Open, title: str, order: str) -> None:
    app = opened("explore", view="samples", order=title)
    assert app.selectbox(key="order").value == order
    assert app.selectbox(key="order").set_value("thin").run().selectbox(key="order").value == "thin"


def test_the_image_of_the_link_is_looked_at_from_near(opened: Open, with_data: Settings) -> None:
    app = opened("explore", view="samples", split="Test", image="123")
    assert "Image 123" in [heading.value for heading in app.header]
    label = next(metric.value for metric in app.metric if metric.label == "Label")
    assert label == str(open_dataset(with_data).test.labels[123])


def test_an_image_can_be_gone_to_by_its_number(opened: Open) -> None:
    app = opened("explore", view="samples", split="Test", image="123")
    app.number_input(key="go_to_test_123").set_value(45).run()
    assert "Image 45" in [heading.value for heading in app.header]
    assert app.query_params["image"] == "45"


@pytest.mark.parametrize("image", ["200", "9" * 30, "-1", "x"])
def test_an_image_that_is_not_there_gives_way_to_the_first(opened: Open, image: str) -> None:
    app = opened("explore", view="samples", split="Test", image=image)
    assert not app.exception
    assert "Image 0" in [heading.value for heading in app.header]


def test_a_split_without_the_digit_says_so(opened: Open, with_data: Settings) -> None:
    whole = open_dataset(with_data)
    kept = np.flatnonzero(whole.train.labels != 6)
    part = Digits(np.asarray(whole.train.images[kept]), np.asarray(whole.train.labels[kept]))
    named_sets.save(with_data, "no-six", Dataset("no-six", part, whole.test, "here"))
    for view in VIEWS:
        assert not opened("explore", view=view, data="no-six").exception
    app = opened("explore", view="samples", data="no-six", digit="6")
    assert "no such digit" in app.info[0].value


def test_a_named_set_is_chosen_by_the_link(opened: Open, make_set: MakeSet) -> None:
    make_set("mine")
    app = opened("explore", data="mine")
    assert next(metric.value for metric in app.metric if metric.label == "Training images") == "120"
    app.switch_page("pages/train.py").run()
    assert app.selectbox(key="data_list_0").value == "mine"
    assert any("108 images" in caption.value for caption in app.caption)


def test_the_view_is_remembered_while_another_page_is_visited(opened: Open) -> None:
    app = opened("explore", view="shapes")
    app.switch_page("pages/runs.py").run()
    app.switch_page("pages/explore.py").run()
    assert app.session_state["view"] == "shapes"


def test_a_run_is_started_on_the_named_set(opened: Open, make_set: MakeSet, database: Database) -> None:
    make_set("mine")
    app = opened("train", data="mine")
    app.number_input(key="fast_batch_size").set_value(32).run()
    app.button[0].click().run()
    (run,) = runs_of(database)
    assert run.spec.data == "mine"


def test_copying_a_run_chooses_the_set_that_it_learnt_from(opened: Open, make_set: MakeSet, database: Database) -> None:
    make_set("mine")
    run = queue.submit(database, RunSpec.of("dense_128", "mine", epochs=3))
    control.stop(database, run.id)
    app = opened("train", run=str(run.id))
    assert app.selectbox(key="data_list_0").value == "mnist"
    app.button(key="copy").click().run()
    assert not app.exception
    assert app.selectbox(key="data_list_1").value == "mine"
    assert app.number_input(key="dense_128_epochs_1").value == 3


def test_a_link_to_a_set_that_is_gone_shows_mnist(opened: Open) -> None:
    app = opened("explore", data="gone")
    assert not app.exception
    assert app.selectbox(key="data_list_0").value == "mnist"


def test_quality_offers_an_audit_with_what_it_will_cost_and_queues_it(opened: Open, database: Database) -> None:
    app = opened("explore", view="quality")
    assert any("the bundled network finds most difficult" in caption.value for caption in app.caption)
    assert any("It takes about" in words.value for words in app.markdown)
    next(button for button in app.button if button.label == "Look for wrong labels").click().run()
    (run,) = runs_of(database)
    assert (run.spec.folds, run.spec.data, run.state) == (5, "mnist", State.QUEUED)
    assert "Look for wrong labels" not in [button.label for button in app.button]


def _pressed(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def test_suggestions_are_taken_and_forgotten_and_outlive_the_page(
    opened: Open, audited: Run, database: Database, with_data: Settings
) -> None:
    labels = open_dataset(with_data).train.labels
    app = _pressed(opened("explore", view="quality"), "Relabel all on this page as suggested")
    assert not app.exception
    decided = decisions_of(database, audited.id)
    assert decided == {i: Decision(Verdict.RELABEL, (int(labels[i]) + 1) % 10) for i in DOUBTED}
    assert any("3 to relabel" in caption.value for caption in opened("explore", view="quality").caption)
    _pressed(opened("explore", view="quality"), "Forget this page")
    assert decisions_of(database, audited.id) == {}


@pytest.mark.usefixtures("audited")
def test_decisions_become_a_named_set_whose_effect_can_be_measured(
    opened: Open, database: Database, with_data: Settings
) -> None:
    app = _pressed(opened("explore", view="quality"), "Relabel all on this page as suggested")
    app.text_input(key="corrected_name").set_value("clean")
    _pressed(app, "Make the set")
    assert not app.exception
    before, after = open_dataset(with_data).train.labels, named_sets.open_set(with_data, "clean").train.labels
    assert np.flatnonzero(before != after).tolist() == list(DOUBTED)
    _pressed(app, "Train on both")
    queued = [(run.spec.data, run.spec.seed) for run in runs_of(database, State.QUEUED)]
    assert sorted(queued) == [(data, seed) for data in ("clean", "mnist") for seed in (0, 1, 2)]


@pytest.mark.usefixtures("audited")
def test_a_set_without_a_decision_or_with_a_name_that_is_taken_is_refused(opened: Open) -> None:
    app = opened("explore", view="quality")
    app.text_input(key="corrected_name").set_value("clean")
    assert "Decide first" in _pressed(app, "Make the set").error[0].value
    app = _pressed(opened("explore", view="quality"), "Relabel all on this page as suggested")
    app.text_input(key="corrected_name").set_value("mnist")
    assert "already a data set" in _pressed(app, "Make the set").error[0].value


@pytest.mark.usefixtures("audited")
def test_an_audit_of_a_set_that_has_changed_is_not_taken_for_its_own(
    opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_npz(tmp_path / "other.npz", generate(500, 7), generate(200, 8))
    monkeypatch.setenv("MNIST_DASH_DATA", str(tmp_path / "other.npz"))
    app = opened("explore", view="quality")
    assert any("Nobody has looked" in words.value for words in app.markdown)


def test_duplicates_are_compared_when_that_is_asked_for(opened: Open) -> None:
    assert "Near duplicates" not in [metric.label for metric in opened("explore", view="quality").metric]
    app = opened("explore", view="quality", twins="true")
    assert "Near duplicates" in [metric.label for metric in app.metric]
