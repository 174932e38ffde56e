"""`report`: a file of one run or several, or a reason why there is none."""

from pathlib import Path

from mnist_dash.methods.spec import RunSpec
from mnist_dash.store.database import Database
from tests.cli.conftest import Ask
from tests.trained import trained

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
