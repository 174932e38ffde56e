"""The table campaign in small: every file is read right or refused with the true reason."""

import pytest

from benchmarks import table_files
from mnist_dash.data.io import csv_rows
from mnist_dash.data.io.csv_labels import find_label


@pytest.mark.parametrize("seed", [1, 2])
def test_files_of_mixed_traits_are_read_right_or_refused_with_the_true_reason(seed: int) -> None:
    result = table_files.run(100, seed)
    assert result["first_faults"] == []
    assert result["read_right"] + result["refused"] == result["files"] == 100
    assert min(result["read_right"], result["refused"]) > 30


def test_several_processes_find_what_one_finds() -> None:
    alone, together = (table_files.run(40, 1, processes) for processes in (1, 2))
    varying = {"seconds": 0, "processes": 0}
    assert alone | varying == together | varying


def test_the_campaign_sees_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        csv_rows, "find_label", lambda path, columns, rows, kept: kept[0] or find_label(path, columns, rows, kept)
    )
    assert table_files.run(100, 1)["faults"]
