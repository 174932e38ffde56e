"""Methods that are no networks on the pages: what they have is shown, and what they have not is not."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.runs.records import Run
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.training.attempt import execute
from tests.pages.conftest import Open
from tests.trained import trained


@pytest.fixture
def fitted(with_data: Settings, database: Database) -> Run:
    """A run of nearest neighbours that is done."""
    return execute(with_data, database, queue.submit(database, RunSpec.of("nearest", "mnist")).id)


def _labels(app: AppTest) -> set[str]:
    kinds = ("number_input", "selectbox", "select_slider", "segmented_control", "button", "metric", "expander")
    return {str(getattr(widget, "label", "")) for kind in kinds for widget in app.get(kind)}


def _said(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption)


@pytest.mark.parametrize(
    ("method", "own"),
    [
        ("nearest", {"Neighbours", "Votes"}),
        ("logistic", {"C", "Iterations"}),
        ("forest", {"Trees", "Smallest leaf"}),
        ("svm", {"C", "Gamma"}),
    ],
)
def test_the_form_has_the_methods_hyperparameters_and_no_others(opened: Open, method: str, own: set[str]) -> None:
    app = opened("train", method=method)
    assert own | {"Training images", "Validation", "Seed", "Start training", "As scikit-learn code"} <= _labels(app)
    assert not {"Epochs", "Batch size", "Dropout", "Rotation", "One epoch at a time"} & _labels(app)
    assert "450 images, 50 for validation. About " in _said(app)
    next(button for button in app.button if button.label == "As scikit-learn code").click().run()
    assert "from sklearn." in app.code[0].value


def test_a_run_is_shown_with_one_result_its_answers_and_no_curves(opened: Open, fitted: Run) -> None:
    app = opened("train", run=str(fitted.id))
    assert not app.exception
    assert fitted.score is not None
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics["Training images"] == "450"
    assert metrics["Test accuracy"].startswith(f"{100 * fitted.score.accuracy:.0f}"[:1])
    assert ". Fitted in " in _said(app)
    assert " Kept in " in _said(app)
    assert "Confusion matrix, after the fit" in _said(app)
    assert not {"Curves", "Train further", "Pause", "After epoch", "Learning rate and speed"} & _labels(app)


def test_runs_says_which_have_no_curve_and_compares_their_accuracies(
    opened: Open, fitted: Run, database: Database
) -> None:
    network = trained(database, RunSpec.of("dense_128", "mnist"))
    app = opened("runs", runs=str(fitted.id))
    assert not app.exception
    assert "Curve" not in _labels(app)
    app = opened("runs", runs=f"{fitted.id},{network.id}")
    assert not app.exception
    assert "Curve" in _labels(app)
    assert f"Without a curve, since their methods have no epochs: {fitted.id}." in _said(app)
