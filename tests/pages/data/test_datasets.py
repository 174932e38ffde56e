"""The page of data sets as a script: what is listed, and what may be deleted."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.data.io.discovery import Holdout
from mnist_dash.data.io.orientation import Orientation
from mnist_dash.data.io.sources import ReadingOptions
from mnist_dash.data.store import named_sets, staging
from mnist_dash.data.store.catalog import open_dataset
from mnist_dash.methods.spec import RunSpec
from mnist_dash.models.bundled import DEFAULT, load_bundled
from mnist_dash.runs import process, queue
from mnist_dash.runs.background_command import BackgroundCommand
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from mnist_dash.ui.data.import_wizard import Incoming
from tests.awaiting import deadline
from tests.data.samples import write_npz
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


def _staged(opened: Open, settings: Settings, digits: Digits, folder: Path, orientation: Orientation) -> AppTest:
    """The preview of digits, read as if they lay so."""
    write_npz(folder / "a.npz", digits)
    options = ReadingOptions(orientation=orientation)
    token = staging.stage(settings, [folder / "a.npz"], options, ask=load_bundled(DEFAULT).probabilities)
    app = opened("datasets")
    app.session_state["incoming"] = Incoming(folder, ("a.npz",), options, token=token)
    app.run()
    assert not app.exception
    assert not app.error
    return app


def test_digits_that_lie_are_offered_upright_with_pictures_of_before_and_after(
    opened: Open, with_data: Settings, calm: Digits, tmp_path: Path
) -> None:
    lying = Digits(calm.images.swapaxes(1, 2)[:100].copy(), calm.labels[:100])
    app = _staged(opened, with_data, lying, tmp_path, Orientation.AS_IS)
    assert app.info[0].value.startswith("These digits look transposed: the reader reads ")
    assert app.selectbox(key="orientation").value is Orientation.TRANSPOSED
    before, after = (picture.proto.imgs[0].url for picture in app.get("image")[-2:])
    assert before != after
    app.button(key="put_upright").click().run()
    assert not app.exception
    job = app.session_state["incoming"]
    assert (job.options.orientation, job.token) == (Orientation.TRANSPOSED, None)
    job.job.stop()


def test_upright_digits_are_shown_once_and_can_be_laid_otherwise(
    opened: Open, with_data: Settings, calm: Digits, tmp_path: Path
) -> None:
    app = _staged(opened, with_data, calm.take(slice(0, 100)), tmp_path, Orientation.AS_IS)
    assert not app.info
    assert len(app.get("image")) == 1
    assert app.selectbox(key="orientation").value is Orientation.AS_IS
    app.selectbox(key="orientation").set_value(Orientation.MIRRORED).run()
    assert len(app.get("image")) == 3
    assert app.button(key="put_upright").label == "Put them upright"


def test_what_is_too_little_to_hold_out_is_taken_for_training_whole_without_being_brought_again(
    opened: Open, calm: Digits, tmp_path: Path
) -> None:
    folder = tmp_path / "upload"
    folder.mkdir()
    write_npz(folder / "few.npz", calm.take(slice(0, 6)))
    app = opened("datasets")
    job = BackgroundCommand(process.make_command("import", str(folder / "few.npz"), "--stage", "--progress"))
    app.session_state["incoming"] = Incoming(folder, ("few.npz",), job=job)
    assert job.wait(deadline())
    assert "leaves no image for the test split" in app.run().error[0].value
    app.selectbox(key="holdout").set_value(Holdout.NONE)
    app.button(key="read_again").click().run()
    assert not app.exception
    assert app.session_state["incoming"].job.wait(deadline())
    app.run()
    assert not app.error
    assert "**6 training and 0 test digits** were understood." in [words.value for words in app.markdown]
    assert any("This set has no test images: all are for training." in words.value for words in app.caption)


def test_what_was_turned_can_be_turned_back(opened: Open, with_data: Settings, calm: Digits, tmp_path: Path) -> None:
    app = _staged(opened, with_data, calm.take(slice(0, 100)), tmp_path, Orientation.TURNED_LEFT)
    assert app.selectbox(key="orientation").value is Orientation.TURNED_LEFT
    app.selectbox(key="orientation").set_value(Orientation.AS_IS).run()
    assert not app.exception
    assert app.button(key="put_upright")
