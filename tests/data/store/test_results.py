"""Results that were found once: where they stand, what is read of them, and that the oldest leave."""

import os

import pytest

from mnist_dash.data.store import results
from mnist_dash.data.store.results import ResultKind, find_result_file, read_result
from mnist_dash.settings import Settings


@pytest.mark.parametrize("kind", list(ResultKind))
def test_a_result_stands_in_the_home_under_its_key(settings: Settings, kind: ResultKind) -> None:
    path = find_result_file(settings, kind, "0123")
    assert path == settings.home / kind / "0123.npz"
    assert read_result(path) is None
    path.write_bytes(b"found")
    assert read_result(path) == b"found"
    path.unlink()
    path.mkdir()
    assert read_result(path) is None


def test_the_oldest_results_leave_room_for_a_new_one(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "MOST", 3)
    for age, key in enumerate("abc"):
        path = find_result_file(settings, ResultKind.ANSWERS, key)
        path.write_bytes(b"found")
        os.utime(path, (1_000 + age, 1_000 + age))
    assert find_result_file(settings, ResultKind.ANSWERS, "a").exists()  # what is there pushes nothing out
    find_result_file(settings, ResultKind.ANSWERS, "d").write_bytes(b"found")
    left = sorted(file.stem for file in (settings.home / ResultKind.ANSWERS).iterdir())
    assert left == ["b", "c", "d"]
