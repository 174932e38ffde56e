"""The set that the bundled reader learns from is made on the command line."""

import pytest

from mnist_dash.data.reader_set import build
from mnist_dash.data.store import named_sets
from mnist_dash.settings import Settings
from tests.cli.conftest import Ask


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recipe that takes no minutes."""
    small = build.Recipe(redrawn=2, usual=2, even=2, broad=2, free=2, rare=2, renderings=1)
    monkeypatch.setattr(build, "Recipe", lambda: small)


def test_the_set_is_made_under_a_name(ask: Ask, with_data: Settings) -> None:
    said = ask("reader-set", "--name", "mine").out
    assert said.startswith("mine: 471 training and 200 test images from MNIST, MNIST redrawn, pen-stroke generator")
    assert named_sets.names(with_data) == ("mine",)


def test_the_set_is_told_to_other_programs(ask: Ask, with_data: Settings) -> None:
    assert ask("reader-set", "--name", "mine", "--seed", "2", "--json").json["origin"].endswith("seed 2")
    assert named_sets.names(with_data) == ("mine",)
