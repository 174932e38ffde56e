"""A real Ray cluster in a network that has loopback and nothing else: Ray listens on every interface, and runs code.

What uses it runs inside that network as well: `python -m tests.runs.engines.ray_scenario` in `ISOLATED`.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from tests.awaiting import deadline

ISOLATED = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
"""A network of its own, and processes that end with the first of them."""
TOKEN, ADDRESS = "f" * 32, "http://127.0.0.1:8265"
VARIABLES = {
    **{"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": TOKEN, "RAY_USAGE_STATS_ENABLED": "0"},
    # A node that has gone is noticed within two seconds.
    **{"RAY_health_check_period_ms": "500", "RAY_health_check_failure_threshold": "3"},
}


def find_reason() -> str | None:
    """Why there can be no such cluster here; None where there can."""
    if importlib.util.find_spec("ray") is None:
        return "Ray is not installed"
    if sys.platform != "linux" or shutil.which("unshare") is None or shutil.which("ip") is None:
        return "a network of its own is made with Linux' unshare and ip"
    made = subprocess.run([*ISOLATED, "ip", "link", "set", "lo", "up"], capture_output=True, check=False)
    return None if made.returncode == 0 else "a network of its own may not be made here"


class Cluster:
    """The head and other nodes of one core each; the caller's environment is the one that runs get."""

    def __init__(self, folder: Path, home: Path | None = None, *, bound: bool = False) -> None:
        """Without any; what they write goes into `folder`, whose name is short since sockets stand in it.

        In the place of `home` each has an empty folder of its own, as another machine has; None where all share one.
        Where they are `bound`, each computes on a core of its own: Ray counts what runs ask for, and holds none to it.
        """
        self.folder, self._home, self._nodes = folder, home, dict[str, "subprocess.Popen[bytes]"]()
        self._cores = sorted(os.sched_getaffinity(0)) if bound else []

    def start(self, name: str, number: int) -> None:
        """Start the head, which has the number 1, or another node; others find it before it is ready."""
        ports = [f"--dashboard-agent-listen-port={52364 + number}", "--disable-usage-stats"]
        head = ["--head", "--port=6379", "--dashboard-host=127.0.0.1", f"--temp-dir={self.folder}"]
        role = head if number == 1 else ["--address=127.0.0.1:6379"]
        has = ["--num-cpus=1", "--memory=2000000000", "--object-store-memory=80000000", f"--node-name={name}"]
        words = ["start", "--block", *role, f"--node-ip-address=127.0.0.{number}", *has, *ports]
        place = self._make_machine(name) if self._home else []
        core = ["taskset", "--cpu-list", str(self._cores[number - 1])] if self._cores else []
        with (self.folder / f"{name}.log").open("ab") as log:
            self._nodes[name] = subprocess.Popen(
                [*place, *core, str(Path(sys.executable).with_name("ray")), *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | VARIABLES,
            )

    def _make_machine(self, name: str) -> list[str]:
        own = self.folder / f"home-{name}"
        own.mkdir(exist_ok=True)
        return [
            "unshare",
            "--mount",
            "sh",
            "-c",
            'mount --bind "$0" "$1" && shift && exec "$@"',
            str(own),
            str(self._home),
        ]

    @property
    def names(self) -> tuple[str, ...]:
        """The nodes that were started and not killed."""
        return tuple(self._nodes)

    def kill(self, name: str) -> None:
        """Let all processes of a node die at this moment, the runs on it too: a machine that loses its power."""
        first = psutil.Process(self._nodes.pop(name).pid)
        gone = [first, *first.children(recursive=True)]
        for one in gone:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(gone, timeout=deadline())
