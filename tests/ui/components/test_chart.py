import json
import os
import time
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import plotly
import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.ui.components import chart

SOURCE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def page() -> None:
    from plotly import graph_objects as go

    from mnist_dash.ui.components.chart import chart

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


def map_page() -> None:
    import numpy as np
    from plotly import graph_objects as go

    from mnist_dash.ui.components.chart import chart

    figure = go.Figure(go.Scattergl(x=[1, 2], y=[2, 1], customdata=[[0], [1]]), {"uirevision": "these"})
    images = np.arange(2 * 784, dtype=np.uint32).astype(np.uint8).reshape(2, 28, 28)
    chart(figure, key="map", height=240, alt="Two digits", thumbnails=images, selectable=True)


def sent_by(page: Callable[[], None]) -> dict[str, Any]:
    app = AppTest.from_function(page).run()
    assert not app.exception
    data: dict[str, Any] = json.loads(app.get("bidi_component")[0].proto.json)
    return data


def test_the_picture_of_the_digits_is_sent_by_its_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart, "ROOT", tmp_path)
    sprite = sent_by(map_page)["sprite"]
    (picture,) = (tmp_path / "static").glob("digits-*.png")
    assert sprite == {"address": f"app/static/{picture.name}", "columns": 100, "side": 28}
    before = picture.stat()
    assert sent_by(map_page)["sprite"] == sprite
    assert (picture.stat().st_ino, picture.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_pictures_that_nobody_has_seen_for_long_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart, "ROOT", tmp_path)
    sent_by(map_page)
    (shown,) = (tmp_path / "static").glob("digits-*.png")
    ages = {"digits-old.png": chart.KEPT + 60, "digits-young.png": 60, shown.name: chart.KEPT + 60}
    for name, age in ages.items():
        (tmp_path / "static" / name).touch()
        os.utime(tmp_path / "static" / name, (time.time() - age,) * 2)
    sent_by(map_page)
    assert {path.name for path in (tmp_path / "static").glob("digits-*")} == {"digits-young.png", shown.name}


def test_where_no_picture_can_be_kept_it_is_sent_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(chart, "ROOT", tmp_path)
    monkeypatch.setattr(chart, "_tidy", full)
    address = sent_by(map_page)["sprite"]["address"]
    assert b64decode(address.removeprefix("data:image/png;base64,")).startswith(b"\x89PNG")


def test_only_what_is_selectable_offers_lasso_and_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart, "ROOT", tmp_path)
    selecting = {"lasso2d", "select2d"}
    assert selecting <= set(sent_by(page)["config"]["modeBarButtonsToRemove"])
    assert not selecting & set(sent_by(map_page)["config"]["modeBarButtonsToRemove"])


def test_what_was_selected_is_of_these_points_alone() -> None:
    state = {"selected": {"points": [4, 1], "revision": "these"}}
    assert chart._selected(state, "these") == [1, 4]
    assert chart._selected(state, "others") == []
    assert chart._selected({"selected": None}, "these") == chart._selected(None, "these") == []


def test_a_read_only_installation_lets_points_be_selected_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "static").write_text("in the way")
    monkeypatch.setattr(chart, "ROOT", tmp_path)
    app = AppTest.from_function(map_page).run()
    assert not app.exception
    assert len(app.get("plotly_chart")[0].proto.selection_mode) == 2
