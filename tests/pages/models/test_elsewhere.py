"""The view Elsewhere as a script: who reads what, what is asked by one button, and the images of a cell."""

from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.analysis.answers import ModelAnswers, ask_about, make_answers_key
from mnist_dash.analysis.elsewhere import choose_part
from mnist_dash.analysis.evaluated_images import take_part
from mnist_dash.cli import parser
from mnist_dash.data.checksums import checksums
from mnist_dash.data.dataset import Dataset
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.data.store.results import ResultKind, find_result_file
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import load_bundled, read_bundled_file
from mnist_dash.models.registry.answering import find_answering, identify
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.ui.shell import resources
from tests.awaiting import until
from tests.pages.conftest import Open
from tests.trained import trained

Answer = Callable[..., None]


@pytest.fixture
def answer(with_data: Settings, database: Database) -> Answer:
    """Keeps the answers of a model to sets, as the process does that the page sends for them."""

    def answer(name: str, *sets: str, model: str = "", wrong: int | None = None) -> None:
        for of_set in sets:
            data = open_dataset(with_data, of_set)
            asked = take_part(data, choose_part(data))
            answers = ask_about(load_bundled(model or name), asked)
            if wrong is not None:
                shares = np.eye(10, dtype=np.float32)[answers.labels]
                shares[answers.labels == wrong] = np.eye(10, dtype=np.float32)[(wrong + 1) % 10]
                answers = ModelAnswers(shares, answers.labels, answers.index)
            key = make_answers_key(identify(find_answering(database, name)), data.sha256, asked)
            find_result_file(with_data, ResultKind.ANSWERS, key).write_bytes(answers.to_npz())

    return answer


@pytest.fixture
def people(with_data: Settings) -> Dataset:
    """A set of people's digits that has no test images."""
    mnist = open_dataset(with_data)
    none = mnist.test.take(slice(0))
    alone = Dataset("people", mnist.train, none, "people", sha256=checksums(mnist.train, none))
    return named_sets.save(with_data, "people", alone)


def texts(app: AppTest) -> list[str]:
    return [text.value for text in (*app.caption, *app.markdown, *app.success)]


def cell(app: AppTest) -> list[str]:
    """What there is to choose from, the worst first."""
    return [str(option) for box in app.selectbox if box.label == "Cell" for option in box.options]


@pytest.mark.usefixtures("people")
def test_what_was_not_read_yet_is_asked_by_one_button_and_kept(opened: Open, answer: Answer) -> None:
    answer("cnn", "mnist")
    app = opened("models", model="cnn", model_view="elsewhere")
    assert any("Not read yet by cnn: Optdigits (Turkey), people." in text for text in texts(app))
    assert len(cell(app)) == 10
    (button,) = (button for button in app.button if button.label == "Read them")
    button.click().run()
    (job,) = resources.background_commands()._by_key.values()
    assert until(lambda: job.ended)
    assert job.error is None
    app.run()
    assert not any("Not read yet" in text for text in texts(app))
    assert len(cell(app)) == 30
    assert not opened("models", model="cnn", model_view="elsewhere").exception


def test_what_has_failed_is_told_and_hides_nothing_of_what_is_known(
    opened: Open, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer("cnn", "mnist")
    app = opened("models", model="cnn", model_view="elsewhere")
    # The process refuses to begin.
    monkeypatch.setenv("MNIST_DASH_SLOTS", "many")
    next(button for button in app.button if button.label == "Read them").click().run()
    (job,) = resources.background_commands()._by_key.values()
    assert until(lambda: job.ended)
    app.run()
    assert "MNIST_DASH_SLOTS is 'many'" in app.error[0].value
    assert len(cell(app)) == 10
    app.run()
    assert not app.error
    assert any("Not read yet by cnn" in text for text in texts(app))


def test_the_worst_cell_comes_first_and_its_images_are_shown(opened: Open, answer: Answer) -> None:
    answer("cnn", "mnist")
    answer("cnn", "optdigits", wrong=1)
    app = opened("models", model="cnn", model_view="elsewhere")
    assert cell(app)[0] == "Optdigits (Turkey), 1: 0 of 182 read right"
    assert "182 images of 1 in Optdigits (Turkey) are read wrong." in texts(app)
    assert any(text.startswith("cnn reads the 1s of Optdigits (Turkey) worst: 0.0 %, and") for text in texts(app))
    next(box for box in app.selectbox if box.label == "Cell").select(10).run()
    assert "Every 0 of Optdigits (Turkey) is read right." in texts(app)


def test_all_mistakes_of_a_set_are_a_press_away(opened: Open, answer: Answer) -> None:
    answer("cnn", "mnist")
    answer("cnn", "optdigits", wrong=1)
    app = opened("models", model="cnn", model_view="elsewhere")
    app.button(key="set_mistakes").click().run()
    app.switch_page("pages/models.py").run()
    assert not app.exception
    assert "182 of 1,797 images are read wrong." in texts(app)


@pytest.mark.usefixtures("people")
def test_what_a_run_has_learnt_from_is_said(opened: Open, answer: Answer, database: Database) -> None:
    spec = RunSpec.of("cnn", "people", validation_split=0.2)
    run = str(trained(database, spec, litert=read_bundled_file("cnn")).id)
    answer(run, "mnist", "optdigits", "people", model="cnn")
    app = opened("models", model=run, model_view="elsewhere")
    assert f"Run {run} has learnt from people: no test of it." in texts(app)


def test_other_models_read_beside_it_and_the_link_names_them(opened: Open, answer: Answer) -> None:
    for name in ("cnn", "reader"):
        answer(name, "mnist", "optdigits")
    app = opened("models", model="cnn", model_view="elsewhere", also="reader,cnn,nobody")
    assert app.multiselect(key="also").value == ["reader"]
    assert not app.exception
    app.multiselect(key="also").set_value([]).run()
    assert "also" not in app.query_params


def test_the_same_images_under_another_name_are_left_out(opened: Open, answer: Answer, with_data: Settings) -> None:
    named_sets.save(with_data, "again", open_dataset(with_data))
    answer("cnn", "mnist", "optdigits")
    app = opened("models", model="cnn", model_view="elsewhere")
    assert "again is left out: its images are those of MNIST." in texts(app)
    assert len(cell(app)) == 20


@pytest.mark.usefixtures("people")
def test_a_damaged_set_is_left_out_and_damaged_answers_are_asked_for_anew(
    opened: Open, answer: Answer, with_data: Settings
) -> None:
    answer("cnn", "mnist", "optdigits")
    (named_sets.folder_of(with_data, "people") / "train_labels.npy").unlink()
    for file in (with_data.home / ResultKind.ANSWERS).iterdir():
        content = file.read_bytes()
        if len(content) > 50_000:  # those to optdigits
            file.write_bytes(content[:100])
    app = opened("models", model="cnn", model_view="elsewhere")
    assert any(text.startswith("people is left out: The data set 'people' is damaged") for text in texts(app))
    assert any("Not read yet by cnn: Optdigits (Turkey)." in text for text in texts(app))


def test_whose_digits_are_to_be_had_is_said_with_licence_and_command(opened: Open, answer: Answer) -> None:
    answer("cnn", "mnist", "optdigits")
    app = opened("models", model="cnn", model_view="elsewhere")
    (table,) = (text for text in texts(app) if text.startswith("| Data set "))
    for title in ("ARDIS, set IV", "USPS", "Semeion", "UNIPEN", "Optdigits"):
        assert f"[{title}" in table
    (code,) = (block.value for block in app.code)
    asked = [parser().parse_args(line.split()[1:]) for line in code.splitlines() if line[0] != "#"]
    assert [options.name for options in asked] == ["ardis", "usps", "semeion", "ours"]
