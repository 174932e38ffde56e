"""Models by others on Sketch: the card says what one needs, one button uses it so, and every answer follows."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.dataset import Dataset, Digits
from mnist_dash.models.registry.imported import find_imported, import_model, list_imported
from mnist_dash.store.database import Database
from mnist_dash.ui.shell import resources
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
