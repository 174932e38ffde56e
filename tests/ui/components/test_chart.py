import json
from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from mnist_dash.settings import Settings
from mnist_dash.ui.components import chart
from mnist_dash.ui.shell import served
from tests.awaiting import deadline


def page() -> None:
    from plotly import graph_objects as go

    from mnist_dash.ui.components.chart import chart

    chart(go.Figure(go.Bar(y=[1, 2])), key="bars", height=240, alt="Two bars")


def test_a_chart_sends_figure_name_and_height() -> None:
    app = AppTest.from_function(page, default_timeout=deadline()).run()
    assert not app.exception
    sent = json.loads(app.get("bidi_component")[0].proto.json)
    assert (sent["alt"], sent["height"], sent["script"]) == ("Two bars", 240, served.plotly_js())
    assert json.loads(sent["figure"])["data"][0]["y"] == [1, 2]


def test_nothing_in_a_chart_leaves_the_machine() -> None:
    assert chart.CONFIG["showSendToCloud"] is False
    assert chart.CONFIG["plotlyServerURL"] == ""


def map_page() -> None:
    import numpy as np
    from plotly import graph_objects as go

    from mnist_dash.ui.components.chart import chart

    figure = go.Figure(go.Scattergl(x=[1, 2], y=[2, 1], customdata=[[0], [1]]), {"uirevision": "these"})
    images = np.arange(2 * 784, dtype=np.uint32).astype(np.uint8).reshape(2, 28, 28)
    chart(figure, key="map", height=240, alt="Two digits", thumbnails=images, selectable=True)


def sent_by(page: Callable[[], None]) -> dict[str, Any]:
    app = AppTest.from_function(page, default_timeout=deadline()).run()
    assert not app.exception
    data: dict[str, Any] = json.loads(app.get("bidi_component")[0].proto.json)
    return data


def test_the_picture_of_the_digits_is_sent_by_its_address(settings: Settings) -> None:
    sprite = sent_by(map_page)["sprite"]
    (picture,) = served.folder(settings.home).glob("digits-*.png")
    assert sprite == {"address": f"served/{picture.name}", "columns": 100, "side": 28}


def test_only_what_is_selectable_offers_lasso_and_box() -> None:
    selecting = {"lasso2d", "select2d"}
    assert selecting <= set(sent_by(page)["config"]["modeBarButtonsToRemove"])
    assert not selecting & set(sent_by(map_page)["config"]["modeBarButtonsToRemove"])


def test_what_was_selected_is_of_these_points_alone() -> None:
    state = {"selected": {"points": [4, 1], "revision": "these"}}
    assert chart._selected(state, "these") == [1, 4]
    assert chart._selected(state, "others") == []
    assert chart._selected({"selected": None}, "these") == chart._selected(None, "these") == []
