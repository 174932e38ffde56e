"""A data set that downloads holds up those who want it and nobody else."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from mnist_dash.data.dataset import Dataset
from mnist_dash.data.progress import silent
from mnist_dash.data.store import named_sets
from mnist_dash.settings import Settings
from mnist_dash.ui.shell.open_datasets import OpenDatasets
from tests.awaiting import deadline, until
from tests.data.samples import SmallSet


class Held:
    """A report that keeps the opening of a data set waiting, as a slow download does."""

    def __init__(self) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()

    def __call__(self, _text: str, _share: float) -> None:
        self.began.set()
        assert self.go_on.wait(deadline())


@pytest.fixture
def local(settings: Settings, small: SmallSet, tmp_path: Path) -> Settings:
    """Settings whose MNIST is the small set, with a named set beside it."""
    with_data = replace(settings, data=small.write_npz(tmp_path / "mnist.npz"))
    named_sets.save(with_data, "mine", Dataset(name="mine", train=small.train, test=small.test, origin="here"))
    return with_data


@pytest.fixture
def small() -> SmallSet:
    """A set like MNIST, but small."""
    return SmallSet()


def opening(datasets: OpenDatasets, held: Held, found: list[Dataset]) -> threading.Thread:
    """A session that opens MNIST and is held in the middle."""
    thread = threading.Thread(target=lambda: found.append(datasets.dataset("mnist", held)))
    thread.start()
    assert held.began.wait(deadline())
    return thread


def test_other_sets_open_and_are_forgotten_while_one_downloads(local: Settings) -> None:
    datasets, held, found = OpenDatasets(local), Held(), list[Dataset]()
    first = opening(datasets, held, found)
    done: list[str] = []

    def other() -> None:
        done.append(datasets.dataset("mine", silent).name)
        datasets.forget("mine")
        datasets.forget("mnist")
        done.extend(datasets.names())

    second = threading.Thread(target=other)
    second.start()
    second.join(deadline() / 3)
    waited = second.is_alive()
    held.go_on.set()
    first.join(deadline())
    second.join(deadline())
    assert not waited
    assert done == ["mine", "mnist", "generated", "optdigits", "mine"]
    assert not datasets.holds("mnist"), "it was forgotten while it was opened"
    assert len(found) == 1


def test_sessions_that_want_the_same_set_share_one_opening_and_its_progress(local: Settings) -> None:
    datasets, held, found = OpenDatasets(local), Held(), list[Dataset]()
    first = opening(datasets, held, found)
    told: list[str] = []
    second = threading.Thread(
        target=lambda: found.append(datasets.dataset("mnist", lambda text, _share: told.append(text)))
    )
    second.start()
    until(lambda: told)
    held.go_on.set()
    for thread in (first, second):
        thread.join(deadline())
    assert found[0] is found[1]
    assert set(told) == {f"Reading {local.data}"}


def test_whoever_waits_can_stop_waiting(local: Settings) -> None:
    datasets, held, found = OpenDatasets(local), Held(), list[Dataset]()
    first = opening(datasets, held, found)

    def stop(_text: str, _share: float) -> None:
        raise KeyboardInterrupt

    try:
        with pytest.raises(KeyboardInterrupt):
            datasets.dataset("mnist", stop)
    finally:
        held.go_on.set()
        first.join(deadline())
    assert datasets.holds("mnist")


def test_where_the_first_session_is_stopped_the_next_one_opens_the_set(local: Settings) -> None:
    datasets = OpenDatasets(local)

    def stop(_text: str, _share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        datasets.dataset("mnist", stop)
    assert datasets.dataset("mnist", silent).name == "mnist"
    assert datasets.dataset("mnist", stop) is datasets.dataset("mnist", silent)


@pytest.mark.on_postgresql
def test_a_set_that_another_machine_has_made_anew_is_opened_anew(settings: Settings, small: SmallSet) -> None:
    other = replace(settings, home=settings.home.with_name("other"))
    made = Dataset(name="mine", train=small.train, test=small.test, origin="there")
    first = named_sets.save(other, "mine", made)
    datasets = OpenDatasets(settings)
    assert "mine" in datasets.names()
    assert datasets.dataset("mine", silent).sha256 == first.sha256
    assert "mine" in datasets.names()
    assert datasets.holds("mine")
    named_sets.delete(other, "mine")
    second = named_sets.save(other, "mine", replace(made, train=small.test))
    assert "mine" in datasets.names()
    assert not datasets.holds("mine")
    assert datasets.dataset("mine", silent).sha256 == second.sha256 != first.sha256
