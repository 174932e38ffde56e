"""The page Models as a script: every view, what it says of a model, and what it shows where a model cannot answer."""

from collections.abc import Callable

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
from mnist_dash.runs.records import Run
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.ui.models import VIEWS
from mnist_dash.ui.shell import resources
from tests.awaiting import until
from tests.pages.conftest import Open
from tests.trained import trained

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
