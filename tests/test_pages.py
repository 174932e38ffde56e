"""Every page as a script: what it says in each of its states, without a browser."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue, supervisor
from mnist_dash.runs.database import Database
from mnist_dash.runs.history import run_of, runs_of
from mnist_dash.runs.journal import Journal
from mnist_dash.runs.records import Epoch, Figures, Run, State
from mnist_dash.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("home", "sketch", "explore", "train")

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests look at pages, not at processes: nothing is started."""
    monkeypatch.setattr(supervisor, "ensure", lambda _settings: None)


@pytest.fixture
def opened(with_data: Settings) -> Iterator[Open]:
    """Opens a page in a new session of a new server; `query` are the parameters of its link."""
    st.cache_resource.clear()

    def opened(page: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.switch_page(f"pages/{page}.py")
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    assert with_data.data
    yield opened
    st.cache_resource.clear()


@pytest.fixture
def finished(database: Database) -> Run:
    """A run that is done, with an accuracy of 91 %."""
    run = queue.submit(database, RunSpec.of("random", "mnist"))
    claimed = queue.claim(database, supervisor.THIS_MACHINE)
    assert claimed
    journal = Journal(database, claimed)
    journal.begin(450, 8)
    journal.end(State.DONE, {}, Figures(0.91, 0.88, 0.93, 200))
    return run_of(database, run.id)


def running(database: Database) -> Run:
    """A run in its second epoch."""
    queue.submit(database, RunSpec.of("dense_128", "mnist", epochs=4))
    run = queue.claim(database, supervisor.THIS_MACHINE)
    assert run
    journal = Journal(database, run)
    journal.begin(450, 8)
    journal.epoch(Epoch(1, 0.5, 0.8123, 0.4, 0.8456, 1.0), b"checkpoint")
    journal.phase("training")
    return run


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_without_an_error_and_with_a_title(opened: Open, page: str) -> None:
    app = opened(page)
    assert not app.exception
    assert not app.error
    assert app.title[0].value in {"MNIST Dash", page.capitalize()}


def test_an_empty_canvas_gives_no_answer_but_a_hint(opened: Open) -> None:
    app = opened("home")
    assert app.metric[0].value == "–"
    assert any("Draw a digit" in caption.value for caption in app.caption)


def test_home_tells_what_the_bundled_model_scored(opened: Open) -> None:
    assert any("93,322 parameters" in caption.value for caption in opened("home").caption)


def test_explore_counts_features_and_classes_of_the_data_set(opened: Open) -> None:
    figures = {metric.label: metric.value for metric in opened("explore").metric}
    assert figures["Training images"] == "500"
    assert figures["Test images"] == "200"
    assert figures["Features"] == "784"
    assert figures["Classes"] == "10"


def test_explore_shows_the_digit_split_and_image_of_its_link(opened: Open) -> None:
    app = opened("explore", sample_split="Test", sample_digit="3", test_image="7")
    assert app.selectbox(key="sample_digit").value == "3"
    assert app.number_input(key="test_image").value == 7
    assert app.number_input(key="test_image").label == "Image of the test split"


def test_each_split_keeps_its_own_image(opened: Open) -> None:
    app = opened("explore", training_image="450")
    app.segmented_control(key="sample_split").set_value("Test").run()
    assert app.number_input(key="test_image").value == 0
    app.segmented_control(key="sample_split").set_value("Training").run()
    assert app.number_input(key="training_image").value == 450


def test_an_image_beyond_the_split_is_not_looked_for(opened: Open) -> None:
    app = opened("explore", test_image="999999999", sample_split="Test")
    assert not app.exception
    assert app.number_input(key="test_image").value == 0


def test_the_link_names_the_run_that_is_shown(opened: Open, finished: Run) -> None:
    assert opened("train").query_params["run"] == str(finished.id)


@pytest.mark.parametrize("run", ["abc", "-1", "9" * 4_400])
def test_a_link_that_names_no_run_shows_the_newest(opened: Open, finished: Run, run: str) -> None:
    app = opened("train", run=run)
    assert not app.exception
    assert app.subheader[0].value.startswith(f"Run {finished.id}")


def test_train_invites_to_the_first_run(opened: Open) -> None:
    app = opened("train")
    assert any("No runs yet" in info.value for info in app.info)
    assert app.button[0].label == "Start training"


def test_start_queues_what_was_chosen_and_puts_it_into_the_link(opened: Open, database: Database) -> None:
    app = opened("train")
    app.selectbox(key="method").select("dense_128").run()
    app.number_input(key="dense_128_epochs").set_value(3).run()
    app.button[0].click().run()
    (run,) = runs_of(database)
    assert (run.spec.method, run.spec.epochs, run.state) == ("dense_128", 3, State.QUEUED)
    assert app.query_params["run"] == str(run.id)
    assert app.button(key="stop").label == "Stop"


def test_train_offers_no_start_for_a_batch_larger_than_what_is_left_to_learn(opened: Open) -> None:
    app = opened("train")
    app.number_input(key="cnn_batch_size").set_value(5_000).run()
    assert "choose a smaller batch" in app.error[0].value
    assert "Start training" not in [button.label for button in app.button]


@pytest.mark.parametrize("epochs", [0, -3, 1_001])
def test_values_beyond_the_widgets_limits_never_reach_a_run(opened: Open, database: Database, epochs: int) -> None:
    """The browser refuses them; a message made by hand finds the default in their place."""
    app = opened("train")
    app.number_input(key="cnn_epochs").set_value(epochs)
    app.button[0].click().run()
    (run,) = runs_of(database)
    assert run.spec.epochs == 5


def test_a_running_run_shows_its_figures_and_where_it_stands(opened: Open, database: Database) -> None:
    run = running(database)
    app = opened("train", run=str(run.id))
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Training accuracy"] == "81.23 %"
    assert figures["Held-out accuracy"] == "84.56 %"
    assert figures["Test accuracy"] == "–"
    assert "Epoch 2 of 4" in app.progress[0].text


def test_stop_asks_the_run_to_stop(opened: Open, database: Database) -> None:
    run = running(database)
    app = opened("train", run=str(run.id))
    app.button(key="stop").click().run()
    assert run_of(database, run.id).stop_requested
    assert app.progress[0].text == "Stopping"


def test_a_failed_run_shows_its_reason(opened: Open, database: Database) -> None:
    run = running(database)
    Journal(database, run).fail("The loss became NaN in epoch 2.")
    assert "The loss became NaN in epoch 2." in [error.value for error in opened("train").error]


def test_a_run_whose_process_was_killed_says_so(opened: Open, database: Database) -> None:
    run = running(database)
    queue.bury(database, run.id, run.attempt, "Its process was killed.")
    (info,) = opened("train").info
    assert "was killed" in info.value
    assert "to go on from there" in info.value


def test_a_link_to_a_run_that_is_not_there_shows_the_newest(opened: Open, finished: Run) -> None:
    app = opened("train", run="99")
    assert "There is no run 99" in app.warning[0].value
    assert app.subheader[0].value.startswith(f"Run {finished.id}")


def test_another_run_can_be_chosen(opened: Open, finished: Run, database: Database) -> None:
    newest = running(database)
    app = opened("train", run=str(newest.id))
    app.selectbox(key="chosen_run").select(finished.id).run()
    assert app.query_params["run"] == str(finished.id)
    assert app.subheader[0].value.startswith(f"Run {finished.id}")


def test_a_finished_run_can_answer_on_the_sketch_page(opened: Open, finished: Run) -> None:
    app = opened("sketch", model=str(finished.id))
    assert app.selectbox(key="model").value == str(finished.id)
    assert app.selectbox(key="model").options == [
        "Bundled: Convolutional network (99.18 %)",
        f"Run {finished.id}: Random guess (91.00 %)",
    ]


def test_a_data_folder_without_mnist_is_explained_and_can_be_looked_at_again(
    opened: Open, with_data: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MNIST_DASH_DATA", str(tmp_path))
    app = opened("explore")
    assert not app.exception
    assert str(tmp_path) in app.error[0].value
    monkeypatch.setenv("MNIST_DASH_DATA", str(replace(with_data).data))
    assert app.button(key="retry_data").label == "Look again"


def test_generated_digits_stand_in_under_a_banner(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MNIST_DASH_DATA")
    app = opened("explore")
    assert "generated" in app.warning[0].value
    assert "MNIST_DASH_DATA" in app.warning[0].value


def test_a_home_that_cannot_be_written_is_explained(
    opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MNIST_DASH_HOME", str(tmp_path / "file"))
    app = opened("train")
    assert not app.exception
    assert "MNIST_DASH_HOME" in app.error[0].value


def test_a_setting_that_is_not_allowed_is_explained(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_DASH_SLOTS", "none")
    assert "MNIST_DASH_SLOTS" in opened("train").error[0].value


def test_start_takes_what_was_typed_just_before(opened: Open, database: Database) -> None:
    app = opened("train")
    app.number_input(key="cnn_epochs").set_value(7)
    app.button[0].click().run()
    (run,) = runs_of(database)
    assert run.spec.epochs == 7
