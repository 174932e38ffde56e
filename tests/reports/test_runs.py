"""Reports: everything of a run in one file that holds all that it needs, and nobody's text as mark-up."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from mnist_dash.errors import ModelError, RunError
from mnist_dash.methods.audit import audit_spec
from mnist_dash.methods.spec import RunSpec
from mnist_dash.place import find_plotly
from mnist_dash.reports import page
from mnist_dash.reports.runs import MOST, write_report
from mnist_dash.runs import queue
from mnist_dash.runs.records import Answers, EpochDetails, State
from mnist_dash.store.database import Database
from tests.trained import begun, trained

SPEC = RunSpec.of("dense_128", "mnist")
LARGEST = 5_000_000
"""Bytes of a report."""
_COUNTS = tuple(
    tuple(40 if row == column else int(row == 4 and column == 9) for column in range(10)) for row in range(10)
)
DETAILS = EpochDetails(_COUNTS, Answers((1,) * 10, (0.5,) * 10), ())


def figures(report: str) -> list[Mapping[str, object]]:
    """Every figure of a report, as Plotly takes it."""
    return [json.loads(text) for text in re.findall(r'<script type="application/json">(.*?)</script>', report)]


def test_a_run_is_told_with_its_curves_confusion_settings_and_script(database: Database) -> None:
    run = trained(database, SPEC, 980, details=(None, DETAILS))
    content = write_report(database, [run])
    report = content.decode()
    assert len(content) < LARGEST
    assert "<title>Run 1: " in report
    assert "<strong>98.00 %</strong> of 1,000 test images read right, 95 % interval 96.93 % to 98.70 %" in report
    assert len(figures(report)) == 3
    assert "4 and 9 are taken for each other most: 1 of 401 images." in report
    assert re.search(r'<th scope="row">Batch size</th><td>\d+</td>', report)
    assert "import keras" in report
    assert '<th scope="row">2</th><td>0.7500</td><td>62.50 %</td><td>0.5000</td><td>90.00 %</td>' in report


def test_a_report_asks_nobody_for_anything(database: Database) -> None:
    report = write_report(database, [trained(database, SPEC)]).decode()
    shown = re.sub(r'<script type="text/plain" id="library">.*?</script>', "", report)
    assert not re.search(r"(src|href)=|url\(|@import|https?://", shown)


def test_several_runs_stand_side_by_side(database: Database) -> None:
    runs = [trained(database, replace(SPEC, seed=seed), 960 + seed) for seed in range(3)]
    report = write_report(database, runs).decode()
    assert "Runs 1, 2 and 3 side by side" in report
    assert len(figures(report)) == 3 + 3 * 2
    assert "Run 3 is best, but the intervals of runs 1 and 2 overlap its own: that may be chance." in report
    assert "Runs 1, 2 and 3 differ in their seed alone. Mean over the 3 seeds: 96.10 %" in report
    assert '<th scope="row">Seed</th><td>0</td><td>1</td><td>2</td>' in report


def test_a_fitted_method_has_no_curves(database: Database) -> None:
    run = trained(database, RunSpec.of("nearest", "mnist"), scores=(0.9,))
    report = write_report(database, [run]).decode()
    assert figures(report) == []
    assert "The same as a scikit-learn script" in report


def test_nothing_that_people_wrote_is_mark_up(database: Database) -> None:
    runs = [replace(trained(database, SPEC), name="</script><img src=x>", tags=("<b>",)) for _ in range(2)]
    report = write_report(database, runs).decode()
    assert "<img" not in report
    assert "<b>" not in report
    assert "Run 1: &lt;/script&gt;&lt;img src=x&gt;" in report


def test_what_cannot_be_reported_is_said(database: Database) -> None:
    waiting = queue.submit(database, SPEC)
    with pytest.raises(RunError, match="Run 1 is queued and has finished no epoch"):
        write_report(database, [waiting])
    audit = queue.submit(database, audit_spec("mnist"))
    with pytest.raises(RunError, match="Run 2 is an audit"):
        write_report(database, [audit])
    run = trained(database, SPEC)
    with pytest.raises(RunError, match=f"{MOST + 1} runs were named; a report is of 1 to {MOST}"):
        write_report(database, [run] * (MOST + 1))
    with pytest.raises(RunError, match="0 runs were named"):
        write_report(database, [])


def test_a_run_at_work_is_told_as_far_as_it_is(database: Database) -> None:
    run, _ = begun(database, SPEC)
    report = write_report(database, [run]).decode()
    assert f"<dd>{State.RUNNING}</dd>" in report
    assert 'class="lead"' not in report


def test_without_plotly_nothing_is_written(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    page._pack_library.cache_clear()
    monkeypatch.setattr(page, "find_plotly", lambda: None)
    with pytest.raises(ModelError, match=re.escape("plotly.js is missing")):
        write_report(database, [trained(database, SPEC)])
    assert find_plotly()
