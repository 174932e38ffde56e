"""The page Stress as a script: digits that are changed, models that are damaged, and what is said in words."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.analysis.nudges import write_directions
from mnist_dash.analysis.robustness import measure_robustness
from mnist_dash.arrays import Directions
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.data.store.results import ResultKind, find_result_file
from mnist_dash.data.stress.stresses import STRESSES, draw_digits, stress
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import load_bundled
from mnist_dash.models.damage import DAMAGES
from mnist_dash.models.registry.answering import find_answering
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.ui.components import tiles as component
from mnist_dash.ui.shell import resources
from mnist_dash.ui.stress import endurance, nudged_digits
from tests.drawn import SEVEN
from tests.pages.conftest import Open, put
from tests.trained import begun, trained


def words(app: AppTest) -> str:
    """All that is said."""
    assert not app.exception
    assert not app.error
    return "\n".join(part.value for part in (*app.header, *app.caption, *app.markdown, *app.info))


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.mark.parametrize("name", [name for name, kind in STRESSES.items() if not kind.aimed])
def test_digits_are_read_under_every_stress(opened: Open, with_data: Settings, name: str) -> None:
    app = opened("stress", stress=name)
    shown = draw_digits(open_dataset(with_data).test, 100)
    changed = stress(shown.images, name, STRESSES[name].usual)
    wrong = int((load_bundled("reader").probabilities(changed).argmax(axis=1) != shown.labels).sum())
    assert f"100 test digits, {wrong} of them read wrong by reader." in words(app)
    assert app.slider(key=f"amount_{name}").value == STRESSES[name].usual


def keep_directions(settings: Settings, name: str) -> Directions:
    """Keep directions for the digits on the screen as the command that finds them does."""
    data = open_dataset(settings)
    directions = np.sign(np.random.default_rng(0).standard_normal((100, 28, 28))).astype(np.int8)
    key = nudged_digits.make_key(find_answering(resources.database(), name), data, 100)
    find_result_file(settings, ResultKind.NUDGES, key).write_bytes(write_directions(directions))
    return directions


def test_a_nudge_is_aimed_at_the_first_model_and_every_model_reads_it(opened: Open, with_data: Settings) -> None:
    opened("stress", models="cnn,reader")
    directions = keep_directions(with_data, "cnn")
    app = opened("stress", models="cnn,reader", stress="nudge", amount="0.5")
    shown = draw_digits(open_dataset(with_data).test, 100)
    changed = stress(shown.images, "nudge", 0.5, directions=directions)
    wrong = int((load_bundled("cnn").probabilities(changed).argmax(axis=1) != shown.labels).sum())
    assert f"100 test digits, {wrong} of them read wrong by cnn." in words(app)
    assert app.button[-1].label == "Measure on 200 digits"


def test_a_nudge_is_looked_for_at_once_with_a_way_to_stop(opened: Open) -> None:
    app = opened("stress", models="cnn", stress="nudge")
    assert "100 test digits" not in words(app)
    assert "Asking cnn where a little ink misleads it most" in app.progress[0].text
    assert [button.label for button in app.button] == ["Stop"]


def test_a_run_that_learns_is_nudged_when_it_has_ended(opened: Open, database: Database, content: bytes) -> None:
    run, recorder = begun(database, RunSpec.of("cnn", "mnist"))
    recorder.answering(1, content)
    app = opened("stress", models=str(run.id), stress="nudge")
    assert "still learning: it can be nudged when it has ended." in words(app)


def test_the_slider_changes_the_digits_and_each_stress_remembers_its_amount(opened: Open) -> None:
    app = opened("stress", stress="invert", amount="0")
    assert app.slider(key="amount_invert").value == 0
    few = words(app)
    app.slider(key="amount_invert").set_value(1.0).run()
    assert words(app) != few
    app.selectbox(key="stress").set_value("blur").run()
    assert app.slider(key="amount_blur").value == STRESSES["blur"].usual
    app.selectbox(key="stress").set_value("invert").run()
    assert app.slider(key="amount_invert").value == 1.0
    assert app.query_params["amount"] == "1"


@pytest.mark.parametrize(("amount", "value"), [("9999", 90), ("12", 10), ("much", 30), ("-3", 30)])
def test_a_link_with_an_absurd_amount_gets_the_nearest_or_the_usual_one(opened: Open, amount: str, value: int) -> None:
    assert opened("stress", stress="rotate", amount=amount).slider(key="amount_rotate").value == value


@pytest.mark.parametrize("name", ["noise", "shrink", "cover"])
def test_every_amount_of_a_link_is_shown_as_it_is_written(opened: Open, name: str) -> None:
    step = STRESSES[name].step
    amount = f"{3 * step:g}"
    assert f"{opened('stress', stress=name, amount=amount).slider(key=f'amount_{name}').value}".rstrip("0.") == amount


def test_a_chosen_digit_is_seen_before_and_after_with_every_answer(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened("stress", models="cnn,reader")
    assert "cnn reads **" in words(app)
    assert "reader reads **" in words(app)
    monkeypatch.setattr(component, "_component", lambda **_given: type("Result", (), {"chosen": 3, "theme": None})())
    app.run()
    label = draw_digits(resources.datasets().dataset("mnist", lambda *_: None).test, 100).labels[3]
    assert f"Its label says **{label}**." in words(app)


def test_models_that_are_gone_from_a_link_are_passed_over_and_none_is_asked_for(opened: Open) -> None:
    assert opened("stress", models="cnn,gone").multiselect(key="models").value == ["cnn"]
    app = opened("stress")
    assert app.multiselect(key="models").value == ["reader", "cnn"]
    app.multiselect(key="models").set_value([]).run()
    assert "Choose a model that is to read the digits." in words(app)


def test_curves_are_measured_on_demand_and_found_again(opened: Open, with_data: Settings) -> None:
    app = opened("stress", models="cnn", stress="stripes")
    assert app.button[-1].label == "Measure on 200 digits"
    data = open_dataset(with_data)
    who = find_answering(resources.database(), "cnn")
    key = endurance.make_key([who], data, "stripes", 200)
    found = measure_robustness([load_bundled("cnn")], draw_digits(data.test, 200), "stripes")
    find_result_file(with_data, ResultKind.ROBUSTNESS, key).write_bytes(found.to_npz())
    app.run()
    assert "Of 200 test digits, with 95 % intervals." in words(app)
    assert not [button for button in app.button if button.label.startswith("Measure")]


def test_the_link_always_names_the_amount_of_the_kind_that_is_shown(opened: Open) -> None:
    app = opened("stress", lab="model", damage="prune", by="90")
    assert app.select_slider(key="by_prune").value == 90
    app.selectbox(key="damage").set_value("bits").run()
    assert app.query_params["by"] == f"{app.select_slider(key='by_bits').value:g}"
    app.select_slider(key="by_bits").set_value(2.0).run()
    assert (app.query_params["damage"], app.query_params["by"]) == ("bits", "2")
    app.selectbox(key="damage").set_value("prune").run()
    assert app.query_params["by"] == "90"
    assert opened("stress", lab="model", damage="bits", by="90").select_slider(key="by_bits").value == 32


def test_a_run_that_learns_is_measured_when_it_has_ended(opened: Open, database: Database, content: bytes) -> None:
    run, recorder = begun(database, RunSpec.of("cnn", "mnist"))
    recorder.answering(1, content)
    app = opened("stress", models=str(run.id))
    assert "A run here is still learning: measure when it has ended." in words(app)
    assert not [button for button in app.button if button.label.startswith("Measure")]


@pytest.mark.parametrize("name", DAMAGES)
def test_a_model_is_damaged_in_every_way_and_its_figures_follow(opened: Open, name: str) -> None:
    app = opened("stress", lab="model", model="cnn", damage=name)
    whole = figures(app)["Whole"]
    slider = app.select_slider(key=f"by_{name}")
    slider.set_value(DAMAGES[name].amounts[0]).run()
    assert figures(app)["Damaged, read right"] == whole
    app.select_slider(key=f"by_{name}").set_value(DAMAGES[name].amounts[-1]).run()
    assert float(figures(app)["Damaged, read right"].rstrip(" %")) < float(whole.rstrip(" %"))
    assert "Of 200 test digits" in words(app)


def test_the_last_drawing_is_read_by_the_damaged_network(opened: Open) -> None:
    app = opened("sketch")
    put(app, SEVEN)
    app.switch_page("pages/stress.py")
    app.query_params["lab"] = "model"
    app.run()
    assert "The damaged network reads **7**" in words(app)
    assert "There is none yet." in words(opened("stress", lab="model"))


def test_what_has_no_weights_or_no_epoch_is_said_in_words(opened: Open, database: Database) -> None:
    guess = trained(database, RunSpec.of("random", "mnist"), scores=())
    app = opened("stress", lab="model", model=str(guess.id))
    assert "guesses" in app.error[0].value
    run, _ = begun(database, RunSpec.of("cnn", "mnist"))
    app = opened("stress", lab="model", model=str(run.id))
    assert "no epoch is ready to answer yet" in words(app)
