"""Runs on a Ray cluster: each attempt is a Ray Job, its command the one that this machine would start.

Ray says who lives: a job fails as soon as its process or its node is gone. Ray does not start it again: the supervisor
does, as another attempt. The id of a job follows from the run and the attempt, so that a supervisor that was started
anew finds its jobs, and none is submitted twice.
"""

import hashlib
import shlex
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from mnist_dash.errors import EngineError
from mnist_dash.runs import process
from mnist_dash.runs.deaths import explain_end
from mnist_dash.runs.engines.cluster import ClusterState, write_state
from mnist_dash.runs.engines.ray_jobs import PENDING, RUNNING, STOPPED, Job, Node, RayJobs
from mnist_dash.runs.outputs import cut_output
from mnist_dash.runs.records import Run
from mnist_dash.settings import Settings

CORES, MEMORY = 1, 1_000_000_000
"""What a run takes on its node: a core, and bytes."""
PACE = 1.0
"""Seconds between two questions about the same."""
SOON = 5.0
"""Seconds in which a job begins where a core is free; one that takes longer is said to wait."""
REST = 5.0
"""Seconds for which a cluster that does not answer is not asked again."""
T = TypeVar("T")


class RayEngine:
    """Submits runs to the cluster at `address`, as many at once as its nodes and the slots have room for."""

    def __init__(self, settings: Settings, address: str) -> None:
        """Ask nothing yet."""
        self._settings, self._jobs = settings, RayJobs(address)
        self._unsent: set[str] = set()
        """What was claimed for the cluster, and may not have reached it."""
        self._seen: dict[str, tuple[float, Job | None]] = {}
        self._pending: dict[str, float] = {}
        """Since when a job has been known to wait."""
        self._nodes: tuple[float, list[Node]] = float("-inf"), []
        self._trouble: str | None = None
        self._rest_until, self._at_work = float("-inf"), False
        self._written: ClusterState | None = None

    def start(self, run: Run) -> None:
        """Submit its job, now or as soon as the cluster answers."""
        self._unsent.add(name_job(run))
        self._at_work = True
        self._submit(run)

    def explain_death(self, run: Run) -> str | None:
        """What the cluster says of its job's end; None where the job waits, works, or the cluster does not answer."""
        name = name_job(run)
        if name in self._unsent:
            self._submit(run)
            return None
        if not self._look(name):
            return None
        job = self._seen[name][1]
        if job is None:
            return "The cluster knows nothing of its job: its head was started anew."
        if job.status in (PENDING, RUNNING):
            return None
        if job.found_no_place:
            # It has not begun, so it is the same attempt still.
            if self._try(lambda: self._jobs.forget(name)) is not None:
                self.start(run)
            return None
        if job.status == STOPPED:
            return "Its job was stopped on the cluster."
        if job.code is not None:
            return explain_end(job.code, self.read_output(run))
        told = " ".join(job.message.partition(". ")[0].split())[:200]
        return f"Its node was lost, or Ray ended its job ({told})."

    def read_output(self, run: Run) -> str:
        """What its job printed; nothing where nobody saw its process end: a node that is lost would be waited for."""
        _, job = self._seen.get(name_job(run), (0.0, None))
        if job is None or job.code is None:
            return ""
        try:
            return cut_output(self._jobs.read_logs(name_job(run)))
        except EngineError:
            return ""

    def withdraw(self, run: Run) -> bool:
        """Give up its place where its job has not begun; should it begin nevertheless, it finds the run stopped."""
        name = name_job(run)
        if name in self._unsent:
            self._unsent.discard(name)
            return True
        _, job = self._seen.get(name, (0.0, None))
        if job is None or job.status != PENDING:
            return False
        return self._try(lambda: self._jobs.stop(name)) is not None

    def count_room(self, living: Sequence[Run]) -> int:
        """The cores and slots that no run has; a paused one that waits in memory keeps its own."""
        self._at_work = bool(living)
        asked, nodes = self._nodes
        if time.monotonic() - asked >= PACE:
            found = self._try(self._jobs.list_nodes)
            if found is None:
                return 0
            nodes = found[0]
            self._nodes = time.monotonic(), nodes
        return 0 if self._trouble else min(self._settings.slots, _count_places(nodes)) - len(living)

    def prepare(self, living: Sequence[Run]) -> None:
        """Write down how it stands; a cluster has no process ready."""
        names = {name_job(run): run.id for run in living}
        self._seen = {name: seen for name, seen in self._seen.items() if name in names}
        pending = [name for name, (_, job) in self._seen.items() if job and job.status == PENDING]
        now = time.monotonic()
        self._pending = {name: self._pending.get(name, now) for name in pending}
        waiting = [names[name] for name, since in self._pending.items() if now - since >= SOON]
        nodes = self._nodes[1]
        state = ClusterState(
            self._trouble, tuple(node.name for node in nodes), _count_places(nodes), tuple(sorted(waiting))
        )
        if state != self._written:
            write_state(self._settings, state)
            self._written = state

    def is_at_work(self) -> bool:
        """Whether any run lived at the last look."""
        return self._at_work

    def measure_silence(self) -> float:
        """No process is kept ready for anybody."""
        return float("inf")

    def end(self) -> None:
        """Nothing was made ready."""

    def _submit(self, run: Run) -> None:
        name = name_job(run)
        line = write_entrypoint(self._settings, run)
        if self._try(lambda: self._jobs.submit(name, line, CORES, MEMORY)) is not None:
            self._unsent.discard(name)
            # Young enough not to be asked for at once, and waiting until it is heard of.
            self._seen[name] = time.monotonic(), Job(PENDING, "", None, found_no_place=False)

    def _look(self, name: str) -> bool:
        """Know what the cluster says of a job now; false where it does not answer."""
        asked, _ = self._seen.get(name, (float("-inf"), None))
        if time.monotonic() - asked < PACE:
            return True
        found = self._try(lambda: self._jobs.find(name))
        if found is not None:
            self._seen[name] = time.monotonic(), found[0]
        return found is not None

    def _try(self, ask: Callable[[], T]) -> tuple[T] | None:
        """What the cluster answers; None where it does not, which is kept as its trouble."""
        if time.monotonic() < self._rest_until:
            return None
        try:
            answer = (ask(),)
        except EngineError as e:
            self._trouble, self._rest_until = str(e), time.monotonic() + REST
            return None
        self._trouble = None
        return answer


def name_job(run: Run) -> str:
    """The submission id of a run's attempt; with the moment of its creation, since other homes have runs as well."""
    whose = hashlib.sha256(repr(run.created).encode()).hexdigest()[:12]
    return f"mnist-dash-{whose}-run-{run.id}-attempt-{run.attempt}"


def write_entrypoint(settings: Settings, run: Run) -> str:
    """The line that a node's shell runs: the local command, with the settings that say where everything stands.

    The database is not among them: its address may hold a password, and clusters show what they were told. Nodes know
    it from the administrator who has started them.
    """
    environ = {
        "MNIST_DASH_HOME": settings.home,
        "MNIST_DASH_DATA": settings.data,
        "MNIST_DASH_STROKES": settings.strokes,
        "MNIST_DASH_OFFLINE": "1" if settings.offline else None,
        "MNIST_DASH_ENGINE": settings.engine,
    }
    paths = {name: value for name, value in process.make_environment().items() if name.startswith("PYTHON")}
    told = [f"{name}={value}" for name, value in {**environ, **paths}.items() if value is not None]
    line = ["env", *told, *process.make_command("run", str(run.id), "--attempt", str(run.attempt))]
    return f"exec {shlex.join(line)}"


def _count_places(nodes: Sequence[Node]) -> int:
    """How many runs find a place on these nodes at once."""
    return sum(min(node.cores // CORES, node.memory // MEMORY) for node in nodes)
