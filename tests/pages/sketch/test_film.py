"""As it was drawn: the view of a drawing while it came about, and what stands there where there is none."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.methods.spec import RunSpec
from mnist_dash.sketch.traces import Drawing
from mnist_dash.store.database import Database
from mnist_dash.ui.components import film as component
from tests.drawn import ONE, SEVEN
from tests.pages.conftest import Open, put
from tests.trained import begun


def words(app: AppTest) -> str:
    """All that is said."""
    assert not app.exception
    assert not app.error
    return "\n".join(part.value for part in (*app.header, *app.caption))


def test_an_empty_sheet_and_a_photo_have_no_film_but_a_hint(opened: Open) -> None:
    app = opened("sketch", closer="drawn")
    assert "As it was drawn" in words(app)
    assert "Draw a digit on the sheet, and see here how the answer came about" in words(app)


def test_a_drawing_is_read_at_every_moment(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[int, int, tuple[int, ...], list[str]]] = []

    def film(_key: str, _drawing: Drawing, width: int, points: list[int], *rest: Any) -> None:  # noqa: ANN401
        shown.append((width, points[-1], rest[0].shape, rest[1]))

    monkeypatch.setattr(component, "film", film)
    app = put(opened("sketch", closer="drawn"), SEVEN)
    assert "Each line is the probability of one digit" in words(app)
    assert shown[-1][:3] == (280, 3, (3, 28, 28))
    assert shown[-1][3][-1].startswith("It reads 7. Sure: ")
    app.button_group(key="paper_0").set_value("number").run()
    assert [width for width, *_ in shown] == [280, 840]


def test_of_two_digits_the_chosen_one_has_the_film(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[list[str]] = []
    monkeypatch.setattr(component, "film", lambda *of: told.append(of[5]))
    left, right = [(x // 2, y // 2 + 60) for x, y in SEVEN], [(x // 2 + 140, y // 2 + 60) for x, y in ONE]
    app = put(opened("sketch", closer="drawn"), left, right)
    assert told[-1][-1].startswith("It reads 7.")
    app.button_group(key="digit_of_2").set_value(1).run()
    assert told[-1][-1].startswith("It reads 1.")


def test_a_run_without_an_epoch_has_no_film_yet(opened: Open, database: Database) -> None:
    run, _ = begun(database, RunSpec.of("cnn", "mnist"))
    app = put(opened("sketch", model=str(run.id), closer="drawn"), SEVEN)
    assert "No epoch is ready to answer yet." in words(app)
