"""Through the epochs on the page Models: a run that kept every model, your last sketch, and what others are told."""

import json

import numpy as np
import pytest

from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import read_bundled_file
from mnist_dash.models.registry.epoch_models import ask_every_epoch
from mnist_dash.runs.queries import kept_epochs_of
from mnist_dash.runs.records import ModelFormat
from mnist_dash.store.database import Database
from mnist_dash.ui.models.through_epochs import describe_settling
from tests.conftest import Commands
from tests.pages.conftest import Open, put
from tests.pages.models.test_models import Answer, answer  # noqa: F401 - a fixture
from tests.trained import trained

SEVEN = [(80, 60), (200, 60), (130, 230)]


@pytest.mark.parametrize(
    ("read", "words"),
    [
        ([7, 7, 7], "It has been read as **7** after every epoch"),
        ([1, 7, 7], "It is read as **7** since epoch 2"),
        ([7, 1, 7], "after epoch 2 it was read as 1"),
    ],
)
def test_it_is_told_since_when_it_is_read_so(read: list[int], words: str) -> None:
    assert words in describe_settling([1, 2, 3], np.eye(10, dtype=np.float32)[read])


def test_a_run_that_kept_two_models_says_how_to_keep_all(
    opened: Open,
    answer: Answer,  # noqa: F811
    database: Database,
) -> None:
    name = str(trained(database, RunSpec.of("cnn", "mnist"), litert=read_bundled_file("cnn")).id)
    answer(name)
    app = opened("models", model=name, model_view="epochs")
    assert "choose “Models kept: every epoch”" in app.info[0].value


@pytest.mark.training
def test_the_last_sketch_goes_through_the_epochs_of_a_run_that_kept_them(
    opened: Open,
    answer: Answer,  # noqa: F811
    database: Database,
    command: Commands,
) -> None:
    words = ("--epochs", "3", "--train-size", "300", "--hyperparameter", "kept_models=every_epoch", "--json")
    done = command("train", "dense_128", *words)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["epoch"] == 3
    assert kept_epochs_of(database, 1, ModelFormat.LITERT) == [1, 2, 3]
    epochs, shares = ask_every_epoch(database, 1, np.zeros((28, 28), np.uint8))
    assert epochs == [1, 2, 3]
    assert not np.array_equal(shares[0], shares[2])
    answer("1")
    app = opened("models", model="1", model_view="epochs")
    assert "Draw a digit on Sketch" in "".join(text.value for text in app.caption)
    put(app, SEVEN)
    assert not app.exception
    assert any(text.value.startswith(("It is read as", "It has been read as")) for text in app.markdown)
    app.button_group(key="epochs_of").set_value("mistake").run()
    assert any(text.value.startswith(("It is read as", "It has been read as")) for text in app.markdown)
