"""Audits on the pages that show runs: watched and listed, but never offered for what only a model can do."""

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.methods.audit import audit_spec
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue, supervisor
from mnist_dash.runs.audits import Audit, LabelIssues, to_bytes
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Batches, Epoch, ModelFormat, Run, RunScore, State
from mnist_dash.store.database import Database
from tests.pages.conftest import Open
from tests.trained import trained

SPEC = audit_spec("mnist", "dense_128", 4, epochs=2)


@pytest.fixture
def audit(database: Database) -> Run:
    """An audit in the second of four folds, half way through it, in batches that take 50 ms."""
    queue.submit(database, SPEC)
    run = queue.claim(database, supervisor.THIS_MACHINE)
    assert run
    recorder = RunRecorder(database, run)
    recorder.begin(375, 20)
    recorder.epoch(Epoch(1, 0.5, 0.9, 0.4, 0.85, 1.0), b"audit", ModelFormat.AUDIT)
    recorder.phase("training")
    for step in (0, 5):
        recorder.batches(Batches(2, step, (0.5,) * 5, (0.9,) * 5, 0.25 + step / 20))
    return run_of(database, run.id)


def finish(database: Database, run: Run, train: int = 1_234, test: int = 3) -> None:
    """End the audit with so many labels doubted."""
    recorder = RunRecorder(database, run)
    recorder.epoch(Epoch(2, 0.5, 0.9, 0.4, 0.95, 1.0), b"audit", ModelFormat.AUDIT)
    shares = np.zeros((1, 10), np.float16), np.zeros((1, 10), np.float32)
    found = Audit("mnist", {}, 4, *shares, issues(train), issues(test))
    recorder.end(State.DONE, {(2, ModelFormat.AUDIT): to_bytes(found)}, RunScore(0.91, 0.88, 0.93, 200))


def issues(count: int) -> LabelIssues:
    """So many."""
    digits, shares = np.zeros(count, np.uint8), np.zeros(count, np.float32)
    return LabelIssues(np.arange(count), digits, digits, shares, shares, shares, count // 3)


def metrics(app: AppTest) -> dict[str, str]:
    """The figures that stand out."""
    return {metric.label: metric.value for metric in app.metric}


def keys(app: AppTest) -> set[str | None]:
    """The buttons by key."""
    return {button.key for button in app.button}


def links(app: AppTest) -> set[str]:
    """Where the page leads."""
    return {link.proto.label for link in app.get("page_link")}


def test_a_watched_audit_shows_its_fold_the_time_left_and_held_out_accuracy_by_fold(opened: Open, audit: Run) -> None:
    app = opened("train", run=str(audit.id))
    assert not app.exception
    assert app.progress[0].text == "Fold 2 of 4, 2 s left"
    assert metrics(app) == {
        "Validation accuracy": "85.00 %",
        "Doubted training labels": "–",
        "Doubted test labels": "–",
    }
    (table,) = (frame.value for frame in app.dataframe)
    assert table[["Fold", "Validation accuracy"]].values.tolist() == [[1, "85.00 %"]]
    assert {"hold", "stop"} <= keys(app)
    assert not {"step", "copy", "further"} & keys(app)


def test_an_audit_is_stopped_from_the_page(opened: Open, audit: Run, database: Database) -> None:
    app = opened("train", run=str(audit.id))
    app.button(key="stop").click().run()
    assert run_of(database, audit.id).stop_requested
    RunRecorder(database, audit).end(State.STOPPED, {}, None)
    app = opened("train", run=str(audit.id))
    captions = [caption.value for caption in app.caption]
    assert "1 of 4 folds. Labels are doubted only when all folds have been read." in captions
    assert not {"copy", "further"} & keys(app)


def test_a_finished_audit_says_how_many_labels_are_doubted_and_leads_to_them(
    opened: Open, audit: Run, database: Database
) -> None:
    finish(database, audit)
    app = opened("train", run=str(audit.id))
    assert metrics(app) == {
        "Validation accuracy": "90.00 %",
        "Doubted training labels": "1,234 (411 confidently)",
        "Doubted test labels": "3 (1 confidently)",
    }
    assert "Look at them on Explore" in links(app)
    said = "\n".join(caption.value for caption in app.caption)
    assert "Test, by the mean of its 4 networks: 200 images, 95 % interval 88.00 % to 93.00 %." in said


def test_a_waiting_audit_can_be_looked_at(opened: Open, database: Database) -> None:
    run = queue.submit(database, SPEC)
    app = opened("train", run=str(run.id))
    assert not app.exception
    assert app.header[0].value == f"Run {run.id}: Label audit, 4 folds"


def test_the_runs_page_lists_an_audit_and_offers_nothing_that_needs_a_model(
    opened: Open, audit: Run, database: Database
) -> None:
    finish(database, audit)
    app = opened("runs", runs=str(audit.id))
    assert not app.exception
    row = app.dataframe[0].value.iloc[0]
    assert (row["method"], row["epoch"], row["epochs"]) == ("audit, 4 folds", 2, 4)
    assert "Open on Train" in links(app)
    assert "Open in Sketch" not in links(app)
    assert not app.get("download_button")
    assert any("an audit trains a network for each fold" in caption.value for caption in app.caption)


def test_an_audit_among_selected_runs_is_left_out_of_their_comparison(
    opened: Open, audit: Run, database: Database
) -> None:
    finish(database, audit)
    others = [trained(database, replace(RunSpec.of("dense_128", "mnist"), seed=seed)) for seed in (0, 1)]
    app = opened("runs", runs=",".join(str(run.id) for run in (audit, *others)), seeds_as_one="false")
    assert list(app.dataframe[1].value.columns) == ["Setting", "Run 2", "Run 3"]


def test_an_audit_cannot_be_chosen_where_a_digit_is_drawn(opened: Open, audit: Run, database: Database) -> None:
    finish(database, audit)
    app = opened("sketch", model=str(audit.id))
    assert not app.exception
    assert str(audit.id) not in app.selectbox(key="model").options
