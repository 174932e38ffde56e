"""Processes are known to live by the locks that they hold, and the detached ones outlive whoever started them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from mnist_dash.place import PACKAGE
from mnist_dash.runs import process
from mnist_dash.settings import Settings
from tests.awaiting import deadline, until
from tests.conftest import Python

HOLD = """
import sys
from pathlib import Path
from mnist_dash.runs import process
from mnist_dash.settings import Settings
with process.run_lock(Settings(home=Path(sys.argv[1])), 7):
    print("held", flush=True)
    sys.stdin.readline()
print("freed", flush=True)
sys.stdin.readline()
"""
START_AND_DIE = """
import sys
from pathlib import Path
from mnist_dash.runs import process
waiting = [sys.executable, "-c", "import sys, threading; print('alive', flush=True); threading.Event().wait(60)"]
child = process.start(waiting, Path(sys.argv[1]), detached=True)
print(child.pid, flush=True)
import os; os._exit(0)
"""


TURN = """
import os, sys
from pathlib import Path
from mnist_dash.runs import process
print("early")
os.write(2, b"complained\\n")
process.turn_to(Path(sys.argv[1]), Path(sys.argv[2]))
print("late", sys.stdin.buffer.raw.read() == b"", flush=True)
os.write(2, b"complained again\\n")
"""


def _held(settings: Settings) -> bool:
    return process.is_held(process.run_lock(settings, 7))


def test_a_lock_is_held_as_long_as_its_process_holds_it(settings: Settings, python: Python) -> None:
    assert not _held(settings)
    holder = python(HOLD, str(settings.home))
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == b"held\n"
    assert _held(settings)
    assert not process.is_held(process.run_lock(settings, 8))
    assert not process.is_held(process.supervisor_lock(settings))
    holder.stdin.write(b"\n")
    holder.stdin.flush()
    assert holder.stdout.readline() == b"freed\n"
    assert not _held(settings)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_the_lock_of_a_killed_process_is_free(settings: Settings, python: Python) -> None:
    holder = python(HOLD, str(settings.home))
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    holder.send_signal(signal.SIGKILL)
    holder.wait(deadline())
    assert not _held(settings)


def test_asking_does_not_keep_the_lock(settings: Settings) -> None:
    assert not _held(settings)
    with process.run_lock(settings, 7).acquire(timeout=0):
        assert _held(settings)
    assert not _held(settings)


def test_locks_belong_to_a_home(settings: Settings, tmp_path: Path) -> None:
    with process.supervisor_lock(settings):
        assert process.is_held(process.supervisor_lock(settings))
        assert not process.is_held(process.supervisor_lock(Settings(home=tmp_path / "other")))


def test_a_detached_process_outlives_the_one_that_started_it(tmp_path: Path, python: Python) -> None:
    log = tmp_path / "logs" / "child.log"
    starter = python(START_AND_DIE, str(log))
    said, _ = starter.communicate(timeout=deadline())
    assert starter.returncode == 0
    child = psutil.Process(int(said))
    try:
        until(lambda: log.read_text() == "alive\n")
        assert child.is_running()
        if sys.platform != "win32":
            assert os.getsid(child.pid) == child.pid
    finally:
        child.kill()
        psutil.wait_procs([child], timeout=deadline())


def test_what_a_process_prints_is_appended_to_its_log(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "child.log"
    code = "import sys; print('said', flush=True); print('complained', file=sys.stderr)"
    for _ in range(2):
        assert process.start([sys.executable, "-c", code], log).wait(deadline()) == 0
    assert log.read_text().splitlines() == ["said", "complained"] * 2


def test_a_started_process_finds_the_package_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # Nothing of that folder is taken for a module of the program's or of Python's own.
    for name in ("mnist_dash.py", "statistics.py"):
        (tmp_path / name).write_text("raise ImportError")
    log = tmp_path / "child.log"
    assert process.start(process.make_command("--help"), log).wait(deadline()) == 0
    assert "predict" in log.read_text()


def test_the_environment_keeps_other_search_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    assert process.make_environment()["PYTHONPATH"].split(os.pathsep) == [str(PACKAGE.parent), "elsewhere"]


@pytest.mark.slow
def test_the_command_line_is_this_pythons_own(settings: Settings) -> None:
    done = subprocess.run(process.make_command("runs"), capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert done.stdout.startswith("No runs yet.")
    assert (settings.home / "mnist-dash.db").exists()


@pytest.mark.parametrize("kept", [True, False])
def test_a_process_turns_to_another_log_and_hears_nothing_more(tmp_path: Path, kept: bool) -> None:
    said, log = tmp_path / "said.log", tmp_path / "logs" / "run.log"
    child = process.start(
        [sys.executable, "-c", TURN, str(log), str(said if kept else tmp_path / "gone")], said, told=True
    )
    assert child.stdin is not None
    assert child.wait(deadline()) == 0
    child.stdin.close()
    assert sorted(said.read_text().splitlines()) == ["complained", "early"]
    last = ["late True", "complained again"]
    assert sorted(log.read_text().splitlines()) == sorted(["early", "complained", *last] if kept else last)


def test_what_is_told_ends_where_the_one_who_tells_ends(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    words = [sys.executable, "-c", "import sys; print(sys.stdin.read())"]
    child = process.start(words, log, told=True)
    assert child.stdin is not None
    child.stdin.write(b"a run")
    child.stdin.close()
    assert child.wait(deadline()) == 0
    assert log.read_text() == "a run\n"
    assert process.start(words, log).wait(deadline()) == 0
    assert log.read_text() == "a run\n\n"


def test_the_free_memory_is_the_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_CGROUP", tmp_path)
    memory = psutil.virtual_memory()
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    for limit in (None, "max"):
        if limit:
            (tmp_path / "memory.max").write_text(f"{limit}\n")
        assert (process.read_memory(), process.read_free_memory()) == (memory.total, memory.available)


def test_the_free_memory_is_what_a_container_may_still_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_CGROUP", tmp_path)
    (tmp_path / "memory.max").write_text("5000\n")
    (tmp_path / "memory.current").write_text("3000\n")
    (tmp_path / "memory.stat").write_text("anon 2000\nfile 1000\ninactive_file 900\n")
    assert (process.read_memory(), process.read_free_memory()) == (5000, 2900)
