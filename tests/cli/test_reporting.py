"""`report`: a file of one run or several, or a reason why there is none."""

from pathlib import Path

import numpy as np

from mnist_dash.methods.fitted.files import write_arrays
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import housekeeping
from mnist_dash.runs.records import Epoch, ModelFormat, State
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask
from tests.trained import begun, trained

SPEC = RunSpec.of("dense_128", "mnist")


def test_a_report_is_written_and_told(ask: Ask, database: Database, tmp_path: Path) -> None:
    for _ in range(2):
        trained(database, SPEC)
    out = tmp_path / "report.html"
    told = ask("report", "2", "1", "2", "--out", str(out), "--json").json
    assert told == {"file": str(out), "runs": [2, 1], "bytes": out.stat().st_size}
    assert out.read_bytes().startswith(b"<!doctype html>")
    assert ask("report", "1", "--out", str(out)).out.startswith(f"Report of 1 run written to {out}, 2 MB")


def test_what_cannot_be_reported_leaves_no_file(ask: Ask, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert "9" in ask("report", "9", "--out", str(out)).refusal
    assert "allowed is a .html file" in ask("report", "1", "--out", str(tmp_path / "report.pdf")).refusal
    assert "There is no folder" in ask("report", "1", "--out", str(tmp_path / "none" / "report.html")).refusal
    assert not list(tmp_path.glob("report*"))


def test_a_whole_run_is_taken_along_and_brought_back(ask: Ask, database: Database, tmp_path: Path) -> None:
    made = trained(database, RunSpec.of("nearest", "mnist"), scores=())
    out = tmp_path / "run-1.run.zip"
    assert "after 0 epochs" in ask("export", str(made.id), "--format", "run", "--out", str(out)).refusal
    assert (
        "cnn' has nothing that could be taken along"
        in ask("export", "cnn", "--format", "run", "--out", str(out)).refusal
    )
    assert not out.exists()
    fitted, recorder = begun(database, RunSpec.of("nearest", "mnist"), ())
    recorder.epoch(Epoch(1, 0.5, 0.9, None, None, 1.0), write_arrays({"x": np.arange(4)}), ModelFormat.ARRAYS)
    recorder.end(State.DONE, {}, None)
    ask("export", str(fitted.id), "--format", "run", "--out", str(out))
    assert "is there already, as run 2" in ask("import-run", str(out)).refusal
    housekeeping.delete(database, [fitted.id])
    assert ask("import-run", str(out), "--json").json == {"run": 3, "name": fitted.name, "state": "done", "epochs": 1}
    assert "no ZIP, or cut short" in ask("import-run", __file__).refusal
    assert "cannot be read" in ask("import-run", str(tmp_path / "none.zip")).refusal
