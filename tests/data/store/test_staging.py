"""What was read waits under a token until it is named or thrown away, and no longer than a day."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from mnist_dash.data.generator.writers import generate
from mnist_dash.data.io.export import write
from mnist_dash.data.io.normalising import Fit, Polarity
from mnist_dash.data.io.sources import ReadingOptions
from mnist_dash.data.store import named_sets
from mnist_dash.data.store.staging import accept, discard, open_staged, stage
from mnist_dash.errors import DataError, SettingsError
from mnist_dash.settings import Settings

DIGITS = generate(140, 0)


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Digits as CSV."""
    write(tmp_path / "mine.csv", DIGITS)
    return tmp_path / "mine.csv"


def waiting(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.home / "incoming").iterdir())


def test_what_was_read_is_shown_and_becomes_a_set_with_a_name(settings: Settings, rows: Path) -> None:
    shares: list[float] = []
    token = stage(settings, [rows], progress=lambda _text, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1
    understood = open_staged(settings, token)
    assert (understood.format, understood.polarity, understood.fit) == ("CSV", Polarity.INK_IS_LIGHT, Fit.AS_IS)
    assert (understood.sizes, understood.missing, understood.left_out, understood.reasons) == ("28×28", (), 0, ())
    assert len(understood.dataset.train) == 120
    assert named_sets.names(settings) == ()

    dataset = accept(settings, token, "mine")
    assert (dataset.name, dataset.origin, len(dataset.test)) == ("mine", "mine.csv", 20)
    assert dataset.notice is not None
    assert dataset.sha256.keys() == {"train_images", "train_labels", "test_images", "test_labels"}
    assert np.array_equal(named_sets.open_set(settings, "mine").train.images, understood.dataset.train.images)
    assert waiting(settings) == []
    with pytest.raises(DataError, match="not there any more"):
        accept(settings, token, "again")


def test_options_are_followed_and_remembered(settings: Settings, rows: Path) -> None:
    token = stage(settings, [rows], ReadingOptions(Polarity.INK_IS_DARK, Fit.CENTRE))
    understood = open_staged(settings, token)
    assert (understood.polarity, understood.fit) == (Polarity.INK_IS_DARK, Fit.CENTRE)


def test_a_name_that_is_taken_leaves_what_was_read_waiting(settings: Settings, rows: Path) -> None:
    first, second = stage(settings, [rows]), stage(settings, [rows])
    accept(settings, first, "mine")
    for name in ("mine", "mnist", "../x"):
        with pytest.raises(DataError):
            accept(settings, second, name)
    assert accept(settings, second, "mine-2").name == "mine-2"


def test_what_was_read_can_be_thrown_away(settings: Settings, rows: Path) -> None:
    token = stage(settings, [rows])
    for _ in range(2):
        discard(settings, token)
    assert waiting(settings) == []
    with pytest.raises(DataError, match=r"is kept for a day\. Import the files again"):
        open_staged(settings, token)


@pytest.mark.parametrize("token", ["", "..", "../sets/mine", "A" * 32, "a" * 31])
def test_a_token_names_nothing_else(settings: Settings, rows: Path, token: str) -> None:
    accept(settings, stage(settings, [rows]), "mine")
    for act in (open_staged, discard):
        with pytest.raises(DataError, match="names nothing that was read"):
            act(settings, token)
    assert named_sets.names(settings) == ("mine",)


def test_what_nobody_came_back_for_goes_after_a_day(settings: Settings, rows: Path) -> None:
    old, young = stage(settings, [rows]), stage(settings, [rows])
    left = settings.home / "incoming" / f"{'a' * 32}.part"
    left.mkdir()
    for name, hours in ((old, 25), (young, 23), (left.name, 25)):
        then = time.time() - hours * 3600
        os.utime(settings.home / "incoming" / name, (then, then))
    latest = stage(settings, [rows])
    assert waiting(settings) == sorted([young, latest])


@pytest.mark.parametrize("error", [KeyboardInterrupt(), DataError("no")])
@pytest.mark.parametrize("share", [0.0, 0.9])
def test_an_import_that_is_stopped_leaves_nothing(
    settings: Settings, rows: Path, error: BaseException, share: float
) -> None:
    def stop(_text: str, done: float) -> None:
        if done >= share:
            raise error

    with pytest.raises(type(error)):
        stage(settings, [rows], progress=stop)
    assert waiting(settings) == []


def test_broken_files_leave_nothing(settings: Settings, rows: Path) -> None:
    with rows.open("a") as stream:
        stream.write("1,2,3\n")
    with pytest.raises(DataError, match="Line 142"):
        stage(settings, [rows])
    assert waiting(settings) == []


def test_a_home_that_cannot_be_written_is_told(settings: Settings, rows: Path) -> None:
    settings.home.write_text("")
    with pytest.raises(SettingsError, match="cannot be written"):
        stage(settings, [rows])


def test_a_damaged_staging_is_not_there_any_more(settings: Settings, rows: Path) -> None:
    token = stage(settings, [rows])
    (settings.home / "incoming" / token / "understood.json").write_text("{")
    with pytest.raises(DataError, match="not there any more"):
        accept(settings, token, "mine")
    assert named_sets.names(settings) == ()
