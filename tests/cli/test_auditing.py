"""The command that looks for wrong labels: what it queues, tells and refuses."""

import json
import subprocess
import time
from types import SimpleNamespace

import numpy as np
import pytest

from mnist_dash.cli import training
from mnist_dash.methods.audit import audit_spec
from mnist_dash.runs import process, queue
from mnist_dash.runs.audits import Audit, LabelIssues, to_bytes
from mnist_dash.runs.queries import audit_of, run_of, runs_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import ModelFormat, State
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask
from tests.trained import begun

FIELDS = {
    *("run", "state", "method", "folds", "data", "suspects_train", "suspects_test", "seconds"),
    *("confident", "first", "reason"),
}


@pytest.mark.training
@pytest.mark.usefixtures("with_data")
def test_an_audit_is_queued_watched_and_told(
    ask: Ask, database: Database, detached: list["subprocess.Popen[bytes]"]
) -> None:
    summary = ask("audit", "dense_128", "--folds", "2", "--epochs", "3", "--seed", "7", "--json").json
    assert set(summary) == FIELDS
    assert (summary["run"], summary["state"], summary["method"], summary["folds"]) == (1, "done", "dense_128", 2)
    assert (summary["data"], summary["reason"]) == ("mnist", None)
    assert run_of(database, 1).spec == audit_spec("mnist", "dense_128", 2, epochs=3, seed=7)
    assert len(detached) == 1
    found = audit_of(database, 1)
    assert found is not None
    for split, issues in (("train", found.train_issues), ("test", found.test_issues)):
        assert issues is not None
        assert summary[f"suspects_{split}"] == len(issues)
        assert [row["index"] for row in summary["first"][split]] == issues.index[:10].tolist()


def _ends_at_once(
    monkeypatch: pytest.MonkeyPatch, database: Database, state: State, issues: tuple[LabelIssues, LabelIssues]
) -> None:
    """A run that is watched is done, or has failed, at the first look."""

    def work(_seconds: float) -> None:
        monkeypatch.setattr(training, "time", time)
        run = queue.claim(database, "here")
        assert run is not None
        recorder = RunRecorder(database, run)
        if state is State.FAILED:
            recorder.fail("The loss became NaN.")
            return
        shares = np.zeros((500, 10), np.float16), np.zeros((200, 10), np.float32)
        audit = Audit("mnist", {}, 5, *shares, *issues)
        recorder.end(State.DONE, {(5, ModelFormat.AUDIT): to_bytes(audit)}, None)

    monkeypatch.setattr(training, "time", SimpleNamespace(sleep=work))


def _label_issues(count: int) -> LabelIssues:
    digits, shares = np.full(count, 4, np.uint8), np.full(count, 0.01, np.float32)
    return LabelIssues(np.arange(count) * 1_000, digits, digits + 5, shares, shares, 1 - shares, 5)


def test_people_are_told_how_many_labels_are_doubted_and_the_first_ten(
    ask: Ask, with_data: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ends_at_once(monkeypatch, database, State.DONE, (_label_issues(12), _label_issues(0)))
    with process.supervisor_lock(with_data):
        lines = ask("audit").out.replace("\xa0", " ").splitlines()
    assert lines[0].startswith("Run 1, Label audit, 5 folds (cnn): done, 0 of 5 folds")
    assert lines[1] == "12 of 500 labels of the train images are doubted, 5 of them confidently:"
    assert lines[2:12] == [f"  image {i:,}: labelled 4, read as 9 (sure: 99.0 %)" for i in range(0, 10_000, 1_000)]
    assert lines[12:] == ["0 of 200 labels of the test images are doubted."]


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_an_audit_that_fails_is_told_with_status_2_and_the_reason(
    ask: Ask, with_data: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    _ends_at_once(monkeypatch, database, State.FAILED, (_label_issues(0), _label_issues(0)))
    with process.supervisor_lock(with_data):
        answer = ask("audit", *options)
    assert answer.status == 2
    assert answer.err.splitlines()[-1] == "mnist_dash: Run 1 failed. The loss became NaN."
    assert answer.out.count("\n") == 1
    if options:
        summary = json.loads(answer.out)
        assert (summary["state"], summary["suspects_train"], summary["first"]) == ("failed", None, {})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("resnet",), "'resnet' is no method; allowed are fast"),
        (("random",), "The method random learns nothing, so it can doubt no label; choose a network."),
        (("--folds", "1"), "folds is 1; allowed is a whole number from 2 to 20."),
        (("--folds", "21"), "folds is 21; allowed is a whole number from 2 to 20."),
        (("--folds", "many"), "folds is 'many'; allowed is a whole number from 2 to 20."),
        (("--epochs", "0"), "epochs is 0; allowed is a whole number from 1 to 1,000."),
        (("--seed", "-1"), "seed is -1; allowed is a whole number from 0 to"),
        (("--data", "emnist"), "There is no data set 'emnist'; allowed are "),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else "",
)
@pytest.mark.usefixtures("with_data")
def test_what_cannot_be_audited_is_refused_in_one_line_and_queues_nothing(
    ask: Ask, database: Database, arguments: tuple[str, ...], words: str
) -> None:
    assert words in ask("audit", *arguments).refusal
    assert runs_of(database) == []


def test_an_audit_is_listed_with_its_folds(ask: Ask, database: Database) -> None:
    begun(database, audit_spec("mnist"), scores=(0.9, 0.9))
    assert ask("runs").out == "Run 1, Label audit, 5 folds (cnn): running, 2 of 5 folds\n"
