"""Pages whose database's server is away say so, and show everything again when it is back."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.runs.records import Run
from tests.pages.conftest import Open
from tests.postgres import PASSWORD, Server

pytestmark = pytest.mark.on_postgresql


@pytest.mark.parametrize("page", ["runs", "train", "own_digits"])
def test_a_page_says_that_it_is_away_and_goes_on_when_it_is_back(
    opened: Open, away: Server, finished: Run, page: str
) -> None:
    _assert_whole(opened(page))
    away.stop()
    app = opened(page)
    assert not app.exception
    assert "cannot be reached now" in app.error[0].value
    assert PASSWORD not in app.error[0].value
    away.start()
    app = opened(page)
    _assert_whole(app)
    assert page != "runs" or app.dataframe[0].value["run"].tolist() == [finished.id]


def _assert_whole(app: AppTest) -> None:
    assert (list(app.exception), list(app.error)) == ([], [])


def test_a_page_that_is_opened_meanwhile_is_whole_later(opened: Open, away: Server) -> None:
    away.stop()
    app = opened("runs")
    assert not app.exception
    assert "cannot be reached now" in app.error[0].value
    away.start()
    _assert_whole(app.run())
