"""Models by others on Sketch: the card says what one needs, one button uses it so, and every answer follows."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.escaping import escape_markdown
from mnist_dash.models.registry.imported import find_imported, import_model, list_imported, list_unreadable
from mnist_dash.models.registry.model_options import list_model_options
from mnist_dash.settings import Settings
from mnist_dash.store import tables
from mnist_dash.store.database import Database
from mnist_dash.ui.shell import resources
from tests.awaiting import deadline
from tests.pages.conftest import Open


@pytest.fixture
def images(small: Digits) -> Digits:
    """Digits whose rows and columns are exchanged."""
    return replace(small, images=np.ascontiguousarray(small.images.transpose(0, 2, 1)))


@pytest.fixture
def friend(database: Database, tmp_path: Path, content: bytes, images: Digits) -> str:
    """A model that reads other digits than these, and would read these transposed."""
    path = tmp_path / "friend.tflite"
    path.write_bytes(content)
    import_model(database, path, "friend", Dataset("turned", images, images.take(slice(0)), "a test"))
    return "friend"


def test_the_card_offers_a_preparation_and_one_button_uses_it(
    opened: Open, database: Database, friend: str, images: Digits
) -> None:
    app = opened("sketch", model=friend)
    assert not app.exception
    assert app.selectbox(key="model").value == friend
    assert any("With another preparation it reads" in c.value and "transposed" in c.value for c in app.caption)
    before = resources.model(friend, None).probabilities(images.images[:100])
    app.button(key="prepare_friend").click().run()
    assert not app.exception
    found = find_imported(database, friend)
    assert found is not None
    assert found.prepared
    assert any(c.value.startswith("Prepared: values from 0 to 1, transposed") for c in app.caption)
    answers = resources.model(friend, None).probabilities(images.images[:100])
    right = [float((given.argmax(axis=1) == images.labels[:100]).mean()) for given in (before, answers)]
    assert right[0] < 0.6
    assert right[1] > 0.8
    assert app.button(key="prepare_friend").label == "Use it as it is"


def test_a_model_is_deleted_and_another_answers(opened: Open, database: Database, friend: str) -> None:
    app = opened("sketch", model=friend)
    app.button(key="delete_friend").click().run()
    assert not app.exception
    assert list_imported(database) == []
    assert app.selectbox(key="model").value != friend


def test_a_damaged_record_is_said_on_its_card_alone_and_can_be_deleted(
    opened: Open, database: Database, friend: str, tmp_path: Path, small: Digits
) -> None:
    import_model(database, tmp_path / "friend.tflite", "whole", Dataset("mine", small, small.take(slice(0)), "a test"))
    with database.write() as connection:
        table = tables.imported_models
        connection.execute(update(table).where(table.c.name == friend).values(record='{"name": "frie'))
    app = opened("sketch", model=friend)
    assert not app.exception
    assert not app.error
    assert app.selectbox(key="model").options == [*list_model_options([], list_imported(database)).values()]
    assert [box.label for box in app.expander if "others" in box.label] == ["Models by others (2)"]
    assert [words.value for words in app.warning] == [escape_markdown(list_unreadable(database)[0].reason)]
    assert {button.key for button in app.button} >= {"delete_friend", "delete_whole"}
    app.button(key="delete_friend").click().run()
    assert not app.exception
    assert not app.warning
    assert [record.name for record in list_imported(database)] == ["whole"]


def test_a_file_is_uploaded_looked_at_and_kept_under_its_name(
    opened: Open, database: Database, content: bytes, with_data: Settings
) -> None:
    app = opened("sketch")
    assert app.button(key="add_model").disabled
    app.file_uploader(key="model_upload_0").upload("My Friend.tflite", content, "application/octet-stream").run()
    name = app.text_input(key="model_name_0_my-friend")
    assert name.value == "my-friend"
    app.button(key="add_model").click().run()
    assert not app.exception
    assert not app.error
    assert app.session_state["incoming_model"].job.wait(deadline())
    app.run()
    assert not app.exception
    assert [words.value for words in app.success] == ["my-friend is here now: choose it above."]
    (record,) = list_imported(database)
    assert (record.name, record.file, record.kind) == ("my-friend", "My Friend.tflite", "LiteRT")
    assert "my-friend" in [option.removeprefix("Imported: ").partition(" (")[0] for option in model_names(app)]
    assert list((with_data.home / "incoming").iterdir()) == []
    app.button(key="another_model").click().run()
    assert app.button(key="add_model").disabled


def test_a_file_that_is_no_model_leaves_its_reason(opened: Open, database: Database) -> None:
    app = opened("sketch")
    app.file_uploader(key="model_upload_0").upload("a.tflite", b"no model", "application/octet-stream").run()
    app.button(key="add_model").click().run()
    assert app.session_state["incoming_model"].job.wait(deadline())
    app.run()
    assert not app.exception
    assert app.error[0].value.startswith("a.tflite")
    assert list_imported(database) == []


def model_names(app: AppTest) -> list[str]:
    """What can be chosen to answer."""
    return list(app.selectbox(key="model").options)
