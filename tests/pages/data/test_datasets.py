"""The page of data sets as a script: what is listed, and what may be deleted."""

import pytest

from mnist_dash.data.dataset import Dataset
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.pages.conftest import Open


@pytest.fixture
def mine(with_data: Settings) -> Dataset:
    """A named set."""
    whole = open_dataset(with_data)
    return named_sets.save(with_data, "mine", Dataset("mine", whole.train, whole.test, "somewhere"))


@pytest.mark.usefixtures("mine")
def test_every_set_is_listed_with_its_size_and_origin(opened: Open) -> None:
    said = " ".join(words.value for words in opened("datasets").caption)
    assert "500 training and 200 test images. From somewhere." in said


def test_a_set_that_nobody_has_opened_is_not_opened_to_list_it(opened: Open) -> None:
    assert any("Not read yet" in words.value for words in opened("datasets").caption)


@pytest.mark.usefixtures("mine")
def test_only_sets_that_were_brought_can_be_deleted(opened: Open, with_data: Settings) -> None:
    app = opened("datasets")
    assert [button.key for button in app.button if button.label == "Delete it"] == ["delete_mine"]
    app.button(key="delete_mine").click().run()
    assert not app.exception
    assert named_sets.names(with_data) == ()
    assert "delete_mine" not in [button.key for button in app.button]


@pytest.mark.usefixtures("mine")
def test_a_set_that_a_run_learns_from_is_kept_and_the_reason_said(
    opened: Open, with_data: Settings, database: Database
) -> None:
    run = queue.submit(database, RunSpec.of("random", "mine"))
    app = opened("datasets")
    app.button(key="delete_mine").click().run()
    assert f"Run {run.id} learns from 'mine'" in app.error[0].value
    assert named_sets.names(with_data) == ("mine",)
