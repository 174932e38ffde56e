"""How quick a machine is, before and after its first run of some length."""

import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from mnist_dash.runs import pace, process
from mnist_dash.runs.estimate import measure_pace
from mnist_dash.runs.pace import awaits_first_pace, describe_duration, find_pace, note_first_pace, read_first_pace
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.recorder import RunRecorder
from mnist_dash.runs.records import Run
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.runs.conftest import an_epoch


def test_what_was_noted_last_counts_until_a_run_has_taken_some_time(
    settings: Settings, database: Database, run: Run, recorder: RunRecorder
) -> None:
    assert find_pace(settings, database) is None
    note_first_pace(settings, 2.5)
    note_first_pace(settings, 3.5)
    recorder.begin(54_000, 844)
    recorder.epoch(replace(an_epoch(1), seconds=1.0), b"")
    assert find_pace(settings, database) == 3.5
    recorder.epoch(replace(an_epoch(2), seconds=60.0), b"")
    measured = measure_pace([run_of(database, run.id)])
    assert measured not in (None, 3.5)
    assert find_pace(settings, database) == measured


def test_where_it_could_not_be_told_nobody_waits_for_it(settings: Settings) -> None:
    assert awaits_first_pace(settings)
    note_first_pace(settings, None)
    assert read_first_pace(settings) is None
    assert not awaits_first_pace(settings)


def test_what_is_estimated_for_another_machine_is_told_so() -> None:
    assert describe_duration(90.0, 2.0) == "1:30 min"
    assert describe_duration(90.0, None) == "1:30 min (not timed yet)"


@pytest.mark.parametrize("words", ["", "quick", "-1.0", "0", "nan", "inf", "1e9", "½"])
def test_what_is_no_pace_is_none(settings: Settings, words: str) -> None:
    process.first_pace(settings).write_text(words, "utf-8")
    assert read_first_pace(settings) is None


def test_on_a_full_disk_what_was_there_stays(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    note_first_pace(settings, 2.5)

    def refuse(_: Path) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pace, "whole", refuse)
    note_first_pace(settings, 3.5)
    assert read_first_pace(settings) == 2.5
