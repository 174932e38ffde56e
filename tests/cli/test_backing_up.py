"""`backup` and `restore`, as a person calls them."""

import os
import sys
from pathlib import Path

import pytest

from mnist_dash.data.store.results import ResultKind, find_result_file
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import queue
from mnist_dash.settings import Settings
from mnist_dash.store.database import Database
from tests.awaiting import deadline
from tests.cli.conftest import Ask
from tests.conftest import Python

LIMITED = """
import resource, sys
from mnist_dash.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(main(sys.argv[2:]))
"""
"""A process whose files may grow so far and no farther, as on a full disk."""


@pytest.fixture
def saved(ask: Ask, database: Database, tmp_path: Path) -> Path:
    """A backup of a home with a run that waits."""
    queue.submit(database, RunSpec.of("dense_128", "mnist"))
    path = tmp_path / "home.zip"
    told = ask("backup", str(path), "--json").json
    assert told == {
        **{"file": str(path), "bytes": path.stat().st_size},
        **{"runs": 1, "active": 1, "own_digits": 0, "sets": 0},
    }
    return path


def test_a_backup_is_written_and_told_in_words(ask: Ask, saved: Path) -> None:
    answer = ask("backup", str(saved))
    assert answer.out.startswith(f"Written to {saved} (")
    assert answer.out.endswith("): 1 run (1 not ended), 0 own digits, 0 data sets of your own\n")


def test_a_home_is_restored_elsewhere(ask: Ask, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is no empty home: it has mnist-dash.db." in ask("restore", str(saved)).refusal
    monkeypatch.setenv("MNIST_DASH_HOME", str(tmp_path / "elsewhere"))
    said = ask("restore", str(saved)).out
    assert said.startswith(f"Restored to {tmp_path / 'elsewhere'}: 1 run (1 not ended), ")
    assert said.endswith(" Runs that were at work go on when the app is started, or `worker`.\n")
    assert [line["run"] for line in ask("runs", "--json").lines] == [1]


@pytest.mark.usefixtures("saved")
def test_what_cannot_be_saved_or_restored_is_refused_and_leaves_nothing(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "allowed is a .zip file" in ask("backup", str(tmp_path / "home.tar")).refusal
    assert "There is no folder" in ask("backup", str(tmp_path / "none" / "home.zip")).refusal
    monkeypatch.setenv("MNIST_DASH_HOME", str(tmp_path / "elsewhere"))
    assert "There is nothing to back up in " in ask("backup", str(tmp_path / "other.zip")).refusal
    assert (
        "other.zip cannot be read or written (No such file or directory)"
        in ask("restore", str(tmp_path / "other.zip")).refusal
    )
    assert "it is no ZIP" in ask("restore", __file__).refusal
    assert {path.name for path in tmp_path.iterdir()} == {"home", "home.zip"}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of files")
@pytest.mark.parametrize("limit", [60_000, 200_000])
def test_a_full_disk_is_told_and_an_older_backup_stays(
    settings: Settings, saved: Path, python: Python, tmp_path: Path, limit: int
) -> None:
    # What does not get smaller when it is packed: the copy of the database has room at the second limit alone.
    find_result_file(settings, ResultKind.MAP, "0" * 16).write_bytes(os.urandom(400_000))
    before = saved.read_bytes()
    child = python(LIMITED, str(limit), "backup", str(saved))
    _, said = child.communicate(timeout=deadline())
    assert child.returncode == 2
    assert b"Free space there" in said
    assert saved.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"home", "home.zip"}
