"""The page Models as a script: every view, what it says of a model, and what it shows where a model cannot answer."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.analysis.answers import ask_about, make_answers_key
from mnist_dash.analysis.evaluated_images import Part, take_part
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.data.store.results import ResultKind, find_result_file
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import read_bundled_file
from mnist_dash.models.registry.answering import find_answering, identify
from mnist_dash.models.registry.lookup import open_model
from mnist_dash.models.registry.votes import Vote, keep_vote, list_votes
from mnist_dash.runs import housekeeping
from mnist_dash.runs.records import Answers, EpochDetails, Run
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.ui.models import VIEWS
from mnist_dash.ui.shell import resources
from tests.awaiting import until
from tests.conftest import Commands
from tests.pages.conftest import Open
from tests.trained import trained

KEYS = {"mistakes": "mistakes", "confusion": "cell", "comparison": "disagreements"}
"""What the buttons beside the chosen image are called by, in each view."""
Answer = Callable[..., None]


@pytest.fixture
def answer(with_data: Settings, database: Database) -> Answer:
    """Keeps the answers of a model to a part of the small set, as the process does that a page sends for them."""

    def answer(name: str, part: Part = Part.TEST, divided_by: str | None = None) -> None:
        data = open_dataset(with_data)
        divider = find_answering(database, divided_by or name)
        asked = take_part(data, part, divider.run.spec if divider.run else None)
        key = make_answers_key(identify(find_answering(database, name)), data.sha256, asked)
        path = find_result_file(with_data, ResultKind.ANSWERS, key)
        path.write_bytes(ask_about(open_model(database, name), asked).to_npz())

    return answer


@pytest.fixture
def learnt(database: Database) -> Run:
    """A run that is done and answers as the bundled cnn does."""
    return trained(database, RunSpec.of("cnn", "mnist", validation_split=0.2), litert=read_bundled_file("cnn"))


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_shows_a_bundled_model(opened: Open, answer: Answer, view: str) -> None:
    answer("reader")
    answer("cnn")
    app = opened("models", model_view=view)
    assert not app.exception
    assert not app.error
    assert figures(app)["Wrong"].endswith(" of 200")
    # "> 99.9 %" at the beginning of a text would be taken for a quotation.
    assert [text.value for text in app.markdown if text.value.lstrip().startswith(">")] == []


def test_the_headline_is_the_evaluation(opened: Open, answer: Answer, with_data: Settings) -> None:
    answer("cnn")
    app = opened("models", model="cnn")
    data = open_dataset(with_data)
    answers = open_model(resources.database(), "cnn").probabilities(data.test.images)
    right = int((answers.argmax(axis=1) == data.test.labels).sum())
    assert figures(app)["Read right"] == f"{right / 200:.2%}".replace("%", " %")
    assert figures(app)["Wrong"] == f"{200 - right} of 200"


def test_a_model_that_was_never_asked_is_asked_in_a_process_of_its_own(opened: Open) -> None:
    app = opened("models", model="cnn")
    assert not app.metric
    (job,) = resources.background_commands()._by_key.values()
    assert until(lambda: job.ended)
    assert job.error is None
    app.run()
    assert figures(app)["Wrong"].endswith(" of 200")


def test_who_has_stopped_it_is_asked_before_it_goes_on(opened: Open) -> None:
    app = opened("models", model="cnn")
    ((key, job),) = resources.background_commands()._by_key.items()
    job.stop()
    assert until(lambda: job.ended)
    app.run()
    assert not app.metric
    app.button(key=f"ask_{key}").click().run()
    again = resources.background_commands().find(key)
    assert again is not None
    assert again is not job
    assert until(lambda: again.ended)
    app.run()
    assert figures(app)["Wrong"].endswith(" of 200")


def test_what_has_failed_is_told_once_and_then_asked_for_anew(
    opened: Open, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer("reader")
    app = opened("models", model="reader")
    # The set is gone when the process looks for it.
    monkeypatch.setenv("MNIST_DASH_DATA", "/nowhere")
    app.selectbox(key="model").select("cnn").run()
    ((key, job),) = resources.background_commands()._by_key.items()
    assert until(lambda: job.ended)
    app.run()
    assert "/nowhere" in app.error[0].value
    assert resources.background_commands().find(key) is None


def test_a_damaged_file_of_answers_is_asked_for_anew(opened: Open, answer: Answer, with_data: Settings) -> None:
    answer("cnn")
    (file,) = (with_data.home / ResultKind.ANSWERS).iterdir()
    file.write_bytes(file.read_bytes()[:100])
    app = opened("models", model="cnn")
    (job,) = resources.background_commands()._by_key.values()
    assert until(lambda: job.ended)
    app.run()
    assert figures(app)["Wrong"].endswith(" of 200")


def test_a_run_is_asked_about_test_validation_and_training_images(opened: Open, answer: Answer, learnt: Run) -> None:
    name = str(learnt.id)
    for part in Part:
        answer(name, part)
    counts = {}
    for part in Part:
        app = opened("models", model=name, images=part)
        assert app.segmented_control[0].options == ["Test", "Validation", "Training"]
        counts[part] = figures(app)["Wrong"].partition(" of ")[2]
    assert len(set(counts.values())) == 3


def test_a_run_that_learns_is_watched_on_train(opened: Open, running: Run) -> None:
    app = opened("models", model=str(running.id))
    assert "is still learning" in app.info[0].value
    assert not app.metric


def test_the_same_images_are_compared_as_the_first_models_run_divided_them(
    opened: Open, answer: Answer, learnt: Run
) -> None:
    name = str(learnt.id)
    answer(name, Part.VALIDATION)
    answer("cnn", Part.VALIDATION, divided_by=name)
    app = opened("models", model=name, images="validation", model_view="comparison", against="cnn")
    assert not app.error
    said = [text.value for text in app.markdown]
    assert f"Run {learnt.id} and cnn read the same images right." in said
    assert "They give the same answer to every image." in [text.value for text in app.caption]


def test_a_difference_is_told_in_words(opened: Open, answer: Answer, database: Database) -> None:
    guess = str(trained(database, RunSpec.of("random", "mnist"), scores=()).id)
    answer("reader")
    answer(guess)
    app = opened("models", model="reader", model_view="comparison", against=guess)
    assert any("chance alone hardly explains that" in text.value for text in app.markdown)


def test_the_most_frequent_mistake_is_the_cell_that_is_shown_first(
    opened: Open, answer: Answer, database: Database
) -> None:
    guess = str(trained(database, RunSpec.of("random", "mnist"), scores=()).id)
    answer(guess)
    app = opened("models", model=guess, model_view="confusion")
    cells = next(box for box in app.selectbox if box.label == "Cell")
    counts = [int(option.split()[-2]) for option in cells.options]
    mistakes = [option for option in cells.options if option[0] != option.split()[3][0]]
    assert cells.options[: len(mistakes)] == mistakes
    assert counts[: len(mistakes)] == sorted(counts[: len(mistakes)], reverse=True)
    assert cells.value == int(mistakes[0][0]) * 10 + int(mistakes[0].split()[3][0])


def test_the_card_says_in_plain_words_what_it_is(opened: Open, answer: Answer, learnt: Run) -> None:
    name = str(learnt.id)
    answer(name)
    app = opened("models", model=name, model_view="card")
    assert any("28 by 28 dots" in text.value for text in app.markdown)
    assert figures(app)["Parameters"] == "93,322"
    assert any("conv" in text.value and "26×26×32" in text.value for text in app.markdown)


def test_a_link_to_a_model_that_is_gone_shows_another(opened: Open, answer: Answer) -> None:
    answer("reader")
    app = opened("models", model="77")
    assert not app.exception
    assert app.selectbox[0].value == "reader"


def test_the_matrix_goes_through_the_epochs_of_a_run_on_validation_images(
    opened: Open, answer: Answer, database: Database
) -> None:
    told = [EpochDetails(matrix_of(wrong), Answers((), ()), ()) for wrong in (9, 6, 3)]
    spec = RunSpec.of("cnn", "mnist", validation_split=0.2)
    run = trained(database, spec, scores=(0.7, 0.8, 0.9), litert=read_bundled_file("cnn"), details=told)
    name = str(run.id)
    answer(name, Part.VALIDATION)
    app = opened("models", model=name, images="validation", model_view="confusion")
    assert app.select_slider[0].options == ["1", "2", "3"]
    assert app.select_slider[0].value == 3
    app.select_slider[0].set_value(2).run()
    said = [text.value for text in app.caption]
    assert "After epoch 2: 6 of 100 validation images are read wrong." in said
    assert "The images are those of epoch 3, whose model answers here." in said
    answer(name)
    app = opened("models", model=name, images="test", model_view="confusion")
    assert not app.select_slider
    assert "Choose validation images to see the matrix after each epoch." in [text.value for text in app.caption]


def matrix_of(wrong: int) -> tuple[tuple[int, ...], ...]:
    """A matrix of 100 images of which so many 4s are read as 9s."""
    counts = np.diag([10] * 10)
    counts[4, 4], counts[4, 9] = 10 - wrong, wrong
    return tuple(map(tuple, counts.tolist()))


@pytest.mark.parametrize("view", ["mistakes", "confusion", "comparison"])
def test_an_image_opens_in_sketch_read_by_the_same_model(
    opened: Open, answer: Answer, database: Database, view: str
) -> None:
    guess = str(trained(database, RunSpec.of("random", "mnist"), scores=()).id)
    answer("cnn")
    answer(guess)
    app = opened("models", model=guess, model_view=view, against="cnn")
    shown = next(text.value for text in app.markdown if text.value.startswith("Sure: "))
    app.button(key=f"sketch_{KEYS[view]}").click().run()
    assert not app.exception
    app.switch_page("pages/sketch.py").run()
    assert app.selectbox(key="model").value == guess
    assert app.button_group(key="way").value == "image"
    label = re.search(r"\*\*(\d)\*\*", shown)
    assert label
    assert any(f"test images, label {label[1]}." in text.value for text in app.caption)


@pytest.mark.slow
def test_what_a_model_likes_best_is_found_when_asked_for_and_kept(opened: Open, answer: Answer) -> None:
    answer("cnn")
    app = opened("models", model="cnn", model_view="inside")
    assert "Convolution 1: 32 filters of 3×3 weights." in [text.value for text in app.caption]
    (button,) = (button for button in app.button if button.label == "Find them")
    button.click().run()
    (job,) = resources.background_commands()._by_key.values()
    assert until(lambda: job.ended)
    assert job.error is None
    for _ in range(2):
        app = opened("models", model="cnn", model_view="inside")
        said = [text.value for text in app.caption]
        assert sum(text.startswith(tuple(f"{digit}: " for digit in range(10))) for text in said) == 10


@pytest.mark.training
def test_a_dense_layer_is_drawn_over_the_image(opened: Open, answer: Answer, command: Commands) -> None:
    assert command("train", "dense_128", "--epochs", "1", "--train-size", "200").returncode == 0
    answer("1")
    app = opened("models", model="1", model_view="inside")
    assert not app.exception
    assert "Dense 1: 64 of 128 units of 28×28 weights." in [text.value for text in app.caption]


def test_who_guesses_has_nothing_inside(opened: Open, answer: Answer, database: Database) -> None:
    guess = str(trained(database, RunSpec.of("random", "mnist"), scores=()).id)
    answer(guess)
    app = opened("models", model=guess, model_view="inside")
    assert "guesses and has no features" in app.info[0].value


def test_its_features_lead_to_the_map_with_mistakes_marked(opened: Open, answer: Answer) -> None:
    answer("cnn")
    app = opened("models", model="cnn", model_view="inside")
    app.button(key="features").click().run()
    assert not app.exception
    app.switch_page("pages/explore.py").run()
    assert not app.exception
    kept = {key: app.session_state[key] for key in ("view", "map_of", "map_tint")}
    assert kept == {"view": "map", "map_of": "cnn", "map_tint": "outcome"}


def test_models_vote_and_the_vote_is_a_model_like_any_other(opened: Open, answer: Answer, learnt: Run) -> None:
    answer("reader")
    answer("cnn")
    app = opened("models", model="reader", model_view="comparison")
    app.multiselect(key="voters_reader_cnn").set_value(["reader", "cnn", str(learnt.id)]).run()
    app.text_input(key="vote_name_reader_cnn_vote").set_value("three").run()
    app.button(key="let_vote").click().run()
    assert not app.error
    assert "three: reader, cnn and run 1" in [text.value for text in app.caption]
    answer("three")
    app = opened("models", model="three", model_view="card")
    assert not app.exception
    assert figures(app)["Wrong"].endswith(" of 200")
    assert any("3 models that vote" in text.value for text in app.markdown)
    assert any("| Run 1: Convolutional network | 93,322 |" in text.value for text in app.markdown)
    assert any(text.value.startswith("A vote has no layers of its own.") for text in app.caption)


def test_what_cannot_vote_is_said_and_nothing_is_kept(opened: Open, answer: Answer, database: Database) -> None:
    answer("reader")
    answer("cnn")
    app = opened("models", model="reader", model_view="comparison")
    app.text_input(key="vote_name_reader_cnn_vote").set_value("No such name").run()
    app.button(key="let_vote").click().run()
    assert "cannot be used for a model" in app.error[0].value
    assert list_votes(database) == []


def test_a_vote_that_lacks_a_member_says_so_and_can_be_deleted(
    opened: Open, answer: Answer, learnt: Run, database: Database
) -> None:
    answer("reader")
    answer("cnn")
    keep_vote(database, Vote("both", ("reader", str(learnt.id))))
    housekeeping.delete(database, [learnt.id])
    app = opened("models", model="reader", model_view="comparison")
    assert "both" not in app.selectbox(key="model").options
    assert any(text.value.startswith("The vote both lacks run 1, deleted since.") for text in app.caption)
    app.button(key="delete_vote_both").click().run()
    assert list_votes(database) == []
    assert not any("both" in text.value for text in app.caption)
