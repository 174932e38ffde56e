"""Claims can be measured anew, and what is new stands beside what is committed."""

import json
import subprocess
from pathlib import Path

import pytest

from benchmarks import __main__ as runner

OLD, NEW = {"ratio": 0.5, "rows": [1, 2], "name": "x", "reached": True}, {"ratio": 0.25, "rows": [1, 2, 3]}


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the record of one claim."""
    monkeypatch.setattr(runner, "RESULTS", tmp_path)
    (tmp_path / "steps.json").write_text(json.dumps({"result": OLD}), "utf-8")
    return tmp_path


def _measure(results: Path, monkeypatch: pytest.MonkeyPatch, status: int = 0) -> None:
    """Let the script of a claim write a new record and end with that status."""

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        assert command[1:] == ["-m", "benchmarks.steps"]
        (results / "steps.json").write_text(json.dumps({"result": NEW}), "utf-8")
        return subprocess.CompletedProcess(command, status)

    monkeypatch.setattr(subprocess, "run", run)


def _read(results: Path) -> object:
    return json.loads((results / "steps.json").read_text("utf-8"))["result"]


def test_every_figure_stands_beside_the_committed_one() -> None:
    assert [row.split() for row in runner.compare(OLD, NEW)] == [
        ["ratio", "0.5", "0.25"],
        ["rows.0", "1", "1"],
        ["rows.1", "2", "2"],
        ["rows.2", "-", "3"],
    ]


@pytest.mark.parametrize(("quick", "left"), [(False, NEW), (True, OLD)])
def test_new_records_stay_but_for_the_quick_form(
    results: Path, monkeypatch: pytest.MonkeyPatch, quick: bool, left: object
) -> None:
    _measure(results, monkeypatch)
    assert runner.main(["steps"], quick=quick) == 0
    assert _read(results) == left


def test_a_claim_that_cannot_be_measured_is_told_and_keeps_its_record(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _measure(results, monkeypatch, status=1)
    assert runner.main([], quick=False) == 1
    assert "could not be measured (status 1)" in capsys.readouterr().out
    assert _read(results) == OLD


@pytest.mark.usefixtures("results")
def test_an_unknown_claim_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main(["speed"], quick=True) == 1
    assert capsys.readouterr().err == "'speed' is no claim; allowed are steps.\n"


def test_every_record_has_its_script_and_the_quick_ones_have_a_record() -> None:
    folder = Path(runner.__file__).parent
    names = {path.stem for path in (folder / "results").glob("*.json")}
    assert names <= {path.stem for path in folder.glob("*.py")}
    assert set(runner.QUICK) <= names
