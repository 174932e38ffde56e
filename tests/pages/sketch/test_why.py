"""Why: what is said of every kind of model, and that nothing is computed of it while another view is open."""

from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mnist_dash.analysis import attribution, counterfactual, neighbours, perturbations
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models import layers
from mnist_dash.models.bundled import DEFAULT
from mnist_dash.models.registry.votes import Vote, keep_vote
from mnist_dash.runs import queue
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.training.attempt import execute
from tests.awaiting import deadline
from tests.trained import begun, trained

Look = Callable[..., AppTest]


def sheet(model: str, view: str, blank: bool) -> None:
    """The views from near, of a 7 as the model reads it."""
    import numpy as np
    import streamlit as st

    from mnist_dash.sketch.mnist_preprocessing import preprocess
    from mnist_dash.sketch.pen import draw
    from mnist_dash.ui.shell.messages import explain_errors
    from mnist_dash.ui.sketch import views

    st.query_params["closer"] = view
    sketch = preprocess(draw([np.array([(80.0, 60.0), (200.0, 60.0), (130.0, 230.0)])], 280, 280, 20))
    with explain_errors():
        views.show(model, [] if blank or sketch is None else [sketch], 0)


@pytest.fixture
def look(with_data: Settings) -> Iterator[Look]:
    """Looks at a 7 from near, in a new server."""
    assert with_data.data
    st.cache_resource.clear()

    def look(model: str = DEFAULT, view: str = "why", blank: bool = False) -> AppTest:
        return AppTest.from_function(sheet, args=(model, view, blank), default_timeout=deadline()).run()

    yield look
    st.cache_resource.clear()


def texts(app: AppTest) -> str:
    """All that is said."""
    assert not app.exception
    assert not app.error
    return "\n".join(part.value for part in (*app.header, *app.caption, *app.markdown, *app.info))


def test_an_empty_sheet_has_no_why_but_a_hint(look: Look) -> None:
    assert "Here you see which parts of it speak for the answer" in texts(look(blank=True))


def test_an_answer_is_explained_in_words(look: Look) -> None:
    said = texts(look())
    assert "speaks most for 7." in said
    assert "Log-odds of 7: " in said
    assert "pixel" in said
    assert "and it reads" in said
    assert "nearest" in said
    assert "Their labels, the nearest first: " in said


def test_every_caption_with_a_number_explains_it(look: Look) -> None:
    app = look()
    numbered = [caption for caption in app.caption if any(map(str.isdigit, caption.value))]
    explained = [caption.value for caption in numbered if caption.help]
    assert len(explained) >= 5
    # The labels stand below the pictures that the heading above them explains.
    rest = [caption.value for caption in numbered if not caption.help and not caption.value.startswith(":material")]
    assert [text for text in rest if not text.startswith(("Their labels", "Channel"))] == []


def test_another_digit_can_be_asked_for(look: Look) -> None:
    app = look()
    app.selectbox(key="why_towards").select("1").run()
    assert "and it reads 1." in texts(app)
    app.selectbox(key="why_towards").select("7").run()
    assert "It reads 7 already." in texts(app)


def test_every_layer_can_be_looked_at(look: Look) -> None:
    app = look()
    layer = app.segmented_control(key="why_layer")
    assert layer.options[0] == "Convolution 1"
    assert layer.options[-1] == "Answer"
    for name in layer.options:
        app.segmented_control(key="why_layer").select(name).run()
        said = texts(app)
        assert f" of {name}" in said or "values, one for each" in said


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (perturbations, "perturb"),
        (attribution, "attribute"),
        (counterfactual, "find_smallest_edit"),
        (neighbours, "find_nearest"),
        (layers, "run_layers"),
    ],
)
def test_nothing_is_computed_while_another_view_is_open(
    look: Look, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError(name)

    monkeypatch.setattr(module, name, fail)
    assert "What the model sees" in texts(look(view="sees"))


def test_a_model_that_guesses_has_no_why(look: Look, database: Database) -> None:
    run = trained(database, RunSpec.of("random", "mnist"), scores=())
    assert f"Run {run.id} guesses at random and looks at nothing" in texts(look(str(run.id)))


def test_a_model_that_is_no_network_has_a_why_but_no_layers(
    look: Look, with_data: Settings, database: Database
) -> None:
    run = execute(with_data, database, queue.submit(database, RunSpec.of("nearest", "mnist")).id)
    said = texts(look(str(run.id)))
    assert "The smallest edit that changes it" in said
    assert "What each layer saw: this model is no network and has no layers." in said


def test_a_run_that_has_no_epoch_ready_is_waited_for(look: Look, database: Database, content: bytes) -> None:
    run, recorder = begun(database, RunSpec.of("cnn", "mnist"))
    assert f"Run {run.id} has no epoch that is ready to answer" in texts(look(str(run.id)))
    recorder.answering(1, content)
    assert "speaks most for 7." in texts(look(str(run.id)))


def test_a_newer_epoch_is_asked_anew(look: Look, database: Database, content: bytes) -> None:
    run, recorder = begun(database, RunSpec.of("cnn", "mnist"), scores=(0.8, 0.9))
    recorder.answering(1, content)
    assert "speaks most for 7." in texts(look(str(run.id)))
    recorder.answering(2, b"no model")
    app = AppTest.from_function(sheet, args=(str(run.id), "why", False), default_timeout=deadline()).run()
    assert not app.exception
    assert "This is no LiteRT model" in app.error[0].value


def test_digits_of_the_generator_stand_in_where_there_is_no_mnist(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MNIST_DASH_DATA")
    app = look()
    said = texts(app)
    assert "nearest" in said
    assert "generated" in app.warning[0].value


def test_neighbours_are_of_the_data_that_the_run_learnt_from_where_it_is_here(
    look: Look, database: Database, content: bytes
) -> None:
    run = trained(database, RunSpec.of("cnn", "gone"), litert=content)
    assert "Their labels, the nearest first: " in texts(look(str(run.id)))


def test_a_vote_has_a_why_but_no_layers(look: Look, database: Database) -> None:
    keep_vote(database, Vote("both", ("reader", "cnn")))
    said = texts(look("both"))
    assert "speaks most for 7." in said
    assert (
        "A vote has no layers of its own. Choose one of its members to see what its layers saw: reader or cnn." in said
    )
