import json
from pathlib import Path

import plotly
import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.ui import chart

SOURCE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def page() -> None:
    from plotly import graph_objects as go

    from mnist_dash.ui.chart import chart

    chart(go.Figure(go.Bar(y=[1, 2])), key="bars", height=240, alt="Two bars")


def test_plotly_js_is_copied_below_the_app(tmp_path: Path) -> None:
    address = chart.plotly_js(tmp_path)
    assert address == f"app/static/plotly-{plotly.__version__}.min.js"
    assert (tmp_path / "static" / Path(address).name).read_bytes() == SOURCE.read_bytes()


def test_a_complete_copy_is_left_alone(tmp_path: Path) -> None:
    copy = tmp_path / "static" / Path(chart.plotly_js(tmp_path)).name
    before = copy.stat()
    chart.plotly_js(tmp_path)
    assert (copy.stat().st_ino, copy.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_half_a_copy_is_replaced_and_leaves_no_trace(tmp_path: Path) -> None:
    copy = tmp_path / "static" / Path(chart.plotly_js(tmp_path)).name
    copy.write_bytes(b"half")
    chart.plotly_js(tmp_path)
    assert copy.stat().st_size == SOURCE.stat().st_size
    assert list(copy.parent.iterdir()) == [copy]


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "static").write_text("in the way")
    with pytest.raises(OSError, match="static"):
        chart.plotly_js(tmp_path)


def test_a_chart_sends_figure_name_and_height(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart, "ROOT", tmp_path)
    app = AppTest.from_function(page).run()
    assert not app.exception
    sent = json.loads(app.get("bidi_component")[0].proto.json)
    assert (sent["alt"], sent["height"]) == ("Two bars", 240)
    assert json.loads(sent["figure"])["data"][0]["y"] == [1, 2]


def test_nothing_in_a_chart_leaves_the_machine() -> None:
    assert chart.CONFIG["showSendToCloud"] is False
    assert chart.CONFIG["plotlyServerURL"] == ""


def test_a_read_only_installation_still_shows_the_chart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "static").write_text("in the way")
    monkeypatch.setattr(chart, "ROOT", tmp_path)
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 1
