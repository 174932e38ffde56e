"""The page Methods as a script: claims beside what was measured, and the way to try each."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.data.store import named_sets
from mnist_dash.methods.claims import CLAIMS
from mnist_dash.methods.measured import read_record
from mnist_dash.settings import Settings
from mnist_dash.ui.methods import details
from mnist_dash.ui.methods.costs import COSTS
from mnist_dash.words import percent
from tests.pages.conftest import Open


def words(app: AppTest) -> str:
    """All that is said."""
    assert not app.exception
    assert not app.error
    return "\n".join(part.value for part in (*app.header, *app.caption, *app.markdown))


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_stands_beside_what_was_measured(opened: Open, name: str) -> None:
    app, claim = opened("methods", claim=name), CLAIMS[name]
    assert claim.title in words(app)
    said = "–" if claim.accuracy is None else percent(claim.accuracy)
    measured = percent(read_record().measured[name].mean_test_accuracy)
    assert figures(app) == {"Its source says": said, "Measured here": measured}


def test_the_table_has_a_row_for_every_claim_with_its_curve(opened: Open) -> None:
    table = opened("methods").dataframe[0].value
    assert table["title"].tolist() == [claim.title for claim in CLAIMS.values()]
    row = table[table["title"] == CLAIMS["cnn"].title].iloc[0]
    found = read_record().measured["cnn"]
    assert row["measured"] == pytest.approx(100 * found.mean_test_accuracy)
    assert list(row["curve"]) == pytest.approx([100 * accuracy for accuracy in found.curve])


@pytest.mark.parametrize("cost", COSTS)
def test_accuracy_is_set_against_every_cost(opened: Open, cost: str) -> None:
    app = opened("methods", cost=cost)
    assert COSTS[cost].explained in words(app)  # type: ignore[index]
    assert ("Rings are figures that others published" in words(app)) is (cost == "parameters")


def test_a_link_to_no_claim_shows_the_first(opened: Open) -> None:
    assert CLAIMS["cnn"].title in words(opened("methods", claim="gone", cost="gold"))


@pytest.mark.parametrize(("said", "judged"), [(0.95, "less than"), (0.85, "more than"), (0.905, "agrees with")])
def test_whether_a_claim_holds_is_said_in_words(said: float, judged: str) -> None:
    assert judged in details._compare(said, 0.90, 0.91)


def test_a_claim_is_tried_with_its_settings(opened: Open) -> None:
    app = opened("methods", claim="functional_4_adam")
    next(button for button in app.button if button.label == "Train it").click().run()
    assert not app.exception
    assert app.title[0].value == "Train"
    assert app.selectbox(key="method").value == "functional_4"
    assert next(box for box in app.selectbox if box.label == "Optimizer").value == "adam"


def test_one_of_each_makes_its_set_of_ten_images_once(opened: Open, with_data: Settings) -> None:
    for _ in range(2):
        app = opened("methods", claim="one_instance")
        next(button for button in app.button if button.label == "Train it").click().run()
        assert not app.exception
        assert app.title[0].value == "Train"
        assert app.query_params["data"] == "one-of-each"
    assert len(named_sets.open_set(with_data, "one-of-each").train) == 10


def test_the_code_of_a_network_of_the_functional_api_is_written_with_it(opened: Open) -> None:
    app = opened("methods", claim="functional_5")
    next(button for button in app.button if button.label == "As Keras code").click().run()
    assert "model = keras.Model(inputs, outputs)" in app.code[0].value
