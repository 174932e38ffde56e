"""Optdigits come with the program, under their licence, and are a set like any other."""

from dataclasses import replace
from importlib import resources

import numpy as np
import pytest

from mnist_dash.data.dataset import Dataset
from mnist_dash.data.store import catalog, named_sets, other_hands
from mnist_dash.errors import DataError
from mnist_dash.settings import Settings
from tests.data.samples import SmallSet


def test_they_are_opened_by_their_name_and_need_no_home(settings: Settings) -> None:
    assert catalog.is_ready(settings, "optdigits")
    found = catalog.open_dataset(settings, "optdigits")
    assert (len(found.train), len(found.test), found.name, found.official) == (1_934, 1_797, "optdigits", False)
    assert found.notice is None
    assert "CC BY 4.0" in found.origin
    assert set(found.sha256) == {"train_images", "train_labels", "test_images", "test_labels"}
    assert np.bincount(found.test.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert not found.test.images.flags.writeable
    assert not settings.home.exists()


def test_ink_is_light_and_lies_as_in_mnist(settings: Settings) -> None:
    images = catalog.open_dataset(settings, "optdigits").test.images
    ink = images.sum(axis=0, dtype=np.float64)
    rows, columns = np.mgrid[:28, :28]
    assert 13 < (ink * rows).sum() / ink.sum() < 15
    assert 13 < (ink * columns).sum() / ink.sum() < 15
    assert images.max() == 255
    assert images[:, 0].mean() < 1 < ink.sum() / images.size


def test_the_notice_names_authors_licence_and_changes() -> None:
    folder = resources.files("mnist_dash.data.store") / "files"
    notice = folder.joinpath("optdigits_NOTICE.txt").read_text("utf-8")
    for words in ("Alpaydin", "Kaynak", "10.24432/C50P49", "creativecommons.org/licenses/by/4.0", "Changed:"):
        assert words in notice
    assert folder.joinpath(other_hands.FILE).is_file()


def test_they_are_written_by_people_and_generated_digits_are_not(settings: Settings, small: SmallSet) -> None:
    named_sets.save(settings, "mine", Dataset("mine", small.train, small.test, "people"))
    # MNIST is not at hand here.
    assert catalog.list_written(settings) == ("optdigits", "mine")


def test_a_set_that_somebody_had_called_so_before_stays_theirs(
    settings: Settings, small: SmallSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = Dataset("mine", small.train, small.test, "their own")
    with monkeypatch.context() as before:
        before.setattr(named_sets, "TAKEN", ("mnist", "generated"))
        named_sets.save(settings, "optdigits", theirs)
    assert catalog.names(settings) == ("mnist", "generated", "optdigits")
    assert catalog.open_dataset(settings, "optdigits").origin == "their own"
    with pytest.raises(DataError, match="already a data set 'optdigits'"):
        named_sets.save(settings, "optdigits", replace(theirs, origin="another"))
