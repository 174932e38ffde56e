"""Sets without some digit, of one digit alone, or with a test split that lacks one: every view shows what is there."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.analysis.evaluation import count_confusion, evaluate
from mnist_dash.analysis.label_issues import rank_label_issues
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.io.discovery import Holdout
from mnist_dash.data.io.sources import ReadingOptions
from mnist_dash.data.present_digits import explain_no_test
from mnist_dash.data.split import choose_gallery
from mnist_dash.data.store import staging
from mnist_dash.methods.audit import audit_spec
from mnist_dash.methods.run_split import draw_run_split
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import DEFAULT, load_bundled, read_bundled_file
from mnist_dash.runs import queue, supervisor
from mnist_dash.runs.audits import Audit, to_bytes
from mnist_dash.runs.queries import run_of, runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Answers, Batches, Epoch, EpochDetails, ModelFormat, Run, RunScore, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.ui.data.import_wizard import Incoming
from mnist_dash.ui.explore import VIEWS
from tests.data.partial_sets import DIGITS, WORDS, make_partial_set, save_partial_set
from tests.data.samples import write_npz
from tests.drawn import SEVEN
from tests.pages.conftest import Open, put

SEVERAL = tuple(name for name, (train, _) in DIGITS.items() if len(train) > 1)
"""Sets that a network can learn from."""
GROUPS = {
    "pixels": ("pixels_of", {"All classes"}),
    "classes": ("ends_of", set()),
    "shapes": ("tails_of", {"All"}),
}
"""Where the digits that there are can be chosen, and what else."""


def calm(app: AppTest) -> str:
    """All that is said, which is no error."""
    assert not app.exception
    assert not app.error
    return "\n".join(part.value for part in (*app.caption, *app.markdown, *app.info))


def pictures(app: AppTest) -> list[object]:
    """The pictures on a page."""
    return list(app.get("image"))


def learnt(database: Database, data: Dataset, **changes: object) -> Run:
    """A run that is done, with the answers of the bundled network, as a session records them."""
    spec = RunSpec.of("cnn", data.name, **{"epochs": 2, "batch_size": 16, **changes})  # type: ignore[arg-type]
    run = queue.claim(database, supervisor.THIS_MACHINE, queue.submit(database, spec).id)
    assert run
    recorder, parts = RunRecorder(database, run), draw_run_split(spec, data.train)
    recorder.begin(len(parts.train), spec.steps(len(data.train)))
    recorder.batches(Batches(1, 0, (2.25, 1.5), (0.25, 0.5), 0.75, 0.001))
    model, watched = load_bundled(DEFAULT), data.train.take(choose_gallery(data.train.labels, parts))
    shares, of = model.probabilities(watched.images), data.train.take(parts.validation)
    answers = Answers(tuple(shares.argmax(axis=1).tolist()), tuple(shares.max(axis=1).tolist()))
    details = EpochDetails(count_confusion(model.probabilities(of.images), of.labels), answers, ())
    for number in (1, 2):
        recorder.epoch(Epoch(number, 0.5, 0.8, 0.4, 0.8, 1.0, details), b"keras")
    figures = None
    if data.test:
        score = evaluate(model.probabilities(data.test.images), data.test.labels)
        figures = RunScore(score.accuracy, *score.interval, score.images)
    content = {(2, ModelFormat.LITERT): read_bundled_file("cnn")}
    recorder.end(State.DONE, content, figures, explain_no_test(data))
    return run_of(database, run.id)


@pytest.mark.parametrize("name", [name for name in DIGITS if name != "zeros"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_explore_shows_what_is_there_and_names_what_is_not(
    opened: Open, with_data: Settings, name: str, view: str
) -> None:
    data = save_partial_set(with_data, name)
    app = opened("explore", view=view, data=name)
    said = calm(app)
    if view == "map" and len(data.train) + len(data.test) < 100:
        assert "A map needs 100 digits at least" in said
    assert said.count(WORDS[name]) == 1
    train, test = (set(map(str, digits)) for digits in DIGITS[name])
    if view == "overview":
        assert pictures(app)
        figures = {metric.label: metric.value for metric in app.metric}
        assert figures["Classes"] == str(len(train | test))
    elif view == "samples":
        assert set(app.selectbox(key="digit").options) == {"All", *train, *test}
    elif view in GROUPS:
        key, whole = GROUPS[view]
        assert set(app.button_group(key=key).options) == whole | train


@pytest.mark.parametrize("name", ["sudoku", "one", "untaught"])
def test_a_link_that_names_a_missing_digit_shows_what_there_is(opened: Open, with_data: Settings, name: str) -> None:
    save_partial_set(with_data, name)
    for view, keys in (
        ("samples", {"digit": "5", "split": "test"}),
        ("samples", {"order": "typical", "split": "test"}),
        ("pixels", {"pixels_of": "0"}),
        ("classes", {"one": "0", "other": "5", "ends_of": "0"}),
        ("shapes", {"tails_of": "0", "measure": "Loops"}),
        ("quality", {"twins": "true"}),
    ):
        calm(opened("explore", view=view, data=name, **keys))


def test_another_set_is_chosen_while_a_digit_is_that_it_lacks(opened: Open, with_data: Settings) -> None:
    save_partial_set(with_data, "two")
    for view, keys in (
        ("samples", {"digit": "5"}),
        ("pixels", {"pixels_of": "5"}),
        ("classes", {"one": "5", "other": "6", "ends_of": "5"}),
        ("shapes", {"tails_of": "5"}),
    ):
        app = opened("explore", view=view, data="mnist", **keys)
        calm(app)
        calm(app.selectbox(key="data_list_0").set_value("two").run())
        calm(app.selectbox(key="data_list_0").set_value("mnist").run())


@pytest.mark.parametrize("name", DIGITS)
def test_an_import_is_shown_with_its_picture_and_named_on_its_card(
    opened: Open, with_data: Settings, tmp_path: Path, name: str
) -> None:
    path, data = tmp_path / f"{name}.npz", make_partial_set(name)
    write_npz(path, data.train, data.test)
    token = staging.stage(with_data, [path], ReadingOptions(holdout=Holdout.AUTO if data.test else Holdout.NONE))
    app = opened("datasets")
    app.session_state["incoming"] = Incoming(tmp_path / "upload", (path.name,), token=token)
    assert calm(app.run()).count(WORDS[name]) == 1
    assert pictures(app)
    staging.accept(with_data, token, name)
    calm(opened("explore", data=name))
    assert f"test images. {WORDS[name]}" in calm(opened("datasets"))


@pytest.mark.parametrize("name", SEVERAL)
def test_a_run_on_it_can_be_started_watched_and_compared(
    opened: Open, with_data: Settings, database: Database, name: str
) -> None:
    data = save_partial_set(with_data, name)
    app = opened("train", data=name)
    assert calm(app).count(WORDS[name]) == 1
    by = {"validation_by": "writer"} if data.train.writers is not None else {}
    runs = [learnt(database, data), learnt(database, data, seed=1, rotation=10, **by)]
    for run in runs:
        assert "Confusion matrix" in calm(opened("train", data=name, run=str(run.id)))
    assert all(row.spec.data == name for row in runs_of(database))
    calm(opened("runs", runs="-".join(str(run.id) for run in runs)))


def test_without_test_images_no_test_is_offered_and_it_is_said_why(
    opened: Open, with_data: Settings, database: Database
) -> None:
    data = save_partial_set(with_data, "learnt-whole")
    app = opened("explore", view="samples", data=data.name, split="Test")
    assert WORDS[data.name] in calm(app)
    assert app.button_group(key="split").options == ["Training"]
    app = opened("explore", view="samples", data="mnist", split="Test")
    assert app.button_group(key="split").value == "test"
    calm(app.selectbox(key="data_list_0").set_value(data.name).run())
    run = learnt(database, data)
    app = opened("train", data=data.name, run=str(run.id))
    assert "2 of 2 epochs. No test: the data set has no test images." in calm(app)
    assert {metric.label: metric.value for metric in app.metric}["Test accuracy"] == "–"
    assert run.reason == WORDS[data.name]
    said = calm(opened("runs", runs=str(run.id)))
    assert f"Not tested, since the data set has no test images: {run.id}." in said


def test_an_audit_without_test_images_doubts_training_labels_alone(
    opened: Open, with_data: Settings, database: Database
) -> None:
    data = save_partial_set(with_data, "learnt-whole")
    queue.submit(database, audit_spec(data.name))
    run = queue.claim(database, supervisor.THIS_MACHINE)
    assert run
    shares = np.full((len(data.train), 10), 0.01, np.float32)
    shares[np.arange(len(shares)), data.train.labels] = 0.91
    shares[0] = shares[0][::-1]
    issues = rank_label_issues(shares, data.train.labels), rank_label_issues(shares[:0], data.test.labels)
    audit = Audit(data.name, dict(data.sha256), 5, shares.astype(np.float16), shares[:0], *issues)
    RunRecorder(database, run).end(State.DONE, {(5, ModelFormat.AUDIT): to_bytes(audit)}, None, explain_no_test(data))
    app = opened("train", data=data.name, run=str(run.id))
    assert "No test: the data set has no test images." in calm(app)
    doubted = {metric.label: metric.value for metric in app.metric}
    assert (doubted["Doubted training labels"][0], doubted["Doubted test labels"]) == ("1", "–")
    app = opened("explore", view="quality", data=data.name)
    assert "1 of 900 labels are read differently" in calm(app)
    assert app.button_group(key="doubts").options == ["Training"]


@pytest.mark.parametrize("name", ["one", "zeros"])
def test_of_one_digit_alone_nothing_can_be_learnt_and_it_is_said_why(
    opened: Open, with_data: Settings, name: str
) -> None:
    digit = save_partial_set(with_data, name).train.labels[0]
    app = opened("train", data=name)
    assert f"Every training image of {name} is a {digit}. A network learns to tell digits apart" in calm(app)
    assert "Start training" not in [button.label for button in app.button]
    said = calm(opened("explore", view="quality", data=name))
    assert "Every training image is of one digit" in said


@pytest.mark.parametrize("closer", ["sees", "why", "models"])
def test_a_model_that_learnt_from_it_answers_on_sketch(
    opened: Open, with_data: Settings, database: Database, closer: str
) -> None:
    run = learnt(database, save_partial_set(with_data, "sudoku"))
    app = put(opened("sketch", model=str(run.id), closer=closer), SEVEN)
    said = calm(app)
    if closer == "why":
        assert WORDS["sudoku"] in said
        assert "nearest" in said
