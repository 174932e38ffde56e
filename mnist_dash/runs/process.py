"""Processes: how they are started, and how one knows that they live. All that differs by platform stands here."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from mnist_dash.place import IS_INSTALLED, PACKAGE
from mnist_dash.settings import Settings
from mnist_dash.users import LOCAL, User


def make_command(*arguments: str, user: User = LOCAL) -> list[str]:
    """The program's own command line, in this Python; what a command makes for somebody who signs in is theirs."""
    whose = [f"--account={user.account}", f"--owner={user.name}"] if user.account else []
    return [sys.executable, "-m", "mnist_dash", *arguments, *whose]


def make_environment() -> dict[str, str]:
    """This process' environment, in which the package is found from any folder, and nothing of that folder is run."""
    # Python would look for modules in the folder where it is started first: a statistics.py there would end a run.
    environ = {**os.environ, "PYTHONSAFEPATH": "1"}
    if IS_INSTALLED:
        return environ
    return environ | {"PYTHONPATH": os.pathsep.join(filter(None, [str(PACKAGE.parent), os.environ.get("PYTHONPATH")]))}


def start(arguments: list[str], log: Path, *, detached: bool = False, told: bool = False) -> subprocess.Popen[bytes]:
    """Start a process that writes to `log`; a detached one outlives the process that started it.

    One that is `told` something reads it from its standard input, which ends with the process that started it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE if told else subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=make_environment(),
            creationflags=_detached_flags() if detached else 0,
            start_new_session=detached,
        )


def _detached_flags() -> int:
    if sys.platform == "win32":
        return subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    return 0


def turn_to(log: Path, said: Path) -> None:
    """Let this process write to `log`, with what it has `said` so far, and hear nothing more: as if started so."""
    sys.stdout.flush()
    sys.stderr.flush()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out, Path(os.devnull).open("rb") as nothing:
        if said.exists():
            out.write(said.read_bytes())
            out.flush()
        for stream in (1, 2):
            os.dup2(out.fileno(), stream)
        os.dup2(nothing.fileno(), 0)


def read_memory() -> int:
    """Bytes of memory that this machine, or the container around this process, has."""
    whole: int = psutil.virtual_memory().total
    limit = _read_limit()
    return whole if limit is None else min(whole, limit)


def read_free_memory() -> int:
    """Bytes of memory that are there to be taken, on this machine and in the container around this process."""
    free: int = psutil.virtual_memory().available
    limit = _read_limit()
    if limit is None:
        return free
    kept = dict(line.split() for line in (_CGROUP / "memory.stat").read_text("ascii").splitlines())
    # Files that were read stay in memory as long as nobody wants it.
    taken = int((_CGROUP / "memory.current").read_text("ascii")) - int(kept.get("inactive_file", 0))
    return min(free, limit - taken)


def _read_limit() -> int | None:
    try:
        limit = (_CGROUP / "memory.max").read_text("ascii").strip()
    except OSError:
        return None
    return int(limit) if limit.isdecimal() else None


_CGROUP = Path("/sys/fs/cgroup")
"""Where Linux tells the limits of a container; psutil knows the machine alone."""


def supervisor_lock(settings: Settings) -> FileLock:
    """Held by this home's supervisor for as long as it lives; the system frees it when the process dies."""
    return _lock(settings, "supervisor")


def supervisor_start(settings: Settings) -> Path:
    """The file whose time of change says when a supervisor was last started."""
    return _locks(settings) / "supervisor.started"


def announced_run(settings: Settings) -> Path:
    """The file whose time of change says when somebody last was about to start a run."""
    return _locks(settings) / "run.announced"


def first_pace(settings: Settings) -> Path:
    """The file in which a process that has got ready for a run says how quick this machine was."""
    return _locks(settings) / "first.pace"


def cluster_state(settings: Settings) -> Path:
    """The file in which this home's supervisor says how it stands with the cluster that does its runs."""
    return _locks(settings) / "cluster.json"


def run_lock(settings: Settings, run_id: int) -> FileLock:
    """Held by the process of a run for as long as it lives."""
    return _lock(settings, f"run-{run_id}")


def sweep_lock(settings: Settings, sweep_id: int) -> FileLock:
    """Held by the process that looks after a sweep for as long as it lives."""
    return _lock(settings, f"sweep-{sweep_id}")


def is_held(lock: FileLock) -> bool:
    """Whether another process holds the lock now."""
    try:
        with lock.acquire(blocking=False):
            return False
    except Timeout:
        return True


def run_log(settings: Settings, run_id: int) -> Path:
    """What the process of a run printed."""
    return settings.home / "logs" / f"run-{run_id}.log"


def sweep_log(settings: Settings, sweep_id: int) -> Path:
    """What the process that looks after a sweep printed."""
    return settings.home / "logs" / f"sweep-{sweep_id}.log"


def spare_log(settings: Settings) -> Path:
    """What the process that is kept ready printed, until it is told its run."""
    return settings.home / "logs" / "spare.log"


def supervisor_log(settings: Settings) -> Path:
    """What the supervisor printed."""
    return settings.home / "logs" / "supervisor.log"


def _lock(settings: Settings, name: str) -> FileLock:
    return FileLock(_locks(settings) / f"{name}.lock")


def _locks(settings: Settings) -> Path:
    folder = settings.home / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
