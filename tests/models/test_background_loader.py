"""Models are made ready in the background, one at a time and each once."""

import subprocess
import sys
from threading import Event

import pytest

from mnist_dash.errors import ModelError, UnreachableError
from mnist_dash.methods.fitted.random_guess import RandomGuess
from mnist_dash.models.background_loader import KEPT, BackgroundLoader
from mnist_dash.models.classifier import Classifier
from tests.awaiting import deadline


class Slowly:
    """Makes a model as soon as it is allowed to; counts how many are asked for, and how many are made at once."""

    def __init__(self) -> None:
        self.go, self.asked, self.at_once = Event(), list[str](), list[int]()
        self._now = 0

    def __call__(self, name: str, epoch: int | None) -> Classifier:
        self.asked.append(name)
        self._now += 1
        self.at_once.append(self._now)
        assert self.go.wait(deadline())
        self._now -= 1
        if name == "broken":
            raise ModelError(f"{name} cannot be read.")
        if name == "away" and self.asked == ["away"]:
            raise UnreachableError("The database cannot be reached now.")
        return RandomGuess(epoch or 0)


@pytest.fixture
def slowly() -> Slowly:
    """Nothing may be made yet."""
    return Slowly()


def test_whoever_asks_goes_on_and_has_it_later(slowly: Slowly) -> None:
    loader = BackgroundLoader(slowly)
    coming = loader.of("1", 2)
    assert not coming.done()
    slowly.go.set()
    assert isinstance(coming.result(deadline()), RandomGuess)
    assert loader.of("1", 2) is coming


def test_each_is_made_once_and_one_at_a_time(slowly: Slowly) -> None:
    loader = BackgroundLoader(slowly)
    coming = [loader.of(name, 1) for name in ("1", "2", "1", "3")]
    slowly.go.set()
    for one in coming:
        one.result(deadline())
    assert sorted(slowly.asked) == ["1", "2", "3"]
    assert slowly.at_once == [1, 1, 1]


def test_another_epoch_is_another_model(slowly: Slowly) -> None:
    slowly.go.set()
    loader = BackgroundLoader(slowly)
    assert loader.of("1", 1) is not loader.of("1", 2)


def test_what_fails_is_told_until_it_is_tried_again(slowly: Slowly) -> None:
    slowly.go.set()
    loader = BackgroundLoader(slowly)
    for _ in range(2):
        with pytest.raises(ModelError, match="broken cannot be read"):
            loader.of("broken", 1).result(deadline())
    assert slowly.asked == ["broken"]
    loader.forget("broken", 1)
    assert isinstance(loader.of("broken", 1).exception(deadline()), ModelError)
    assert slowly.asked == ["broken", "broken"]


def test_a_database_that_was_away_is_asked_again(slowly: Slowly) -> None:
    slowly.go.set()
    loader = BackgroundLoader(slowly)
    with pytest.raises(UnreachableError):
        loader.of("away", 1).result(deadline())
    assert isinstance(loader.of("away", 1).result(deadline()), RandomGuess)


def test_not_all_are_remembered_for_ever(slowly: Slowly) -> None:
    slowly.go.set()
    loader = BackgroundLoader(slowly)
    first = loader.of("0", 1)
    first.result(deadline())
    for number in range(1, KEPT + 1):
        loader.of(str(number), 1).result(deadline())
    assert loader.of("0", 1) is not first


def test_a_server_that_ends_waits_for_no_model() -> None:
    code = (
        "from threading import Event\n"
        "from mnist_dash.models.background_loader import BackgroundLoader\n"
        "loader = BackgroundLoader(lambda name, epoch: Event().wait())\n"
        "for name in '123': loader.of(name, 1)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=deadline())
