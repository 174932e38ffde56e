"""What models answer to stressed digits is asked once for all sessions, and of each model for itself."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st

from mnist_dash.arrays import Images, Probabilities
from mnist_dash.data.dataset import CLASSES
from mnist_dash.models.registry.answering import find_answering, identify
from mnist_dash.store.database import Database
from mnist_dash.ui.shell import resources
from mnist_dash.ui.stress.stressed_digits import ask

IMAGES = np.zeros((3, 28, 28), np.uint8)


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    """Nobody has answered yet."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def test_models_are_asked_once_and_each_for_itself(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def model(name: str, epoch: int | None) -> SimpleNamespace:
        assert epoch is None

        def probabilities(images: Images) -> Probabilities:
            asked.append(name)
            return np.full((len(images), CLASSES), len(asked), np.float32)

        return SimpleNamespace(probabilities=probabilities)

    monkeypatch.setattr(resources, "model", model)
    who = [find_answering(database, name) for name in ("reader", "cnn")]
    first, second = (ask(identify(each), IMAGES, each) for each in who)
    assert (first[0, 0], second[0, 0]) == (1, 2)
    assert ask(identify(who[0]), IMAGES.copy(), who[0]) is first
    assert ask(identify(who[0]), IMAGES + 1, who[0])[0, 0] == 3
    assert ask("run 1 of 0.0, epoch 2", IMAGES, who[1])[0, 0] == 4
    assert asked == ["reader", "cnn", "reader", "cnn"]
